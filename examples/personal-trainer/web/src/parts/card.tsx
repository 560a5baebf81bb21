import { Card as PlainCard } from "example-kit/web/parts/card.tsx";
import type { CardProps as PlainCardProps } from "example-kit/web/parts/card.tsx";
import type { ReactNode } from "react";
import type { Source } from "../sourced.tsx";
import { SourceChip } from "./source-chip.tsx";

export interface CardProps extends Omit<PlainCardProps, "aside"> {
  readonly source?: Source;
  /** Stands beside the title. */
  readonly action?: ReactNode;
}

/** A part of a page with a heading, and a mark of where its content came from. */
export function Card({ source, action, ...card }: CardProps) {
  const aside = (
    <>
      {source && <SourceChip source={source} />}
      {action}
    </>
  );
  return <PlainCard {...card} aside={aside} />;
}
