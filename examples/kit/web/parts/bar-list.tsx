import type { ReactNode } from "react";
import { Figure } from "./figure.tsx";

export interface BarRow {
  readonly id: string;
  readonly label: ReactNode;
  readonly value: number;
}

/** Figures below each other, each with a bar as long as its share of the largest. */
export function BarList({ rows }: { rows: readonly BarRow[] }) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  return (
    <ul className="bars">
      {rows.map(({ id, label, value }) => (
        <li key={id}>
          <span className="bars-label">{label}</span>
          <span className="bars-value">
            <Figure value={value} />
          </span>
          <span className="bars-track" aria-hidden="true">
            <span className="bars-bar" style={{ inlineSize: `${(value / most) * 100}%` }} />
          </span>
        </li>
      ))}
    </ul>
  );
}
