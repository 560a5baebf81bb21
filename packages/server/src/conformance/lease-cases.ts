import assert from "node:assert/strict";
import { reaches } from "@livecache/wire";
import { mainRealm, move, readOne, store, take } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

/** What the contract of `CacheStore` says of `begin` and `abandon`. */
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
      const old = await realm.changeLog.position();
      await move(realm, "t");
      await store(realm);
      const fresh = await readOne(realm);
      for (const seen of [undefined, old]) {
        const reply = await realm.cacheStore.begin({ key: "k", leaseMs: 10_000, seen });
        assert(reply.state === "valid" && fresh.state === "valid");
        assert.deepEqual(reply.entry.position, fresh.entry.position);
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
      const seen = await realm.changeLog.position();
      await store(realm, { position: seen });
      await move(realm, "t");
      const reply = await realm.cacheStore.begin({ key: "k", leaseMs: 10_000, seen });
      assert.equal(reply.state, "granted");
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
