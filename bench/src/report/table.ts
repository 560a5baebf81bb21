import type { Figure } from "../measure/figure.ts";
import { readable, readableRatio } from "./results.ts";
import type { QuestionResult } from "./results.ts";

/** A table: a heading and rows of as many cells. The first column is a name, the others are numbers. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One table for each case of a question: a row for each contestant, two columns for each measure that has a ratio. */
export function tablesOf({
  figures,
  failures,
}: Pick<QuestionResult, "figures" | "failures">): readonly Table[] {
  const cases = [...new Set([...figures, ...failures].map((one) => one.case))];
  return cases.map((title) => {
    const mine = figures.filter((figure) => figure.case === title);
    const measures = [...new Set(mine.map(({ measure }) => measure))];
    const hasRatio = (measure: string): boolean =>
      mine.some((one) => one.measure === measure && one.ratio !== undefined);
    const head = measures.flatMap((measure) => {
      const { unit } = mine.find((one) => one.measure === measure)!;
      const name =
        unit.startsWith("µs") || unit === "ms" || unit === "op/s"
          ? `${shortName(measure)} ${unit}`.trim()
          : unit;
      return hasRatio(measure) ? [name, "of floor"] : [name];
    });
    const names = [...new Set(mine.map(({ contestant }) => contestant))];
    const rows = names.map((name) => [
      name,
      ...measures.flatMap((measure) => {
        const figure = mine.find((one) => one.contestant === name && one.measure === measure);
        return hasRatio(measure) ? [shown(figure), ratioOf(figure)] : [shown(figure)];
      }),
    ]);
    const failed = failures
      .filter((failure) => failure.case === title)
      .map(({ contestant, why }) => [contestant, `no figure: ${why}`]);
    return { title, head: ["", ...head], rows: [...rows, ...failed] };
  });
}

function shortName(measure: string): string {
  return /^p\d+$|^max$/.test(measure) ? measure : "";
}

function shown(figure: Figure | undefined): string {
  if (!figure) return "";
  const { median, low, high, rounds } = figure;
  return rounds > 1 ? `${readable(median)} (${readable(low)}–${readable(high)})` : readable(median);
}

function ratioOf(figure: Figure | undefined): string {
  return figure?.ratio === undefined ? "" : readableRatio(figure.ratio);
}

/** The table as text of fixed width. */
export function asText({ title, head, rows }: Table): string {
  const all = [head, ...rows.filter((row) => row.length === head.length)];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return [`  ${title}`, ...[head, ...rows].map((row) => `    ${line(row).trimEnd()}`)].join("\n");
}

/** The table as Markdown. */
export function asMarkdown({ head, rows }: Table): string {
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  const filled = rows.map((row) => head.map((_, column) => row[column]?.replaceAll("|", "\\|") ?? ""));
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...filled].map(line).join("\n");
}
