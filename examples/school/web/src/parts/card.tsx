import { Figure } from "example-kit/web/parts/figure.tsx";
import { Icon } from "example-kit/web/parts/icon.tsx";
import type { IconName } from "example-kit/web/parts/icon.tsx";
import type { ReactNode } from "react";

export interface CardProps {
  readonly title: string;
  /** Columns of the board's twelve. */
  readonly span?: 4 | 5 | 6 | 7 | 8 | 12;
  /** Whether it stands beside two others. */
  readonly isTall?: boolean;
  /** Stands beside the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One subject of a dashboard. */
export function Card({ title, span = 12, isTall = false, aside, children }: CardProps) {
  return (
    <section className={`card span-${span} ${isTall ? "tall" : ""}`}>
      <header className="card-head">
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

export interface TileProps {
  readonly icon: IconName;
  readonly label: string;
  readonly value: number;
  readonly tone?: "good" | "warn" | "bad";
  readonly format?: (value: number) => string;
}

/** One figure of a dashboard, which runs to its new value when it changes. */
export function Tile({ icon, label, value, tone, ...format }: TileProps) {
  return (
    <div className={`tile ${tone ? `tile-${tone}` : ""}`} data-figure={label}>
      <span className="tile-icon">
        <Icon name={icon} />
      </span>
      <span className="tile-label">{label}</span>
      <strong className="tile-value">
        <Figure value={value} {...format} />
      </strong>
    </div>
  );
}

export function Tiles({ children }: { children: ReactNode }) {
  return (
    <section className="tiles span-12" aria-label="Key figures">
      {children}
    </section>
  );
}
