import { expect, test } from "vitest";
import { resolveTiming } from "./timing.ts";

test("named times replace the defaults, the others stay", () => {
  expect(resolveTiming({ jitterMs: 0 })).toMatchObject({ jitterMs: 0, coalesceMs: 20, pollMs: 30_000 });
});

test("an unknown time is refused with the known ones", () => {
  expect(() => resolveTiming({ pollms: 5 } as object)).toThrow(/unknown option "pollms".*pollMs/);
});

test.each([-1, Number.NaN, Infinity, "5", undefined])("%s is no time", (value) => {
  expect(() => resolveTiming({ jitterMs: value as number })).toThrow(
    /timing\.jitterMs: expected milliseconds/,
  );
});
