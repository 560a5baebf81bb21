import assert from "node:assert/strict";
import { systemClock } from "../base/clock.ts";
import type { LimitRule } from "../base/limit-rule.ts";
import type { LimitVerdict } from "../base/limit-state.ts";
import type { LimitInput, LimitStore } from "../ports/limit-store.ts";
import { mainRealm } from "./acts.ts";
import { afterClosing } from "./closing.ts";
import { eventually } from "./eventually.ts";
import type { Case, ConformanceGround } from "./run-cases.ts";

type Rule = Partial<Omit<LimitRule, "algorithm">>;

/** Ten in a minute. */
function windowRule(part: Rule = {}): LimitRule {
  const { limit = 10, windowMs = 60_000, blockMs = 0 } = part;
  return { algorithm: "sliding-window", limit, windowMs, burst: limit, blockMs };
}

/** Ten at once, and ten in a minute. */
function gcraRule(part: Rule = {}): LimitRule {
  const { limit = 10, windowMs = 60_000, blockMs = 0 } = part;
  return { algorithm: "gcra", limit, windowMs, burst: part.burst ?? limit, blockMs };
}

const BOTH = [windowRule, gcraRule];

function inputOf(rule: LimitRule, part: Partial<LimitInput> = {}): LimitInput {
  return { name: rule.algorithm, subject: "ana", rule, ...part };
}

async function takeTimes(store: LimitStore, input: LimitInput, times: number): Promise<LimitVerdict[]> {
  const verdicts: LimitVerdict[] = [];
  for (let taken = 0; taken < times; taken++) verdicts.push(await store.take({ ...input, cost: 1 }));
  return verdicts;
}

function allowedOf(verdicts: readonly LimitVerdict[]): number {
  return verdicts.filter(({ allowed }) => allowed).length;
}

function limitsOf(ground: ConformanceGround): LimitStore {
  return mainRealm(ground).limitStore;
}

const taking: readonly Case[] = [
  [
    "as much as the limit says is taken, and then nothing",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const verdicts = await takeTimes(store, inputOf(rule()), 12);
        const allowed = verdicts.map((verdict) => verdict.allowed);
        assert.deepEqual(allowed, [...Array<boolean>(10).fill(true), false, false]);
        const left = verdicts.map(({ remaining }) => remaining);
        assert.deepEqual(left, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]);
      }
    },
  ],
  [
    "a refusal says when it may be tried again, and everything says when all may be taken",
    async (ground) => {
      const store = limitsOf(ground);
      const window = (await takeTimes(store, inputOf(windowRule()), 11)).at(-1)!;
      assert(window.retryAfterMs > 55_000 && window.retryAfterMs <= 61_000, JSON.stringify(window));
      assert(window.resetMs >= window.retryAfterMs && window.resetMs <= 61_000, JSON.stringify(window));
      const gcra = (await takeTimes(store, inputOf(gcraRule()), 11)).at(-1)!;
      assert(gcra.retryAfterMs > 1_000 && gcra.retryAfterMs <= 6_000, JSON.stringify(gcra));
      assert(gcra.resetMs > 55_000 && gcra.resetMs <= 60_000, JSON.stringify(gcra));
    },
  ],
  [
    "a cost is taken whole or not at all",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = inputOf(rule());
        assert.equal((await store.take({ ...input, cost: 8 })).remaining, 2);
        assert.equal((await store.take({ ...input, cost: 3 })).allowed, false);
        assert.equal((await store.take({ ...input, cost: 2 })).allowed, true);
        assert.equal((await store.take({ ...input, cost: 1 })).allowed, false);
      }
    },
  ],
  [
    "of 100 who take at once, as many are allowed as the limit says",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = { ...inputOf(rule({ limit: 37, windowMs: 3_600_000 })), cost: 1 };
        const verdicts = await Promise.all(Array.from({ length: 100 }, () => store.take(input)));
        assert.equal(allowedOf(verdicts), 37);
      }
    },
  ],
  [
    "after a window, all may be taken again",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = inputOf(rule({ limit: 3, windowMs: 300 }));
        await store.take({ ...input, cost: 3 });
        const free = async () => (await store.peek({ ...input, cost: 3 })).allowed;
        await eventually("the window is over", free);
        assert.equal((await store.take({ ...input, cost: 3 })).allowed, true);
      }
    },
  ],
  [
    "GCRA gives room back bit by bit, and a burst of its own is what may be taken at once",
    async (ground) => {
      const store = limitsOf(ground);
      const input = inputOf(gcraRule({ limit: 10, windowMs: 8_000, burst: 2 }));
      assert.equal(allowedOf(await takeTimes(store, input, 2)), 2);
      const refused = await store.take({ ...input, cost: 1 });
      assert.equal(refused.allowed, false);
      assert(refused.retryAfterMs <= 800, JSON.stringify(refused));
      await eventually("one may be taken", async () => (await store.take({ ...input, cost: 1 })).allowed);
      const next = await store.peek({ ...input, cost: 2 });
      assert.equal(next.allowed, false);
    },
  ],
  [
    "a sliding window lets no more through around the end of a window than in it",
    async (ground) => {
      const store = limitsOf(ground);
      const input = { ...inputOf(windowRule({ limit: 5, windowMs: 600 })), cost: 1 };
      const taken: { askedAt: number; answeredAt: number }[] = [];
      const enough = async () => {
        const askedAt = systemClock.now();
        if ((await store.take(input)).allowed) taken.push({ askedAt, answeredAt: systemClock.now() });
        return taken.length >= 12;
      };
      await eventually("twelve were allowed", enough);
      for (let first = 0; first + 5 < taken.length; first++) {
        // A decision is made between asking and answering, so two are not closer to each other than this.
        const spanMs = taken[first + 5]!.answeredAt - taken[first]!.askedAt;
        assert(spanMs > 595, `six were allowed within ${spanMs} ms`);
      }
    },
  ],
];

