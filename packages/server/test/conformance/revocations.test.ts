import { describe, expect, test } from "vitest";
import { revocationStoreSuite } from "../../src/conformance/suites.ts";
import type { RevocationStore } from "../../src/ports/revocation-store.ts";
import { MEMORY } from "./matrix.ts";
import { collectFrom } from "./plant.ts";
import type { Fault, Plant } from "./plant.ts";

describe.each(MEMORY)("$name", ({ open }) => {
  revocationStoreSuite({ test, open });
});

/** Plants a fault in the store. */
function store(change: (right: RevocationStore) => Partial<RevocationStore>): Plant {
  return (realm) => ({
    ...realm,
    revocationStore: { ...realm.revocationStore, ...change(realm.revocationStore) },
  });
}

const FAULTS: readonly Fault[] = [
  {
    fault: "forgets every tenth",
    plant: store(({ revoke }) => ({
      revoke: (input) => revoke({ ...input, revoked: input.revoked.filter((_, index) => index % 10 !== 9) }),
    })),
    found: "what was revoked is answered by its part, with its time, and by no other",
  },
  {
    fault: "answers a part less its first",
    plant: store(({ shard }) => ({ shard: async (index) => (await shard(index)).slice(1) })),
    found: "what was revoked is answered by its part, with its time, and by no other",
  },
  {
    fault: "moves no tags",
    plant: store(({ revoke }) => ({ revoke: (input) => revoke({ ...input, tags: [] }) })),
    found: "one record says what is revoked, moves the tags, and stands where the answer says",
  },
  {
    fault: "moves no tags of what is known already",
    plant: store(({ revoke }) => ({
      async revoke(input) {
        const first = await revoke({ ...input, tags: [] });
        return first.state === "revoked" && first.added > 0 ? revoke(input) : first;
      },
    })),
    found: "a step with tags and nothing new moves the tags",
  },
  {
    fault: "says that all of it is new",
    plant: store(({ revoke }) => ({
      async revoke(input) {
        const reply = await revoke(input);
        return reply.state === "full" ? reply : { ...reply, added: input.revoked.length };
      },
    })),
    found: "saying it again changes nothing and appends nothing",
  },
  {
    fault: "appends a record each time",
    plant: (realm) =>
      store(({ revoke }) => ({
        async revoke(input) {
          const reply = await revoke(input);
          const change = { changeId: "x", origin: "x", tags: [], mode: "purge", events: [] } as const;
          await realm.changeLog.append(change);
          return reply;
        },
      }))(realm),
    found: "saying it again changes nothing and appends nothing",
  },
  {
    fault: "lets an hour pass at once",
    plant: store(({ revoke }) => ({
      revoke: (input) =>
        revoke({
          ...input,
          revoked: input.revoked.map((one) => ({ ...one, atMs: one.atMs - 3_600_000 })),
        }),
    })),
    found: "of two times of one name the later counts, in whatever order they come, and only news are told",
  },
  {
    fault: "takes sums for those of nothing",
    plant: store(({ state }) => ({
      async state() {
        const right = await state();
        return { ...right, shards: right.shards.map(() => ({ count: 0, sum: 0 })) };
      },
    })),
    found: "the sums of the parts are those of what they hold, after every step",
  },
  {
    fault: "counts a later time as one more",
    plant: store(({ revoke, state }) => {
      let wrong = 0;
      return {
        async revoke(input) {
          const reply = await revoke(input);
          wrong += input.revoked.length;
          return reply;
        },
        async state() {
          const right = await state();
          return { ...right, shards: right.shards.map((sum) => sum && { ...sum, count: wrong }) };
        },
      };
    }),
    found: "one step may name the same token twice",
  },
  {
    fault: "takes what has expired long ago",
    plant: store(({ revoke, shard }) => {
      const taken: Parameters<RevocationStore["revoke"]>[0]["revoked"][number][] = [];
      return {
        async revoke(input) {
          taken.push(...input.revoked);
          return revoke(input);
        },
        shard: async (index) => (index === 0 ? taken : shard(index)),
      };
    }),
    found: "what has expired longer ago than the margin is not taken, and what is within it is",
  },
  {
    fault: "never says that it is whole",
    plant: store(({ state }) => ({ state: async () => ({ ...(await state()), isSettled: false }) })),
    found: "the set says that it is whole, and what time it is; realms share nothing",
  },
];

const SUITES = [revocationStoreSuite];

// Some wait for what never comes, so they are tested side by side.
test.concurrent.for(FAULTS)("the suite finds a store that $fault", async ({ plant, found }, context) => {
  await context.expect(collectFrom(SUITES, plant).get(found)!()).rejects.toBeInstanceOf(Error);
});

test("without a fault each of these sentences holds", async () => {
  const runs = collectFrom(SUITES);
  const sentences = new Set(FAULTS.map(({ found }) => found));
  const ends = await Promise.allSettled([...sentences].map((sentence) => runs.get(sentence)!()));
  expect(ends.filter(({ status }) => status === "rejected")).toEqual([]);
});
