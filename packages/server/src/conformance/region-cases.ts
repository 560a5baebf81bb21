import assert from "node:assert/strict";
import type { RegionMove, RegionStore } from "../ports/region-store.ts";
import { mainRealm } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case, ConformanceGround } from "./run-cases.ts";

const LONG_MS = 60_000;
const HERE = "ttngkc";
const NEXT = "ttngkf";
const FAR = "u4pruy";

/** The store, with the lease of `node` begun. */
async function storeWith(ground: ConformanceGround, ...nodes: string[]): Promise<RegionStore> {
  const { regionStore } = mainRealm(ground);
  for (const node of nodes) await begin(regionStore, node);
  return regionStore;
}

async function begin(store: RegionStore, node: string, leaseMs = LONG_MS): Promise<void> {
  const { kept } = await store.renew({ node, leaseMs, begins: true });
  assert.equal(kept, true, `the lease of ${node}`);
}

/** A move of the socket `s` of node `n`, unless something else is said. */
function moveOf(
  part: Partial<RegionMove> & { readonly node?: string; readonly connection?: string },
): RegionMove {
  const { node = "n", connection = "s", from, to, sequence = 1, userId } = part;
  return { member: { node, connection }, from, to, sequence, userId };
}

/** Who is in a cell, as `node:connection` in order. */
async function whoIsIn(store: RegionStore, cell: string): Promise<readonly string[]> {
  const [found] = await store.members([cell], 1_000);
  return found!.members.map(({ node, connection }) => `${node}:${connection}`).sort();
}

/** Many members, one after the other, each its own socket. */
async function crowd(store: RegionStore, to: string, count: number): Promise<void> {
  const moves = Array.from({ length: count }, (_, index) => moveOf({ connection: `${to}${index}`, to }));
  for (const move of moves) await store.move(move);
}