const peeking: readonly Case[] = [
  [
    "looking takes nothing, and begins no block",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = inputOf(rule({ blockMs: 60_000 }));
        const { allowed, remaining, resetMs } = await store.peek({ ...input, cost: 10 });
        assert.deepEqual([allowed, remaining, resetMs], [true, 10, 0]);
        await store.take({ ...input, cost: 9 });
        const looked = await store.peek({ ...input, cost: 2 });
        assert.deepEqual([looked.allowed, looked.remaining, looked.blocked], [false, 1, false]);
        assert.equal((await store.take({ ...input, cost: 1 })).allowed, true);
      }
    },
  ],
  [
    "a penalty counts whatever is left, up to twice what may be taken at once",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = inputOf(rule());
        assert.equal((await store.charge({ ...input, points: 4 })).remaining, 6);
        assert.equal((await store.charge({ ...input, points: 1_000 })).remaining, 0);
        assert.equal((await store.charge({ ...input, points: -9 })).remaining, 0);
        assert.equal((await store.charge({ ...input, points: -3 })).remaining, 2);
      }
    },
  ],
  [
    "what is given back may be taken again, and never more than there is",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = inputOf(rule());
        await store.take({ ...input, cost: 10 });
        assert.equal((await store.charge({ ...input, points: -4 })).remaining, 4);
        assert.equal((await store.charge({ ...input, points: -400 })).remaining, 10);
        assert.equal(allowedOf(await takeTimes(store, input, 11)), 10);
      }
    },
  ],
  [
    "what was taken elsewhere is noted before it is decided",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = inputOf(rule());
        assert.equal((await store.take({ ...input, cost: 1, carried: 8 })).remaining, 1);
        const refused = await store.take({ ...input, cost: 2, carried: 1 });
        assert.deepEqual([refused.allowed, refused.remaining], [false, 0]);
      }
    },
  ],
];

