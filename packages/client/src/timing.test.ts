import { expect, test } from "vitest";
import { resolveTiming } from "./timing.ts";

test("named times replace the defaults, the others stay", () => {
  expect(resolveTiming({ jitterMs: 0 })).toMatchObject({ jitterMs: 0, coalesceMs: 20, pollMs: 30_000 });
});

test("an unknown time is refused with the known ones", () => {
  expect(() => resolveTiming({ pollms: 5 } as object)).toThrow(/timing\.pollms: expected .*pollMs/);
  expect(() => resolveTiming({ toString: 5 } as object)).toThrow(/timing\.toString: expected .*pollMs/);
});

test.each([-1, Number.NaN, Infinity, "5", undefined])("%s is no time", (value) => {
  expect(() => resolveTiming({ jitterMs: value as number })).toThrow(
    /timing\.jitterMs: expected .* in milliseconds up to 3600000, received /,
  );
});
