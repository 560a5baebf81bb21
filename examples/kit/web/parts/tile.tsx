import type { AnimationEventHandler } from "react";
import { Figure } from "./figure.tsx";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon.tsx";

export interface TileProps {
  /** Names the tile for tests. */
  readonly name?: string;
  readonly icon: IconName;
  readonly label: string;
  readonly value: number;
  readonly format?: (value: number) => string;
  /** Below the figure: what to compare it with. */
  readonly note?: string;
  readonly className?: string;
  readonly onAnimationEnd?: AnimationEventHandler;
}

/** One key figure, which runs to its new value when it changes. */
export function Tile({ name, icon, label, note, className = "", onAnimationEnd, ...figure }: TileProps) {
  return (
    <div className={`tile ${className}`} data-figure={name} {...(onAnimationEnd && { onAnimationEnd })}>
      <span className="tile-icon">
        <Icon name={icon} />
      </span>
      <span className="tile-label">{label}</span>
      <strong className="tile-value">
        <Figure {...figure} />
      </strong>
      {note && <span className="tile-note">{note}</span>}
    </div>
  );
}