const blocking: readonly Case[] = [
  [
    "a refusal begins a block, and further ones do not make it longer",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = inputOf(rule({ limit: 2, windowMs: 600, blockMs: 900 }));
        const cost = { ...input, cost: 2 };
        await store.take(cost);
        const beganAt = systemClock.now();
        const first = await store.take(cost);
        assert.deepEqual([first.allowed, first.blocked, first.remaining], [false, true, 0]);
        assert.equal(first.retryAfterMs, 900);
        await eventually("the block is over", async () => (await store.take(cost)).allowed);
        assert(systemClock.now() - beganAt > 895, "the block was too short");
      }
    },
  ],
  [
    "a block by hand refuses everything until it ends, and replaces the one before",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = inputOf(rule());
        await store.block({ ...input, blockMs: 600_000 });
        const { allowed, blocked, retryAfterMs } = await store.take({ ...input, cost: 1 });
        assert.deepEqual([allowed, blocked], [false, true]);
        assert(retryAfterMs > 590_000 && retryAfterMs <= 600_000, String(retryAfterMs));
        await store.block({ ...input, blockMs: 100 });
        const free = async () => (await store.peek({ ...input, cost: 10 })).allowed;
        await eventually("the block is over", free);
      }
    },
  ],
  [
    "forgetting lifts a block, and gives everything back",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = inputOf(rule({ blockMs: 60_000 }));
        await takeTimes(store, input, 11);
        await store.forget(input);
        await store.forget(input);
        const { allowed, remaining } = await store.take({ ...input, cost: 1 });
        assert.deepEqual([allowed, remaining], [true, 9]);
      }
    },
  ],
];

const apart: readonly Case[] = [
  [
    "names, subjects and realms have nothing to do with each other",
    async (ground) => {
      const store = limitsOf(ground);
      const input = inputOf(windowRule());
      await store.take({ ...input, cost: 10 });
      const others = await Promise.all([
        store.take({ ...input, name: "other", cost: 1 }),
        store.take({ ...input, subject: "ben", cost: 1 }),
        ground.realm("two").limitStore.take({ ...input, cost: 1 }),
      ]);
      assert.equal(allowedOf(others), 3);
      assert.equal((await store.take({ ...input, cost: 1 })).allowed, false);
    },
  ],
  [
    "subjects of any signs and any length are subjects like others",
    async (ground) => {
      const store = limitsOf(ground);
      const rule = windowRule({ limit: 1 });
      const long = "x".repeat(1_000);
      const subjects = ["{a}", "a", "%7Ba%7D", "a b\n", "#a", "2001:db8::/64", `${long}a`, `${long}b`, "ü"];
      for (const subject of subjects) {
        assert.equal(allowedOf(await takeTimes(store, inputOf(rule, { subject }), 2)), 1, subject);
      }
    },
  ],
  [
    "what is used is kept when the numbers change, and begins anew when the algorithm does; a block stays",
    async (ground) => {
      const store = limitsOf(ground);
      for (const rule of BOTH) {
        const input = inputOf(rule());
        await store.take({ ...input, cost: 8 });
        const wider = { ...input, rule: rule({ limit: 20, windowMs: 120_000 }) };
        assert.equal((await store.take({ ...wider, cost: 1 })).remaining, 11);
        const narrower = { ...input, rule: rule({ limit: 5, windowMs: 60_000 }) };
        assert.equal((await store.take({ ...narrower, cost: 1 })).allowed, false);
      }
      const place = { name: "changing", subject: "ana" };
      await store.take({ ...place, rule: windowRule(), cost: 10 });
      const anew = { ...place, rule: gcraRule() };
      assert.equal((await store.take({ ...anew, cost: 1 })).remaining, 9);
      await store.block({ ...anew, blockMs: 60_000 });
      assert.equal((await store.peek({ ...place, rule: windowRule(), cost: 1 })).blocked, true);
    },
  ],
  [
    "limit calls on their way when the ground closes end, and later ones reject with LIVE_CLOSED",
    async (ground) => {
      const store = limitsOf(ground);
      const input = inputOf(windowRule());
      await afterClosing(ground, {
        take: () => store.take({ ...input, cost: 1 }),
        peek: () => store.peek({ ...input, cost: 1 }),
        charge: () => store.charge({ ...input, points: 1 }),
        block: () => store.block({ ...input, blockMs: 1_000 }),
        forget: () => store.forget(input),
      });
    },
  ],
];

/** What the contract of `LimitStore` says. */
export const limitCases: readonly Case[] = [...taking, ...peeking, ...blocking, ...apart];
