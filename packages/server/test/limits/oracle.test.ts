import { seededRandom } from "@livecache/rig";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMemoryLimitStore } from "../../src/memory/limit-store.ts";
import type { LimitStore } from "../../src/ports/limit-store.ts";

/*
 * rate-limiter-flexible counts in a window that begins with the first taking and then ends as a whole; ours slides. Both must say the
 * same from a subject's first taking until that window ends, for every taking of 1, and for larger ones until the first refusal: it
 * counts what it has refused, we do not. Between such windows the schedules pause until both have forgotten.
 */

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed + 1);

beforeEach(() => void vi.useFakeTimers({ now: 1_769_000_000_000 }));
afterEach(() => void vi.useRealTimers());

interface Pair {
  readonly theirs: RateLimiterMemory;
  readonly ours: Ours;
  readonly points: number;
  readonly seconds: number;
}

interface Answer {
  readonly allowed: boolean;
  readonly remaining: number;
}

/** Our store, with the words of the other. */
interface Ours {
  consume(cost: number): Promise<Answer>;
  get(): Promise<number>;
  charge(points: number): Promise<number>;
  block(seconds: number): Promise<number>;
  forget(): Promise<void>;
}

function openOurs(store: LimitStore, rule: { limit: number; windowMs: number; blockMs: number }): Ours {
  const input = {
    name: "oracle",
    subject: "ana",
    rule: { algorithm: "sliding-window", burst: rule.limit, ...rule },
  } as const;
  return {
    consume: (cost) => store.take({ ...input, cost }),
    get: async () => (await store.peek({ ...input, cost: 1 })).remaining,
    charge: async (points) => (await store.charge({ ...input, points })).remaining,
    block: async (seconds) => (await store.block({ ...input, blockMs: seconds * 1_000 })).remaining,
    forget: () => store.forget(input),
  };
}

function openPair(seed: number, blockSeconds = 0): Pair {
  const random = seededRandom(seed);
  const [points, seconds] = [2 + random.integer(20), 1 + random.integer(60)];
  const theirs = new RateLimiterMemory({ points, duration: seconds, blockDuration: blockSeconds });
  const store = createMemoryLimitStore({ now: () => Date.now() }, () => undefined);
  const rule = { limit: points, windowMs: seconds * 1_000, blockMs: blockSeconds * 1_000 };
  return { theirs, ours: openOurs(store, rule), points, seconds };
}

async function consume(limiter: RateLimiterMemory, cost: number): Promise<Answer> {
  return limiter.consume("ana", cost).then(
    ({ remainingPoints }) => ({ allowed: true, remaining: remainingPoints }),
    ({ remainingPoints }: { remainingPoints: number }) => ({ allowed: false, remaining: remainingPoints }),
  );
}

/** Both have forgotten by then: a step of our window is at most a sixtieth of it. */
function rest({ seconds }: Pair, blockSeconds = 0): void {
  vi.advanceTimersByTime((Math.max(seconds, blockSeconds) * 61 * 1_000) / 60 + 1_000);
}

/** Calls as long as the window lasts that begins with the first call. */
async function duringWindow({ seconds }: Pair, seed: number, call: () => Promise<boolean>): Promise<number> {
  const random = seededRandom(seed);
  const endsAt = Date.now() + seconds * 1_000;
  let calls = 0;
  while (Date.now() < endsAt - 1) {
    calls++;
    if (!(await call())) break;
    vi.advanceTimersByTime(1 + random.integer(Math.ceil((seconds * 1_000) / 25)));
  }
  return calls;
}

test.each(SEEDS)("takings of one, seed %i: the same answers", async (seed) => {
  const pair = openPair(seed);
  for (let round = 0; round < 5; round++) {
    const calls = await duringWindow(pair, seed + round, async () => {
      expect(pickAnswer(await pair.ours.consume(1))).toEqual(await consume(pair.theirs, 1));
      return true;
    });
    expect(calls).toBeGreaterThan(1);
    rest(pair);
  }
});

test.each(SEEDS)("takings of any cost, seed %i: the same answers up to the first refusal", async (seed) => {
  const pair = openPair(seed);
  const random = seededRandom(seed * 31);
  let refusals = 0;
  for (let round = 0; round < 5; round++) {
    await duringWindow(pair, seed + round, async () => {
      const cost = 1 + random.integer(pair.points);
      const [ours, theirs] = [await pair.ours.consume(cost), await consume(pair.theirs, cost)];
      expect(ours.allowed).toBe(theirs.allowed);
      const left = [ours, theirs].filter(({ allowed }) => allowed).map(({ remaining }) => remaining);
      expect(new Set(left).size).toBeLessThanOrEqual(1);
      if (!ours.allowed) refusals++;
      return ours.allowed;
    });
    rest(pair);
  }
  expect(refusals).toBeGreaterThan(0);
});

test.each(SEEDS)("penalty, reward, get, delete, seed %i: the same answers", async (seed) => {
  const pair = openPair(seed);
  const random = seededRandom(seed * 17);
  let used = 0;
  await pair.theirs.penalty("ana", 1);
  await pair.ours.charge(1);
  used = 1;
  await duringWindow(pair, seed, async () => {
    const points = 1 + random.integer(3);
    // Theirs counts below 0 when more is given back than was taken, and without a bound above; ours does neither.
    const back = Math.min(points, used);
    const ways = [
      async () => {
        if (used + points > 2 * pair.points) return;
        used += points;
        const { remainingPoints } = await pair.theirs.penalty("ana", points);
        expect(await pair.ours.charge(points)).toBe(remainingPoints);
      },
      async () => {
        if (back === 0) return;
        used -= back;
        const { remainingPoints } = await pair.theirs.reward("ana", back);
        expect(await pair.ours.charge(-back)).toBe(remainingPoints);
      },
      async () => {
        const theirs = await pair.theirs.get("ana");
        expect(await pair.ours.get()).toBe(theirs?.remainingPoints ?? pair.points);
      },
    ];
    await ways[random.integer(ways.length)]!();
    return true;
  });
  await pair.theirs.delete("ana");
  await pair.ours.forget();
  expect(pickAnswer(await pair.ours.consume(1))).toEqual(await consume(pair.theirs, 1));
});

test.each(SEEDS)("blocks, seed %i: as long, and begun by the same taking", async (seed) => {
  const blockSeconds = 100 + seededRandom(seed).integer(100);
  const pair = openPair(seed, blockSeconds);
  for (let taken = 0; taken < pair.points; taken++) {
    expect(pickAnswer(await pair.ours.consume(1))).toEqual(await consume(pair.theirs, 1));
  }
  expect((await pair.ours.consume(1)).allowed).toBe((await consume(pair.theirs, 1)).allowed);
  vi.advanceTimersByTime(blockSeconds * 1_000 - 1);
  expect((await pair.ours.consume(1)).allowed).toBe((await consume(pair.theirs, 1)).allowed);
  vi.advanceTimersByTime(1);
  expect(pickAnswer(await pair.ours.consume(1))).toEqual(await consume(pair.theirs, 1));
  rest(pair, blockSeconds);
  await pair.theirs.block("ana", 5);
  await pair.ours.block(5);
  vi.advanceTimersByTime(4_999);
  expect((await pair.ours.consume(1)).allowed).toBe((await consume(pair.theirs, 1)).allowed);
  vi.advanceTimersByTime(1);
  expect((await pair.ours.consume(1)).allowed).toBe((await consume(pair.theirs, 1)).allowed);
});

function pickAnswer({ allowed, remaining }: Answer): Answer {
  return { allowed, remaining };
}
