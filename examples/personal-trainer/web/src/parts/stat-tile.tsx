import { Tile } from "example-kit/web/parts/tile.tsx";
import type { TileProps } from "example-kit/web/parts/tile.tsx";
import type { AnimationEvent } from "react";
import { useUpdated } from "./use-updated.ts";

export interface StatTileProps extends Pick<TileProps, "icon" | "label" | "value" | "format" | "note"> {
  /** Names the tile for tests and styles. */
  readonly kind: string;
}

/** A figure that says when it has become another: it runs there, and its tile has the class `stat-updated` for a moment. */
export function StatTile({ kind, ...tile }: StatTileProps) {
  const [updated, calm] = useUpdated(tile.value);
  return (
    <Tile
      {...tile}
      name={kind}
      className={`tile-${kind}${updated ? " stat-updated" : ""}`}
      onAnimationEnd={(event: AnimationEvent) => event.target === event.currentTarget && calm()}
    />
  );
}
