import { expect, test } from "vitest";
import { defineLimit, isLimit } from "./define-limit.ts";
import type { LimitOptions } from "./define-limit.ts";
import { checkCall, readCost, readPoints } from "./limit-call.ts";
import { resetLimits, signInLimits } from "./presets.ts";

const api = { name: "api", limit: 100, window: "1m" } as const;

function refusal(because: string): unknown {
  return expect.objectContaining({
    code: "LIVE_OPTIONS_INVALID",
    message: expect.stringContaining(because) as unknown,
  });
}

test("the defaults are those of the documentation", () => {
  const limit = defineLimit(api);
  expect({ ...limit }).toEqual({
    name: "api",
    algorithm: "sliding-window",
    limit: 100,
    windowMs: 60_000,
    burst: 100,
    blockMs: 0,
    strict: false,
  });
  expect([isLimit(limit), isLimit({ ...limit }), Object.isFrozen(limit)]).toEqual([true, false, true]);
});

test.each<[options: Partial<Record<keyof LimitOptions, unknown>>, isFine: boolean]>([
  [{ limit: 1 }, true],
  [{ limit: 0 }, false],
  [{ limit: 1_000_000 }, true],
  [{ limit: 1_000_001 }, false],
  [{ limit: 1.5 }, false],
  [{ window: "10ms" }, true],
  [{ window: "9ms" }, false],
  [{ window: "31d" }, true],
  [{ window: { days: 31, milliseconds: 1 } }, false],
  [{ window: 60 }, false],
  [{ block: "10ms" }, true],
  [{ block: "9ms" }, false],
  [{ block: "31d" }, true],
  [{ block: "32d" }, false],
  [{ algorithm: "gcra", burst: 1 }, true],
  [{ algorithm: "gcra", burst: 0 }, false],
  [{ algorithm: "gcra", burst: 1_000_000 }, true],
  [{ algorithm: "gcra", burst: 1_000_001 }, false],
  [{ burst: 5 }, false],
  [{ algorithm: "fixed-window" }, false],
  [{ strict: "yes" }, false],
  [{ name: "a".repeat(64) }, true],
  [{ name: "a".repeat(65) }, false],
  [{ name: "" }, false],
  [{ name: "sign in" }, false],
  [{ name: "a:b" }, false],
])("%j is taken: %s", (options, isFine) => {
  const define = () => defineLimit({ ...api, ...options } as LimitOptions);
  const end = isFine ? isLimit(define()) : errorOf(define);
  expect(end).toEqual(isFine ? true : refusal(`defineLimit: ${Object.keys(options).at(-1)}`));
});

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test("an unknown option is named, with the nearest", () => {
  expect(() => defineLimit({ ...api, burts: 5 } as never)).toThrow(refusal('Did you mean "burst"?') as Error);
});

test("a call needs a limit, a subject and a cost that can be taken", () => {
  const policy = defineLimit({ ...api, algorithm: "gcra", burst: 3 });
  expect(() => checkCall("limits.take", { policy: api as never, subject: "a" })).toThrow(
    refusal("what defineLimit answers") as Error,
  );
  const invalid = expect.objectContaining({ code: "LIVE_INPUT_INVALID" }) as Error;
  for (const subject of ["a", "a".repeat(1_000)]) checkCall("limits.take", { policy, subject });
  for (const subject of ["", "a".repeat(1_001), 7 as never]) {
    expect(() => checkCall("limits.take", { policy, subject })).toThrow(invalid);
  }
  expect([undefined, 1, 3].map((cost) => readCost("limits.take", cost, policy))).toEqual([1, 1, 3]);
  for (const cost of [0, 4, -1, 1.5, "1" as never]) {
    expect(() => readCost("limits.take", cost, policy)).toThrow(invalid);
  }
  expect(() => readCost("limits.take", 4, policy)).toThrow('more than "api" ever allows at once');
  expect([1, 1_000_000].map((points) => readPoints("limits.penalty", points))).toEqual([1, 1_000_000]);
  for (const points of [0, 1_000_001]) expect(() => readPoints("limits.penalty", points)).toThrow(invalid);
});

test("limits for signing in and resets say what is wrong with their options", () => {
  expect(() => signInLimits(undefined as never)).toThrow(
    refusal("signInLimits: expected a function") as Error,
  );
  expect(() => resetLimits(() => "a", { perAddress: 0 })).toThrow(
    refusal("resetLimits: perAddress") as Error,
  );
  expect(() => signInLimits(() => "a", { count: "all" } as never)).toThrow(refusal('"count"') as Error);
  const { limits, count } = signInLimits(() => "a", { name: "admin", window: "1h", block: "2h" });
  expect([
    limits.map(({ policy: { name, limit, windowMs, blockMs } }) => [name, limit, windowMs, blockMs]),
    count,
  ]).toEqual([
    [
      ["admin.address", 30, 3_600_000, 7_200_000],
      ["admin.account", 5, 3_600_000, 7_200_000],
    ],
    "failed",
  ]);
});
