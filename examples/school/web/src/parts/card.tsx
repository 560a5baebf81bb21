import { Card as PlainCard } from "example-kit/web/parts/card.tsx";
import type { CardProps as PlainCardProps } from "example-kit/web/parts/card.tsx";
import type { ReactNode } from "react";

export interface CardProps extends Omit<PlainCardProps, "className"> {
  /** Columns of the board's twelve. */
  readonly span?: 4 | 5 | 6 | 7 | 8 | 12;
  /** Whether it stands beside two others. */
  readonly isTall?: boolean;
}

/** One subject of a dashboard. */
export function Card({ span = 12, isTall = false, ...card }: CardProps) {
  return <PlainCard {...card} className={`span-${span} ${isTall ? "tall" : ""}`} />;
}

export function Tiles({ children }: { children: ReactNode }) {
  return (
    <section className="tiles span-12" aria-label="Key figures">
      {children}
    </section>
  );
}
