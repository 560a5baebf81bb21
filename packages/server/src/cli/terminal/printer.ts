import type { CliParts, Given } from "../cli-parts.ts";
import { createPalette, harmless, hasColours } from "./paint.ts";
import type { Palette } from "./paint.ts";
import { widthOf } from "./screen.ts";
import { table } from "./table.ts";
import type { Cell, Column } from "./table.ts";

/** Prints the result of a command. */
export interface Printer extends Palette {
  /** Whether the result is one JSON document, and nothing else. */
  readonly isJson: boolean;
  readonly width: number | undefined;
  /** Prints a document as one line of JSON. */
  json(document: unknown): void;
  line(text?: string): void;
  table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): void;
  /** A title with an empty line before it. */
  title(text: string): void;
  /** Makes a text that came from elsewhere fit to be shown. */
  readonly safe: (text: string) => string;
}

/** Makes the printer of one command. */
export function createPrinter({ out, env }: CliParts, { options }: Given): Printer {
  const isJson = options["json"] === true;
  const palette = createPalette(!isJson && hasColours(out, env));
  const width = widthOf(out);
  return {
    ...palette,
    isJson,
    width,
    safe: harmless,
    json: (document) => void out.write(`${JSON.stringify(document)}\n`),
    line: (text = "") => void out.write(`${text}\n`),
    table: (columns, rows) => void out.write(table(columns, rows, { width, heading: palette.dim })),
    title: (text) => void out.write(`\n${palette.bold(text)}\n`),
  };
}
