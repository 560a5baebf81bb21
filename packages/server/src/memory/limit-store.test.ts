import { expect, test } from "vitest";
import type { LimitRule } from "../base/limit-rule.ts";
import { createMemoryLimitStore } from "./limit-store.ts";

const rule: LimitRule = { algorithm: "sliding-window", limit: 5, windowMs: 1_000, burst: 5, blockMs: 0 };

test.each([
  ["below", 9, 4],
  ["at", 10, 4],
  ["above", 11, 5],
])("%s the bound: of %i subjects the first has %i left", async (_where, subjects, remaining) => {
  const store = createMemoryLimitStore({ now: () => 1_000 }, () => undefined, 10);
  for (let index = 0; index < subjects; index++) {
    await store.take({ name: "api", subject: `s${index}`, rule, cost: 1 });
  }
  expect((await store.peek({ name: "api", subject: "s0", rule, cost: 1 })).remaining).toBe(remaining);
});

test("whoever was used last is forgotten last", async () => {
  const store = createMemoryLimitStore({ now: () => 1_000 }, () => undefined, 2);
  for (const subject of ["a", "b", "a", "c"]) await store.take({ name: "api", subject, rule, cost: 1 });
  const left = await Promise.all(
    ["a", "c", "b"].map((subject) => store.peek({ name: "api", subject, rule, cost: 1 })),
  );
  expect(left.map(({ remaining }) => remaining)).toEqual([3, 4, 5]);
});