/** What the contract of `RegionStore` says of moves and cells. */
const moveCases: readonly Case[] = [
  [
    "a member is in the cell that it was moved to last, and in no other",
    async (ground) => {
      const store = await storeWith(ground, "n");
      assert.equal(await store.move(moveOf({ to: HERE })), "moved");
      assert.deepEqual(await whoIsIn(store, HERE), ["n:s"]);
      assert.equal(await store.move(moveOf({ from: HERE, to: FAR, sequence: 2 })), "moved");
      assert.deepEqual([await whoIsIn(store, HERE), await whoIsIn(store, FAR)], [[], ["n:s"]]);
      assert.equal(await store.find("s"), FAR);
    },
  ],
  [
    "a move goes from where the member is, whatever the mover believes",
    async (ground) => {
      const store = await storeWith(ground, "n");
      await store.move(moveOf({ to: HERE }));
      assert.equal(await store.move(moveOf({ from: NEXT, to: FAR, sequence: 2 })), "moved");
      assert.equal(await store.move(moveOf({ to: NEXT, sequence: 3 })), "moved");
      assert.deepEqual([await whoIsIn(store, HERE), await whoIsIn(store, FAR)], [[], []]);
      assert.deepEqual(await whoIsIn(store, NEXT), ["n:s"]);
      assert.deepEqual(await store.count(["", HERE, NEXT, FAR]), [1, 0, 1, 0]);
    },
  ],
  [
    "a late move never undoes a newer one",
    async (ground) => {
      const store = await storeWith(ground, "n");
      await store.move(moveOf({ to: FAR, sequence: 3 }));
      assert.equal(await store.move(moveOf({ from: HERE, to: NEXT, sequence: 2 })), "late");
      assert.equal(await store.move(moveOf({ to: undefined, sequence: 1 })), "late");
      assert.deepEqual([await whoIsIn(store, FAR), await whoIsIn(store, NEXT)], [["n:s"], []]);
      assert.deepEqual(await store.count([FAR, NEXT]), [1, 0]);
    },
  ],
  [
    "the same move once more changes nothing",
    async (ground) => {
      const store = await storeWith(ground, "n");
      const move = moveOf({ to: HERE, sequence: 5 });
      await store.move(move);
      assert.equal(await store.move(move), "late");
      assert.deepEqual(await store.count([HERE]), [1]);
    },
  ],
  [
    "moves that arrive in any order end where the newest goes",
    async (ground) => {
      const store = await storeWith(ground, "n");
      const targets = [HERE, NEXT, FAR, HERE, FAR, NEXT, HERE, NEXT, FAR];
      const moves = targets.map((to, index) => moveOf({ to, sequence: index + 1 }));
      for (const at of [4, 0, 8, 2, 1, 7, 3, 6, 5]) await store.move(moves[at]!);
      assert.deepEqual(await whoIsIn(store, FAR), ["n:s"]);
      assert.deepEqual(await store.count(["", HERE, NEXT, FAR]), [1, 0, 0, 1]);
    },
  ],
  [
    "a member that has left is nowhere, and a late move does not bring it back",
    async (ground) => {
      const store = await storeWith(ground, "n");
      await store.move(moveOf({ to: HERE, sequence: 1 }));
      assert.equal(await store.move(moveOf({ from: HERE, to: undefined, sequence: 3 })), "moved");
      assert.equal(await store.move(moveOf({ from: HERE, to: NEXT, sequence: 2 })), "late");
      assert.equal(await store.find("s"), undefined);
      assert.deepEqual(await store.count(["", HERE, NEXT]), [0, 0, 0]);
      assert.equal(await store.move(moveOf({ to: NEXT, sequence: 4 })), "moved");
      assert.deepEqual(await whoIsIn(store, NEXT), ["n:s"]);
    },
  ],
  [
    "a member that was nowhere can leave",
    async (ground) => {
      const store = await storeWith(ground, "n");
      assert.equal(await store.move(moveOf({ from: HERE, sequence: 1 })), "moved");
      assert.deepEqual(await store.count([""]), [0]);
    },
  ],
  [
    "moving a member to where it is says who it is now, and counts it once",
    async (ground) => {
      const store = await storeWith(ground, "n");
      await store.move(moveOf({ to: HERE, userId: "7" }));
      assert.equal(await store.move(moveOf({ from: HERE, to: HERE, sequence: 2, userId: "8" })), "moved");
      const [found] = await store.members([HERE], 10);
      assert.deepEqual(
        found!.members.map(({ userId }) => userId),
        ["8"],
      );
      assert.deepEqual(await store.count([HERE]), [1]);
    },
  ],
  [
    "100 moves of one member at once leave it in one cell",
    async (ground) => {
      const store = await storeWith(ground, "n");
      const targets = [HERE, NEXT, FAR];
      const moves = Array.from({ length: 100 }, (_, index) =>
        store.move(moveOf({ to: targets[index % 3]!, sequence: index + 1 })),
      );
      await Promise.all(moves);
      assert.deepEqual(await store.count(["", ...targets]), [1, 1, 0, 0]);
      assert.deepEqual(await whoIsIn(store, HERE), ["n:s"]);
    },
  ],
];

