import type { ReactNode } from "react";

export interface CardProps {
  readonly title: string;
  readonly className?: string;
  /** Stands beside the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One subject of a page, with its heading. */
export function Card({ title, className = "", aside, children }: CardProps) {
  return (
    <section className={`card ${className}`}>
      <header className="card-head">
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
