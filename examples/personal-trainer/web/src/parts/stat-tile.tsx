import { Figure } from "example-kit/web/parts/figure.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import type { IconName } from "example-kit/web/parts/icon.tsx";
import type { AnimationEvent } from "react";
import { useUpdated } from "./use-updated.ts";

export interface StatTileProps {
  /** Names the tile for tests and styles. */
  readonly kind: string;
  readonly icon: IconName;
  readonly label: string;
  readonly value: number;
  readonly format?: (value: number) => string;
  /** Below the figure: what to compare it with. */
  readonly note?: string;
}

/** A figure that says when it has become another: it runs there, and its tile has the class `stat-updated` for a moment. */
export function StatTile({ kind, icon, label, value, note, ...format }: StatTileProps) {
  const [updated, calm] = useUpdated(value);
  return (
    <div
      className={`stat stat-${kind}${updated ? " stat-updated" : ""}`}
      data-stat={kind}
      onAnimationEnd={(event: AnimationEvent) => event.target === event.currentTarget && calm()}
    >
      <span className="stat-icon">
        <Icon name={icon} />
      </span>
      <span className="stat-label">{label}</span>
      <strong className="stat-value">
        <Figure value={value} {...format} />
      </strong>
      {note && <span className="stat-note">{note}</span>}
    </div>
  );
}
