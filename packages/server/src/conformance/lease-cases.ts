import assert from "node:assert/strict";
import { reaches } from "@livecache/wire";
import { mainRealm, move, readOne, soften, store, take, ttlLeftOf } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

/** What the contract of `CacheStore` says of `begin`, `extend` and `abandon`. */
export const leaseCases: readonly Case[] = [
  [
    "of 100 callers at once one may load, and the others learn how long at most",
    async (ground) => {
      const { cacheStore } = mainRealm(ground);
      const replies = await Promise.all(
        Array.from({ length: 100 }, () => cacheStore.begin({ key: "k", leaseMs: 10_000 })),
      );
      assert.equal(replies.filter(({ state }) => state === "granted").length, 1);
      for (const reply of replies) {
        if (reply.state === "granted") continue;
        assert(reply.state === "busy");
        assert(reply.leaseLeftMs > 0 && reply.leaseLeftMs <= 10_000, `${reply.leaseLeftMs}`);
      }
    },
  ],
  [
    "the right to load one key says nothing of another",
    async (ground) => {
      const realm = mainRealm(ground);
      const leases = await Promise.all([take(realm, 10_000, "a"), take(realm, 10_000, "b")]);
      assert.notEqual(leases[0].lease, leases[1].lease);
    },
  ],
  [
    "a lease that is not given back ends by itself",
    async (ground) => {
      const realm = mainRealm(ground);
      await take(realm, 100);
      const states = new Set<string>();
      await eventually("the lease ends", async () => {
        const { state } = await realm.cacheStore.begin({ key: "k", leaseMs: 10_000 });
        states.add(state);
        return state === "granted";
      });
      assert.deepEqual([...states], ["busy", "granted"]);
    },
  ],
  [
    "the position of a grant lies between the call and the answer",
    async (ground) => {
      const realm = mainRealm(ground);
      for (let round = 0; round < 20; round++) {
        const before = await move(realm, "other");
        const [{ position, lease }] = await Promise.all([take(realm), move(realm, "other")]);
        const after = await realm.changeLog.position();
        assert(reaches(position, before) && reaches(after, position));
        await realm.cacheStore.abandon("k", lease);
      }
    },
  ],
  [
    "a change made after a grant refuses what was loaded under it",
    async (ground) => {
      const realm = mainRealm(ground);
      const { position, lease } = await take(realm);
      await move(realm, "t");
      assert.deepEqual(await store(realm, { position, lease }), { state: "refused", reason: "changed" });
    },
  ],
  [
    "an entry that the caller has not seen is answered when it is valid",
    async (ground) => {
      const realm = mainRealm(ground);
      await store(realm);
      const old = await readOne(realm);
      await store(realm);
      const fresh = await readOne(realm);
      assert(old.state === "valid");
      for (const seen of [undefined, old.entry.id]) {
        const reply = await realm.cacheStore.begin({ key: "k", leaseMs: 10_000, seen });
        assert(reply.state === "valid" && fresh.state === "valid");
        assert.equal(reply.entry.id, fresh.entry.id);
        assert(reaches(reply.judgedAt, fresh.entry.position));
      }
    },
  ],
  [
    "an entry that the caller has not seen does not hinder it when it is invalid",
    async (ground) => {
      const realm = mainRealm(ground);
      await store(realm);
      await move(realm, "t");
      await take(realm);
    },
  ],
  [
    "an entry that the caller has seen is not answered again",
    async (ground) => {
      const realm = mainRealm(ground);
      await store(realm);
      const found = await readOne(realm);
      assert(found.state === "valid");
      const reply = await realm.cacheStore.begin({ key: "k", leaseMs: 10_000, seen: found.entry.id });
      assert.equal(reply.state, "granted");
    },
  ],
  [
    "an entry that is stale, or past its TTL, does not hinder the load that replaces it",
    async (ground) => {
      const realm = mainRealm(ground);
      await store(realm, { key: "soft", tags: ["soft", "t"] });
      await soften(realm, "t");
      await take(realm, 60_000, "soft");
      await store(realm, { key: "old", ttlMs: 1, keepMs: 60_000 });
      await eventually("its TTL ends", async () => (await ttlLeftOf(realm, "old")) <= 0);
      await take(realm, 60_000, "old");
    },
  ],
  [
    "a lease that is extended lasts longer, and ends by itself all the same",
    async (ground) => {
      const realm = mainRealm(ground);
      const { lease } = await take(realm, 60_000);
      assert.equal(await realm.cacheStore.extend("k", lease, 120_000), true);
      const busy = await realm.cacheStore.begin({ key: "k", leaseMs: 10_000 });
      assert(busy.state === "busy" && busy.leaseLeftMs > 60_000 && busy.leaseLeftMs <= 120_000);
      assert.equal(await realm.cacheStore.extend("k", lease, 50), true);
      await eventually("the lease ends", async () => {
        return (await realm.cacheStore.begin({ key: "k", leaseMs: 10_000 })).state === "granted";
      });
    },
  ],
  [
    "a lease that has ended, was given back or passed on is not extended",
    async (ground) => {
      const realm = mainRealm(ground);
      const extend = (lease: string) => realm.cacheStore.extend("k", lease, 60_000);
      const first = await take(realm, 50);
      let second: string | undefined;
      await eventually("the lease ends", async () => {
        const reply = await realm.cacheStore.begin({ key: "k", leaseMs: 10_000 });
        second = reply.state === "granted" ? reply.lease : undefined;
        return second !== undefined;
      });
      assert.deepEqual([await extend(first.lease), await extend("nobody's")], [false, false]);
      assert.equal(await extend(second!), true);
      await realm.cacheStore.abandon("k", second!);
      assert.equal(await extend(second!), false);
      await take(realm);
    },
  ],
  [
    "an abandoned lease can be taken at once",
    async (ground) => {
      const realm = mainRealm(ground);
      const { lease } = await take(realm);
      await realm.cacheStore.abandon("k", lease);
      await take(realm);
    },
  ],
  [
    "abandoning a lease that has ended or passed on does nothing",
    async (ground) => {
      const realm = mainRealm(ground);
      const first = await take(realm);
      await realm.cacheStore.abandon("k", first.lease);
      await realm.cacheStore.abandon("k", first.lease);
      await take(realm);
      await realm.cacheStore.abandon("k", first.lease);
      const reply = await realm.cacheStore.begin({ key: "k", leaseMs: 10_000 });
      assert.equal(reply.state, "busy");
    },
  ],
];
