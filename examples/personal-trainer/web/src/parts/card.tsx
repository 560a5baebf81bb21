import type { ReactNode } from "react";
import type { Source } from "../sourced.tsx";
import { SourceChip } from "./source-chip.tsx";

export interface CardProps {
  readonly title: string;
  readonly className?: string;
  readonly source?: Source;
  /** Stands beside the title. */
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page with a heading, and a mark of where its content came from. */
export function Card({ title, className = "", source, action, children }: CardProps) {
  return (
    <section className={`card ${className}`}>
      <header className="card-head">
        <h2>{title}</h2>
        {source && <SourceChip source={source} />}
        {action}
      </header>
      {children}
    </section>
  );
}
