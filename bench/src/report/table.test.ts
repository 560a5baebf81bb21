import { expect, test } from "vitest";
import type { Figure } from "../measure/figure.ts";
import { readable, readableRatio } from "./results.ts";
import { asMarkdown, asText, tablesOf } from "./table.ts";

const figure = (contestant: string, rest: Partial<Figure> = {}): Figure => ({
  case: "1 KB",
  contestant,
  measure: "perSecond",
  unit: "op/s",
  better: "more",
  median: 1_000,
  low: 900,
  high: 1_100,
  rounds: 3,
  floor: "floor",
  ratio: 1,
  ...rest,
});

test("a case is a table: a row for each contestant, its ratio beside its figure", () => {
  const figures = [figure("floor"), figure("ours", { median: 500, ratio: 0.5, rounds: 1 })];
  expect(tablesOf({ figures, failures: [] })).toEqual([
    {
      title: "1 KB",
      head: ["", "op/s", "of floor"],
      rows: [
        ["floor", "1000 (900–1100)", "× 1.00"],
        ["ours", "500", "× 0.50"],
      ],
    },
  ]);
});

test("a contestant without a figure stands in the table with its reason", () => {
  const failures = [{ case: "1 KB", contestant: "peer", why: "it | hung" }];
  const [table] = tablesOf({ figures: [figure("floor")], failures });
  expect(table!.rows[1]).toEqual(["peer", "no figure: it | hung"]);
  expect(asMarkdown(table!).split("\n").at(-1)).toBe("| peer | no figure: it \\| hung |  |");
  expect(asText(table!)).toContain("peer   no figure: it | hung");
});

test("a measure without a ratio has no column for one", () => {
  const { ratio: _ratio, floor: _floor, ...plain } = figure("ours");
  const [table] = tablesOf({ figures: [plain], failures: [] });
  expect(table!.head).toEqual(["", "op/s"]);
});

test("numbers are shown with the digits that mean something", () => {
  const shown = [0, 0.0123, 1.5, 3, 12.34, 123.4, 1_234, 12_340, 123_400, 1_234_000, 12_340_000].map(
    readable,
  );
  expect(shown).toEqual([
    "0",
    "0.012",
    "1.50",
    "3",
    "12.3",
    "123",
    "1234",
    "12.3 k",
    "123 k",
    "1.23 M",
    "12.3 M",
  ]);
  expect([0, 0.05, 0.5, 12.34, 1_234].map(readableRatio)).toEqual([
    "× 0",
    "× 0.0500",
    "× 0.50",
    "× 12.3",
    "× 1234",
  ]);
});
