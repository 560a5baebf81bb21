import { seededRandom } from "@livecache/rig";
import { expect, test } from "vitest";
import { MOST_FULL, WINDOW_STEPS } from "./limit-rule.ts";
import type { LimitRule } from "./limit-rule.ts";
import { LimitState } from "./limit-state.ts";
import type { LimitAct, LimitVerdict } from "./limit-state.ts";

const WINDOW: LimitRule = {
  algorithm: "sliding-window",
  limit: 10,
  windowMs: 60_000,
  burst: 10,
  blockMs: 0,
};
const GCRA: LimitRule = { ...WINDOW, algorithm: "gcra" };
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed + 1);
/** Some instant of this century. */
const BEGAN_MS = 1_769_000_000_123;

function act(nowMs: number, points = 1, kind: LimitAct["kind"] = "take"): LimitAct {
  return { kind, points, carried: 0, nowMs };
}

interface Taken {
  readonly atMs: number;
  readonly cost: number;
}

/** A schedule of takings, most of them around the limit. */
function schedule(seed: number, rule: LimitRule): Taken[] {
  const random = seededRandom(seed);
  let atMs = BEGAN_MS + random.integer(rule.windowMs);
  return Array.from({ length: 400 }, () => {
    const mean = (2 * rule.windowMs) / rule.limit;
    atMs += random.integer(10) === 0 ? random.integer(rule.windowMs * 2) : random.integer(Math.ceil(mean));
    return { atMs, cost: 1 + random.integer(Math.min(4, rule.burst)) };
  });
}

function ruleOf(seed: number, algorithm: LimitRule["algorithm"]): LimitRule {
  const random = seededRandom(seed * 7_919);
  const limit = 4 + random.integer(40);
  const windowMs = [10, 17, 1_000, 59_999, 60_000, 86_400_000][random.integer(6)]!;
  const burst = algorithm === "gcra" ? 4 + random.integer(60) : limit;
  return { algorithm, limit, windowMs, burst, blockMs: 0 };
}

function sumOf(taken: readonly Taken[]): number {
  return taken.reduce((sum, { cost }) => sum + cost, 0);
}

/** The most that was taken in any stretch of so many milliseconds. */
function mostIn(taken: readonly Taken[], spanMs: number): number {
  const sums = taken.map(({ atMs }) =>
    sumOf(taken.filter((other) => other.atMs >= atMs && other.atMs < atMs + spanMs)),
  );
  return Math.max(0, ...sums);
}

test.each(SEEDS)("sliding window, seed %i: never more than the limit in any window", (seed) => {
  const rule = ruleOf(seed, "sliding-window");
  const state = new LimitState();
  const allowed = schedule(seed, rule).filter(
    ({ atMs, cost }) => state.decide(rule, act(atMs, cost)).allowed,
  );
  expect(allowed.length).toBeGreaterThan(0);
  expect(mostIn(allowed, rule.windowMs)).toBeLessThanOrEqual(rule.limit);
});

test.each(SEEDS)(
  "sliding window, seed %i: nothing is refused that was not used within a step more",
  (seed) => {
    const rule = ruleOf(seed, "sliding-window");
    const state = new LimitState();
    const longestMs = rule.windowMs + Math.ceil(rule.windowMs / WINDOW_STEPS);
    const allowed: Taken[] = [];
    let refused = 0;
    for (const taken of schedule(seed, rule)) {
      if (state.decide(rule, act(taken.atMs, taken.cost)).allowed) {
        allowed.push(taken);
        continue;
      }
      refused++;
      const counted = sumOf(allowed.filter(({ atMs }) => atMs > taken.atMs - longestMs));
      expect(counted + taken.cost).toBeGreaterThan(rule.limit);
    }
    expect(refused).toBeGreaterThan(0);
  },
);

/** GCRA as its paper has it: a theoretical time of arrival, in fractions of `1 / limit` ms, with numbers that never round. */
function gcraModel({ limit, windowMs, burst }: LimitRule) {
  const [rate, emission] = [BigInt(limit), BigInt(windowMs)];
  const capacity = BigInt(burst) * emission;
  let tat = 0n;
  return (nowMs: number, cost: number): Pick<LimitVerdict, "allowed" | "remaining" | "retryAfterMs"> => {
    const now = BigInt(nowMs) * rate;
    const started = tat > now ? tat : now;
    const next = started + BigInt(cost) * emission;
    const over = next - now - capacity;
    const allowed = over <= 0n;
    if (allowed) tat = next;
    const left = capacity - ((allowed ? next : started) - now);
    return {
      allowed,
      remaining: Number(left / emission),
      retryAfterMs: allowed ? 0 : Number((over + rate - 1n) / rate),
    };
  };
}

