import { describe, expect, test } from "vitest";
import { regionStoreSuite } from "../../src/conformance/suites.ts";
import type { RegionMove, RegionStore } from "../../src/ports/region-store.ts";
import { MEMORY } from "./matrix.ts";
import { collectFrom } from "./plant.ts";
import type { Fault, Plant } from "./plant.ts";

describe.each(MEMORY)("$name", ({ open }) => {
  regionStoreSuite({ test, open });
});

/** Plants a fault in the region store. */
function regions(change: (store: RegionStore) => Partial<RegionStore>): Plant {
  return (realm) => ({ ...realm, regionStore: { ...realm.regionStore, ...change(realm.regionStore) } });
}

/** Plants a fault in moves. */
function moves(change: (move: RegionMove) => RegionMove): Plant {
  return regions(({ move }) => ({ move: (given) => move(change(given)) }));
}

/** Gives every move a sequence of its own, so that none is late. */
function unfenced(): Plant {
  let sequence = 1_000;
  return moves((move) => ({ ...move, sequence: ++sequence }));
}

/** Moves in two steps: out, and then in as somebody new. */
function steppingMoves({ move }: RegionStore): Partial<RegionStore> {
  const seen = new Set<string>();
  return {
    async move(given) {
      if (given.to !== undefined && seen.has(given.to)) return move(given);
      seen.add(given.to ?? "");
      const copy = { node: given.member.node, connection: `${given.member.connection}'` };
      await move({ ...given, member: copy });
      return move(given);
    },
  };
}

const FAULTS: readonly Fault[] = [
  {
    fault: "takes moves as they come",
    plant: unfenced(),
    found: "a late move never undoes a newer one",
  },
  {
    fault: "takes the same move twice",
    plant: unfenced(),
    found: "the same move once more changes nothing",
  },
  {
    fault: "lets a late move bring back who has left",
    plant: unfenced(),
    found: "a member that has left is nowhere, and a late move does not bring it back",
  },
  {
    fault: "orders moves by their arrival",
    plant: unfenced(),
    found: "moves that arrive in any order end where the newest goes",
  },
  {
    fault: "leaves a copy behind",
    plant: regions(steppingMoves),
    found: "a member is in the cell that it was moved to last, and in no other",
  },
  {
    fault: "keeps who a member was at first",
    plant: moves((move) => (move.from === move.to ? { ...move, userId: "7" } : move)),
    found: "moving a member to where it is says who it is now, and counts it once",
  },
  {
    fault: "forgets who members are",
    plant: moves((move) => ({ ...move, userId: undefined })),
    found: "nine cells are answered in the order asked, those without members too",
  },
  {
    fault: "answers cells in an order of its own",
    plant: regions(({ members }) => ({
      members: async (cells, limit) => [...(await members(cells, limit))].reverse(),
    })),
    found: "nine cells are answered in the order asked, those without members too",
  },
  {
    fault: "limits each cell by itself",
    plant: regions(({ members }) => ({
      members: async (cells, limit) =>
        (await Promise.all(cells.map((cell) => members([cell], limit)))).flat(),
    })),
    found: "no more members are answered than were asked for, over all cells, and what is left out is said",
  },
  {
    fault: "does not say that members are left out",
    plant: regions(({ members }) => ({
      members: async (cells, limit) =>
        (await members(cells, limit)).map((found) => ({ ...found, truncated: false })),
    })),
    found: "no more members are answered than were asked for, over all cells, and what is left out is said",
  },
  {
    fault: "counts leavers",
    plant: regions(({ count }) => ({ count: async (asked) => (await count(asked)).map((n) => n + 1) })),
    found: "a member that was nowhere can leave",
  },
  {
    fault: "counts cells only",
    plant: regions(({ count }) => ({
      count: async (asked) => (await count(asked)).map((n, at) => (asked[at]!.length < 6 ? 0 : n)),
    })),
    found: "counts of prefixes agree with the cells below them",
  },
  {
    fault: "lists empty parts",
    plant: regions(({ counts }) => ({
      counts: async (asked) => new Map([["0", 0], ...(await counts(asked))]),
    })),
    found: "counts of parts agree with those of prefixes, and leave empty parts out",
  },
  {
    fault: "needs no lease",
    plant: regions(({ move, renew }) => ({
      async move(given) {
        await renew({ node: given.member.node, leaseMs: 60_000, begins: true });
        return move(given);
      },
    })),
    found: "a node without a lease moves nobody",
  },
  {
    fault: "begins a lease that is to be renewed",
    plant: regions(({ renew }) => ({ renew: (lease) => renew({ ...lease, begins: true }) })),
    found: "a lease that nobody knows is not renewed, only begun",
  },
  {
    fault: "reaps the living",
    plant: regions(({ reap, retire }) => ({
      async reap(node) {
        await retire(node);
        return reap(node);
      },
    })),
    found: "a node that lives is not reaped",
  },
  {
    fault: "says that it has reaped, and does nothing",
    plant: regions(() => ({ reap: async () => "gone" })),
    found: "what is left of a dead node is removed to the last member, and nothing else",
  },
  {
    fault: "does not retire",
    plant: regions(() => ({ retire: async () => undefined })),
    found: "a node that retires is left out although its lease would run",
  },
];

const SUITES = [regionStoreSuite];

test.each(FAULTS)("the suite finds a ground that $fault", async ({ plant, found }) => {
  await expect(collectFrom(SUITES, plant).get(found)!()).rejects.toMatchObject({ code: "ERR_ASSERTION" });
});

test("without a fault each of these sentences holds", async () => {
  const runs = collectFrom(SUITES);
  const sentences = new Set(FAULTS.map(({ found }) => found));
  const ends = await Promise.allSettled([...sentences].map((sentence) => runs.get(sentence)!()));
  expect(ends.filter(({ status }) => status === "rejected")).toEqual([]);
});
