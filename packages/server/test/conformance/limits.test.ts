import { describe, expect, test } from "vitest";
import { limitStoreSuite } from "../../src/conformance/suites.ts";
import type { LimitStore } from "../../src/ports/limit-store.ts";
import { MEMORY } from "./matrix.ts";
import { collectFrom } from "./plant.ts";
import type { Fault, Plant } from "./plant.ts";

describe.each(MEMORY)("$name", ({ open }) => {
  limitStoreSuite({ test, open });
});

/** Plants a fault in the limit store. */
function limits(change: (store: LimitStore) => Partial<LimitStore>): Plant {
  return (realm) => ({ ...realm, limitStore: { ...realm.limitStore, ...change(realm.limitStore) } });
}

const FAULTS: readonly Fault[] = [
  {
    fault: "allows everything",
    plant: limits(({ take }) => ({
      take: async (input) => ({ ...(await take(input)), allowed: true }),
    })),
    found: "as much as the limit says is taken, and then nothing",
  },
  {
    fault: "looks first and takes then",
    plant: limits(({ peek, charge }) => ({
      async take(input) {
        const verdict = await peek(input);
        return verdict.allowed
          ? { ...(await charge({ ...input, points: input.cost })), allowed: true }
          : verdict;
      },
    })),
    found: "of 100 who take at once, as many are allowed as the limit says",
  },
  {
    fault: "says to come back at once",
    plant: limits(({ take }) => ({
      take: async (input) => ({ ...(await take(input)), retryAfterMs: 0 }),
    })),
    found: "a refusal says when it may be tried again, and everything says when all may be taken",
  },
  {
    fault: "takes what is left of a cost",
    plant: limits(({ take, charge }) => ({
      async take(input) {
        const verdict = await take(input);
        if (!verdict.allowed) await charge({ ...input, points: verdict.remaining });
        return verdict;
      },
    })),
    found: "a cost is taken whole or not at all",
  },
  {
    fault: "takes one whatever the cost",
    plant: limits(({ take }) => ({ take: (input) => take({ ...input, cost: 1 }) })),
    found: "a cost is taken whole or not at all",
  },
  {
    fault: "forgets nothing",
    plant: limits(({ take, peek }) => {
      const long = { windowMs: 3_600_000 };
      return {
        take: (input) => take({ ...input, rule: { ...input.rule, ...long } }),
        peek: (input) => peek({ ...input, rule: { ...input.rule, ...long } }),
      };
    }),
    found: "after a window, all may be taken again",
  },
  {
    fault: "knows no burst",
    plant: limits(({ take, peek }) => ({
      take: (input) => take({ ...input, rule: { ...input.rule, burst: input.rule.limit } }),
      peek: (input) => peek({ ...input, rule: { ...input.rule, burst: input.rule.limit } }),
    })),
    found: "GCRA gives room back bit by bit, and a burst of its own is what may be taken at once",
  },
  {
    fault: "has a window that jumps",
    plant: limits(({ take, forget }) => {
      let beganMs = 0;
      return {
        async take(input) {
          const nowMs = performance.now();
          if (nowMs - beganMs >= input.rule.windowMs) {
            beganMs = Math.floor(nowMs / input.rule.windowMs) * input.rule.windowMs;
            await forget(input);
          }
          return take(input);
        },
      };
    }),
    found: "a sliding window lets no more through around the end of a window than in it",
  },
  {
    fault: "takes when it looks",
    plant: limits(({ take }) => ({ peek: take })),
    found: "looking takes nothing, and begins no block",
  },
  {
    fault: "lets penalties count only as far as something is left",
    plant: limits(({ charge, peek }) => ({
      async charge(input) {
        const { remaining } = await peek({ ...input, cost: 1 });
        return charge({ ...input, points: Math.min(input.points, remaining) });
      },
    })),
    found: "a penalty counts whatever is left, up to twice what may be taken at once",
  },
  {
    fault: "gives nothing back",
    plant: limits(({ charge }) => ({
      charge: (input) => charge({ ...input, points: Math.max(0, input.points) }),
    })),
    found: "what is given back may be taken again, and never more than there is",
  },
  {
    fault: "carries nothing over",
    plant: limits(({ take }) => ({ take: (input) => take({ ...input, carried: 0 }) })),
    found: "what was taken elsewhere is noted before it is decided",
  },
  {
    fault: "blocks anew with each refusal",
    plant: limits(({ take, block }) => ({
      async take(input) {
        const verdict = await take(input);
        const { blockMs } = input.rule;
        if (!verdict.allowed && blockMs > 0) await block({ ...input, blockMs });
        return verdict;
      },
    })),
    found: "a refusal begins a block, and further ones do not make it longer",
  },
  {
    fault: "never blocks",
    plant: limits(({ take }) => ({
      take: (input) => take({ ...input, rule: { ...input.rule, blockMs: 0 } }),
    })),
    found: "a refusal begins a block, and further ones do not make it longer",
  },
  {
    fault: "keeps the longest block",
    plant: limits(({ block }) => {
      let longest = 0;
      return {
        block: (input) => block({ ...input, blockMs: (longest = Math.max(longest, input.blockMs)) }),
      };
    }),
    found: "a block by hand refuses everything until it ends, and replaces the one before",
  },
  {
    fault: "forgets what was used, and keeps the block",
    plant: limits(({ charge }) => ({
      async forget(place) {
        const rule = { algorithm: "gcra", limit: 1, windowMs: 1, burst: 1, blockMs: 0 } as const;
        await charge({ ...place, rule, points: -1_000 });
      },
    })),
    found: "forgetting lifts a block, and gives everything back",
  },
  {
    fault: "counts all subjects together",
    plant: limits(({ take }) => ({ take: (input) => take({ ...input, subject: "all" }) })),
    found: "names, subjects and realms have nothing to do with each other",
  },
  {
    fault: "cuts subjects off",
    plant: limits(({ take }) => ({
      take: (input) => take({ ...input, subject: input.subject.slice(0, 100) }),
    })),
    found: "subjects of any signs and any length are subjects like others",
  },
  {
    fault: "begins anew when a number changes",
    plant: limits(({ take }) => ({
      take: (input) => take({ ...input, name: `${input.name}.${input.rule.limit}` }),
    })),
    found:
      "what is used is kept when the numbers change, and begins anew when the algorithm does; a block stays",
  },
];

const SUITES = [limitStoreSuite];

// Some wait for what never comes, so they are tested side by side.
test.concurrent.for(FAULTS)("the suite finds a ground that $fault", async ({ plant, found }, context) => {
  // Where the fault is one of time, whether a run meets it is partly luck.
  const runs = Array.from({ length: 3 }, () => collectFrom(SUITES, plant).get(found)!());
  await context.expect(Promise.all(runs)).rejects.toBeInstanceOf(Error);
});

test("without a fault each of these sentences holds", async () => {
  const runs = collectFrom(SUITES);
  const sentences = new Set(FAULTS.map(({ found }) => found));
  const ends = await Promise.allSettled([...sentences].map((sentence) => runs.get(sentence)!()));
  expect(ends.filter(({ status }) => status === "rejected")).toEqual([]);
});
