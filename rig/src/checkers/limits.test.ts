import { expect, test } from "vitest";
import { checkLimits } from "./limits.ts";
import type { LimitHistory, TakenRecord } from "./limits.ts";

const BASE = { limit: 4, windowMs: 1_000, nodes: 2, strict: false, losses: [] };

/** So many takings, 10 ms apart from each other, of 5 ms each. */
function takings(count: number, fromMs = 0, scope: TakenRecord["scope"] = "cluster"): TakenRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const callMs = fromMs + index * 10;
    return { subject: "u", callMs, returnMs: callMs + 5, scope };
  });
}

function findings(taken: readonly TakenRecord[], part: Partial<LimitHistory> = {}): string[] {
  return checkLimits({ ...BASE, ...part, taken }).map(({ text }) => text);
}

test("one more than the limit in a window is found, and told once", () => {
  expect(findings(takings(4))).toEqual([]);
  expect(findings(takings(5))).toEqual(["u: 5 allowed in 1000 ms, at most 4 may be"]);
});

test("takings in different windows are no finding, nor those of different subjects", () => {
  expect(findings([...takings(4), ...takings(4, 1_000)])).toEqual([]);
  const others = takings(4).map((one) => ({ ...one, subject: "v" }));
  expect(findings([...takings(4), ...others])).toEqual([]);
});

test("a taking that may have been decided outside the window does not count", () => {
  const late = { subject: "u", callMs: 500, returnMs: 1_000, scope: "cluster" } as const;
  expect(findings([...takings(4), late])).toEqual([]);
  expect(findings([...takings(4), { ...late, returnMs: 999 }])).toHaveLength(1);
});

test("shares of nodes come besides, each once", () => {
  expect(findings([...takings(4), ...takings(4, 100, "local")])).toEqual([]);
  expect(findings([...takings(4), ...takings(5, 100, "local")])).toHaveLength(1);
  expect(findings(takings(5, 0, "cluster"))).toHaveLength(1);
});

test("a strict limit allows nothing by itself", () => {
  expect(findings(takings(1, 0, "local"), { strict: true })).toEqual([
    "u: allowed without the ground's word",
  ]);
});

test("what the ground forgot may be taken again", () => {
  const losses = [{ fromMs: 35, untilMs: 45 }];
  expect(findings(takings(8), { losses })).toEqual([]);
  expect(findings(takings(9), { losses })).toHaveLength(1);
  const again = [{ fromMs: 0, untilMs: 1_000, isRepeated: true }];
  expect(findings(takings(50), { losses: again })).toEqual([]);
});