/** What it says of reading. */
const readCases: readonly Case[] = [
  [
    "nine cells are answered in the order asked, those without members too",
    async (ground) => {
      const store = await storeWith(ground, "n", "m");
      await store.move(moveOf({ to: HERE, userId: "7" }));
      await store.move(moveOf({ node: "m", connection: "t", to: NEXT }));
      const cells = [FAR, NEXT, "ttngk8", HERE, "ttngk9", "ttngkb", "ttngkd", "ttngkg", "ttngku"];
      const found = await store.members(cells, 10);
      assert.deepEqual(
        found.map(({ cell }) => cell),
        cells,
      );
      assert.deepEqual(found[3]!.members, [{ node: "n", connection: "s", userId: "7" }]);
      assert.equal(found[1]!.members[0]!.userId, undefined);
      assert.equal(found.flatMap(({ members }) => members).length, 2);
    },
  ],
  [
    "no more members are answered than were asked for, over all cells, and what is left out is said",
    async (ground) => {
      const store = await storeWith(ground, "n");
      await crowd(store, HERE, 5);
      await crowd(store, NEXT, 3);
      const sizes = async (limit: number) =>
        (await store.members([HERE, NEXT, FAR], limit)).map(({ members, truncated }) => [
          members.length,
          truncated,
        ]);
      assert.deepEqual(await sizes(8), [
        [5, false],
        [3, false],
        [0, false],
      ]);
      assert.deepEqual(await sizes(7), [
        [5, false],
        [2, true],
        [0, false],
      ]);
      assert.deepEqual(await sizes(4), [
        [4, true],
        [0, true],
        [0, false],
      ]);
    },
  ],
  [
    "counts of prefixes agree with the cells below them",
    async (ground) => {
      const store = await storeWith(ground, "n");
      await crowd(store, HERE, 3);
      await crowd(store, NEXT, 2);
      await crowd(store, FAR, 1);
      const asked = ["", "t", "ttn", "ttngk", HERE, NEXT, "u4", FAR, "z", "ttngk0"];
      assert.deepEqual(await store.count(asked), [6, 5, 5, 5, 3, 2, 1, 1, 0, 0]);
    },
  ],
  [
    "counts of parts agree with those of prefixes, and leave empty parts out",
    async (ground) => {
      const store = await storeWith(ground, "n");
      await crowd(store, HERE, 3);
      await crowd(store, FAR, 1);
      await store.move(moveOf({ connection: `${HERE}0`, from: HERE, to: NEXT, sequence: 2 }));
      assert.deepEqual(Object.fromEntries(await store.counts(["", "ttngk", "u", "x"])), {
        t: 3,
        u: 1,
        [HERE]: 2,
        [NEXT]: 1,
        u4: 1,
      });
      await store.move(moveOf({ connection: `${FAR}0`, from: FAR, sequence: 2 }));
      assert.deepEqual(Object.fromEntries(await store.counts([""])), { t: 3 });
    },
  ],
  [
    "cells of one letter and of twelve are cells like others",
    async (ground) => {
      for (const [realm, from, to] of [
        ["one", "t", "u"],
        ["twelve", "ttngkcttngkc", "u4pruydqqvj8"],
      ] as const) {
        const { regionStore } = ground.realm(realm);
        await begin(regionStore, "n");
        await regionStore.move(moveOf({ to: from }));
        await regionStore.move(moveOf({ from, to, sequence: 2 }));
        assert.deepEqual(await regionStore.count(["", from, "u", to]), [1, 0, 1, 1]);
        assert.deepEqual(await whoIsIn(regionStore, to), ["n:s"]);
        await regionStore.move(moveOf({ from: to, sequence: 3 }));
        assert.deepEqual(Object.fromEntries(await regionStore.counts([""])), {});
      }
    },
  ],
  [
    "two realms know nothing of each other",
    async (ground) => {
      const store = await storeWith(ground, "n");
      await store.move(moveOf({ to: HERE }));
      const other = ground.realm("other").regionStore;
      assert.deepEqual(await other.count([""]), [0]);
      assert.equal(await other.find("s"), undefined);
    },
  ],
];

