import { harmless } from "./paint.ts";
import type { Paint } from "./paint.ts";

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "right";
  /** Gives up room where the screen is narrow. */
  readonly shrinks?: boolean;
}

/** What stands in one place of a table; a text may have a colour. */
export type Cell = string | number | { readonly text: string; readonly paint: Paint };

const GAP = 2;
const NARROWEST = 8;

/** Lays rows out in columns, below their titles if there are any. On a screen with a width lines are as long as that at most, as far as columns may shrink. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  around: { readonly width: number | undefined; readonly heading: Paint },
): string {
  const titles = columns.map(({ title }) => ({ text: title, paint: around.heading }));
  const lines = columns.every(({ title }) => title === "") ? rows : [titles, ...rows];
  const widths = fit(columns, widthsOf(columns, lines), around.width);
  return lines
    .map((line) =>
      columns
        .map((column, index) =>
          laid(line[index] ?? "", { column, width: widths[index]!, isLast: index === columns.length - 1 }),
        )
        .join(" ".repeat(GAP))
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function widthsOf(columns: readonly Column[], lines: readonly (readonly Cell[])[]): number[] {
  return columns.map((_, index) => Math.max(0, ...lines.map((line) => lengthOf(textOf(line[index] ?? "")))));
}

/** Takes what is too much from the widest of those that may shrink. */
function fit(columns: readonly Column[], widths: number[], most: number | undefined): number[] {
  const fitted = [...widths];
  if (most === undefined) return fitted;
  let over = fitted.reduce((sum, width) => sum + width + GAP, -GAP) - most;
  while (over > 0) {
    const able = columns.flatMap((column, index) =>
      column.shrinks && fitted[index]! > NARROWEST ? [index] : [],
    );
    if (able.length === 0) break;
    const widest = able.reduce((best, index) => (fitted[index]! > fitted[best]! ? index : best));
    fitted[widest]!--;
    over--;
  }
  return fitted;
}

function laid(
  cell: Cell,
  { column, width, isLast }: { readonly column: Column; readonly width: number; readonly isLast: boolean },
): string {
  const text = cut(textOf(cell), width);
  const pad = " ".repeat(Math.max(0, width - lengthOf(text)));
  const painted = typeof cell === "object" ? cell.paint(text) : text;
  if (column.align === "right") return pad + painted;
  return isLast ? painted : painted + pad;
}

function textOf(cell: Cell): string {
  return typeof cell === "object" ? harmless(cell.text) : harmless(String(cell));
}

/** Cuts a text to so many signs, and shows that it was. */
export function cut(text: string, most: number): string {
  const signs = [...text];
  return signs.length <= most ? text : `${signs.slice(0, Math.max(0, most - 1)).join("")}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