test.each(SEEDS)("GCRA, seed %i: the same as with numbers that never round", (seed) => {
  const rule = ruleOf(seed, "gcra");
  const state = new LimitState();
  const model = gcraModel(rule);
  for (const { atMs, cost } of schedule(seed, rule)) {
    const { allowed, remaining, retryAfterMs } = state.decide(rule, act(atMs, cost));
    expect({ allowed, remaining, retryAfterMs }).toEqual(model(atMs, cost));
  }
});

test.each(SEEDS)("GCRA, seed %i: in any window at most the burst and the limit", (seed) => {
  const rule = ruleOf(seed, "gcra");
  const state = new LimitState();
  const allowed = schedule(seed, rule).filter(
    ({ atMs, cost }) => state.decide(rule, act(atMs, cost)).allowed,
  );
  expect(mostIn(allowed, rule.windowMs)).toBeLessThanOrEqual(rule.burst + rule.limit);
  expect(mostIn(allowed, 1)).toBeLessThanOrEqual(rule.burst);
});

test.each(SEEDS)("seed %i: at the time that a refusal names it is allowed, and not before", (seed) => {
  for (const algorithm of ["gcra", "sliding-window"] as const) {
    const rule = ruleOf(seed, algorithm);
    const state = new LimitState();
    for (const { atMs, cost } of schedule(seed, rule).slice(0, 60)) state.decide(rule, act(atMs, cost));
    const { atMs } = schedule(seed, rule)[59]!;
    const cost = Math.min(3, rule.burst);
    const { retryAfterMs, resetMs } = state.decide(rule, act(atMs, cost, "peek"));
    const before = retryAfterMs > 0 && state.decide(rule, act(atMs + retryAfterMs - 1, cost, "peek")).allowed;
    expect(before).toBe(false);
    expect(state.decide(rule, act(atMs + retryAfterMs, cost, "peek")).allowed).toBe(true);
    expect(state.decide(rule, act(atMs + resetMs, rule.burst, "peek")).allowed).toBe(true);
  }
});

test.each([WINDOW, GCRA])(
  "$algorithm: a clock that was set back gives nothing back, and locks nobody out",
  (rule) => {
    const state = new LimitState();
    expect(state.decide(rule, act(BEGAN_MS, 10)).allowed).toBe(true);
    const backMs = BEGAN_MS - 3_600_000;
    expect(state.decide(rule, act(backMs)).allowed).toBe(false);
    expect(state.decide(rule, act(backMs + rule.windowMs + 1_000, 10)).allowed).toBe(true);
  },
);

test.each([WINDOW, GCRA])("$algorithm: a longer and a shorter window keep what is used", (rule) => {
  const state = new LimitState();
  state.decide(rule, act(BEGAN_MS, 6));
  const longer = { ...rule, windowMs: 3_600_000 };
  expect(state.decide(longer, act(BEGAN_MS, 1, "peek")).remaining).toBe(4);
  expect(state.decide(rule, act(BEGAN_MS + 1, 1, "peek")).remaining).toBe(4);
});

test.each([WINDOW, GCRA])("$algorithm: penalties count up to twice the burst: below, at, above", (rule) => {
  for (const [points, counted] of [
    [MOST_FULL * 10 - 1, MOST_FULL * 10 - 1],
    [MOST_FULL * 10, MOST_FULL * 10],
    [MOST_FULL * 10 + 1, MOST_FULL * 10],
  ] as const) {
    const state = new LimitState();
    state.decide(rule, act(BEGAN_MS, points, "charge"));
    expect(state.used(rule, BEGAN_MS)).toBe(counted);
  }
});

test("the largest limit over the longest window is reckoned without rounding", () => {
  const most = { ...GCRA, limit: 1_000_000, burst: 1_000_000, windowMs: 31 * 86_400_000 };
  const state = new LimitState();
  for (let taken = 0; taken < 5; taken++) state.decide(most, act(BEGAN_MS, 199_999));
  expect(state.decide(most, act(BEGAN_MS, 5)).remaining).toBe(0);
  expect(state.decide(most, act(BEGAN_MS, 1)).retryAfterMs).toBe(Math.ceil(most.windowMs / most.limit));
  state.decide(most, act(BEGAN_MS, 1_000_000, "charge"));
  expect(state.used(most, BEGAN_MS)).toBe(2_000_000);
  expect(state.used(most, BEGAN_MS + most.windowMs)).toBe(1_000_000);
});