/** What it says of nodes that live and die. */
const lifeCases: readonly Case[] = [
  [
    "a node without a lease moves nobody",
    async (ground) => {
      const { regionStore } = mainRealm(ground);
      assert.equal(await regionStore.move(moveOf({ to: HERE })), "ended");
      assert.deepEqual(await regionStore.count([""]), [0]);
    },
  ],
  [
    "a lease that nobody knows is not renewed, only begun",
    async (ground) => {
      const { regionStore } = mainRealm(ground);
      const renew = async (begins: boolean) =>
        (await regionStore.renew({ node: "n", leaseMs: LONG_MS, begins })).kept;
      assert.deepEqual([await renew(false), await renew(true), await renew(false)], [false, true, true]);
    },
  ],
  [
    "members of a node whose lease has run out are left out at once, and are there again when it comes back",
    async (ground) => {
      const store = await storeWith(ground, "other");
      await begin(store, "n", 50);
      await store.move(moveOf({ to: HERE, sequence: 1 }));
      await store.move(moveOf({ node: "other", connection: "t", to: HERE }));
      await eventually("it is left out", async () => (await whoIsIn(store, HERE)).length === 1);
      assert.deepEqual([await whoIsIn(store, HERE), await store.find("s")], [["other:t"], undefined]);
      assert.equal((await store.renew({ node: "n", leaseMs: LONG_MS, begins: false })).kept, true);
      assert.deepEqual(await whoIsIn(store, HERE), ["n:s", "other:t"]);
    },
  ],
  [
    "a silent node is named to others, and not to itself",
    async (ground) => {
      const store = await storeWith(ground, "a", "b");
      const renew = async (node: string) =>
        (await store.renew({ node, leaseMs: LONG_MS, begins: false })).silent;
      assert.deepEqual([await renew("a"), await renew("b")], [undefined, undefined]);
      await begin(store, "n", 20);
      await eventually("it is named", async () => (await renew("a")) === "n");
      assert.equal((await store.renew({ node: "n", leaseMs: LONG_MS, begins: false })).silent, undefined);
    },
  ],
  [
    "a node that lives is not reaped",
    async (ground) => {
      const store = await storeWith(ground, "n");
      await store.move(moveOf({ to: HERE }));
      assert.equal(await store.reap("n"), "lives");
      assert.deepEqual(await whoIsIn(store, HERE), ["n:s"]);
    },
  ],
  [
    "what is left of a dead node is removed to the last member, and nothing else",
    async (ground) => {
      const store = await storeWith(ground, "other");
      await begin(store, "n", 400);
      await Promise.all(
        Array.from({ length: 600 }, (_, index) =>
          store.move(moveOf({ connection: `s${index}`, to: [HERE, NEXT, FAR][index % 3]! })),
        ),
      );
      await store.move(moveOf({ node: "other", connection: "t", to: HERE }));
      await eventually("all of it is removed", async () => (await store.reap("n")) === "gone");
      assert.deepEqual(await store.count(["", HERE, NEXT, FAR]), [1, 1, 0, 0]);
      assert.deepEqual(await whoIsIn(store, HERE), ["other:t"]);
      assert.equal(await store.reap("n"), "gone");
    },
  ],
  [
    "a life that was declared over cannot be renewed, and moves nobody any more",
    async (ground) => {
      const store = await storeWith(ground, "other");
      await begin(store, "n", 300);
      await Promise.all(
        Array.from({ length: 700 }, (_, index) => store.move(moveOf({ connection: `s${index}`, to: HERE }))),
      );
      await eventually("its lease runs out", async () => (await whoIsIn(store, HERE)).length === 0);
      await store.reap("n");
      assert.equal((await store.renew({ node: "n", leaseMs: LONG_MS, begins: false })).kept, false);
      assert.equal(await store.move(moveOf({ to: FAR, sequence: 9 })), "ended");
      assert.deepEqual(await store.count([FAR]), [0]);
      await eventually("all of it is removed", async () => (await store.reap("n")) === "gone");
    },
  ],
  [
    "a node that retires is left out although its lease would run",
    async (ground) => {
      const store = await storeWith(ground, "n");
      await store.move(moveOf({ to: HERE }));
      await store.retire("n");
      assert.deepEqual(await whoIsIn(store, HERE), []);
      assert.equal(await store.find("s"), undefined);
      await eventually("what is left is removed", async () => (await store.reap("n")) === "gone");
      assert.deepEqual(await store.count([""]), [0]);
    },
  ],
];

/** What the contract of `RegionStore` says. */
export const regionCases: readonly Case[] = [...moveCases, ...readCases, ...lifeCases];
