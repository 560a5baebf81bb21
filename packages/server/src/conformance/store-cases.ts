import assert from "node:assert/strict";
import { bytes, mainRealm, move, readOne, store, stored, take } from "./acts.ts";
import { afterClosing } from "./closing.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

/** What the contract of `CacheStore` says of `commit`, of realms and of closing. */
export const storeCases: readonly Case[] = [
  [
    "a value is refused when one of its tags moved after its load began",
    async (ground) => {
      const realm = mainRealm(ground);
      const { position, lease } = await take(realm);
      await move(realm, "t");
      assert.deepEqual(await store(realm, { position, lease }), { state: "refused", reason: "changed" });
      assert.deepEqual(await readOne(realm), { state: "absent" });
    },
  ],
  [
    "tags that are named only after the load count as much",
    async (ground) => {
      const realm = mainRealm(ground);
      const { position, lease } = await take(realm);
      await move(realm, "late");
      const reply = await store(realm, { position, lease, tags: ["k", "never moved", "late"] });
      assert.deepEqual(reply, { state: "refused", reason: "changed" });
    },
  ],
  [
    "tags that nobody has heard of do not keep a value out, also after other changes",
    async (ground) => {
      const realm = mainRealm(ground);
      const { position, lease } = await take(realm);
      await move(realm, "other");
      const reply = await store(realm, { position, lease, tags: ["k", "first seen"] });
      assert.equal(reply.state, "stored");
      assert.equal((await readOne(realm)).state, "valid");
      await move(realm, "first seen");
      assert.equal((await readOne(realm)).state, "invalid");
    },
  ],
  [
    "a value is refused when the epoch has been renewed since its load began",
    async (ground) => {
      const realm = mainRealm(ground);
      const { position, lease } = await take(realm);
      await realm.changeLog.renewEpoch(position.epoch);
      assert.deepEqual(await store(realm, { position, lease }), { state: "refused", reason: "epoch" });
      assert.deepEqual(await readOne(realm), { state: "absent" });
    },
  ],
  [
    "a value never replaces one whose load began later",
    async (ground) => {
      const realm = mainRealm(ground);
      const older = await move(realm, "k", "t");
      await move(realm, "other");
      await store(realm, { value: bytes("newer") });
      const reply = await store(realm, { position: older, value: bytes("older") });
      assert.deepEqual(reply, { state: "refused", reason: "superseded" });
      const kept = await readOne(realm);
      assert(kept.state === "valid");
      assert.deepEqual(Buffer.from(kept.entry.value).toString(), "newer");
    },
  ],
  [
    "a value replaces one whose load began earlier, at the same position, or in another epoch",
    async (ground) => {
      const realm = mainRealm(ground);
      const first = await realm.changeLog.position();
      await store(realm, { position: first, value: bytes("1") });
      await stored(realm, { position: first, value: bytes("2") });
      await move(realm, "t");
      await stored(realm, { value: bytes("3") });
      await realm.changeLog.renewEpoch(first.epoch);
      await stored(realm, { value: bytes("4") });
      const kept = await readOne(realm);
      assert(kept.state === "valid");
      assert.equal(Buffer.from(kept.entry.value).toString(), "4");
    },
  ],
  [
    "whatever the answer, the caller's lease is given back",
    async (ground) => {
      const realm = mainRealm(ground);
      const ends: readonly [string, () => Promise<unknown>][] = [
        ["stored", () => Promise.resolve()],
        ["changed", () => move(realm, "t")],
        ["superseded", async () => store(realm, { position: await move(realm, "other"), tags: ["k"] })],
        ["epoch", async () => realm.changeLog.renewEpoch((await realm.changeLog.position()).epoch)],
      ];
      for (const [end, meanwhile] of ends) {
        await move(realm, "k", "t");
        const { position, lease } = await take(realm);
        await meanwhile();
        const reply = await store(realm, { position, lease });
        assert.equal(reply.state === "stored" ? reply.state : reply.reason, end);
        await move(realm, "k");
        const next = await take(realm);
        await realm.cacheStore.abandon("k", next.lease);
      }
    },
  ],
  [
    "somebody else's lease is left alone",
    async (ground) => {
      const realm = mainRealm(ground);
      const slow = await take(realm, 20);
      const current = await eventually("the slow one's lease ends", async () => {
        const reply = await realm.cacheStore.begin({ key: "k", leaseMs: 60_000 });
        return reply.state === "granted" ? reply : undefined;
      });
      const { position } = slow;
      const { id: seen } = await stored(realm, { position, lease: slow.lease });
      const later = await realm.cacheStore.begin({ key: "k", leaseMs: 60_000, seen });
      assert.equal(later.state, "busy");
      await store(realm, { position: current.position, lease: current.lease });
    },
  ],
  [
    "an entry's tags are known at least as long as the entry lives",
    async (ground) => {
      const realm = mainRealm(ground);
      await store(realm, { ttlMs: 200 });
      const states = new Set<string>();
      await eventually("the entry expires", async () => {
        const { state } = await readOne(realm);
        states.add(state);
        return state === "absent";
      });
      assert.deepEqual([...states], ["valid", "absent"]);
    },
  ],
  [
    "the same key in two realms is two entries, with two leases and two sets of tags",
    async (ground) => {
      const [left, right] = [ground.realm("left"), ground.realm("right")];
      await store(left, { value: bytes("left") });
      assert.deepEqual(await readOne(right), { state: "absent" });
      await move(left, "t");
      await store(right, { value: bytes("right") });
      assert.equal((await readOne(left)).state, "invalid");
      assert.equal((await readOne(right)).state, "valid");
      await take(left);
      await move(right, "t");
      await take(right);
    },
  ],
  [
    "after closing, every call to the cache store rejects with LIVE_CLOSED",
    async (ground) => {
      const realm = mainRealm(ground);
      const { position, lease } = await take(realm);
      await afterClosing(ground, {
        read: () => realm.cacheStore.read(["k"]),
        begin: () => realm.cacheStore.begin({ key: "k", leaseMs: 1_000 }),
        commit: () => store(realm, { position, lease }),
        extend: () => realm.cacheStore.extend("k", lease, 1_000),
        abandon: () => realm.cacheStore.abandon("k", lease),
      });
    },
  ],
];
