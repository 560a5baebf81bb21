import assert from "node:assert/strict";
import { reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { StoredEntry } from "../ports/cache-store.ts";
import { bytes, mainRealm, move, readOne, store, stored } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

/** What the contract of `CacheStore` says of validity and of `read`. */
export const readCases: readonly Case[] = [
  [
    "a key that nothing was stored under is absent",
    async (ground) => {
      assert.deepEqual(await readOne(mainRealm(ground)), { state: "absent" });
    },
  ],
  [
    "an entry reads back as it was stored, whatever bytes and names it has",
    async (ground) => {
      const realm = mainRealm(ground);
      const position = await realm.changeLog.position();
      const value = Uint8Array.from({ length: 1_024 }, (_, index) => index % 256);
      const key = 'odd key {a}:ü"\\';
      const tags = [key, "täg:{b}", "x".repeat(500)];
      await stored(realm, { key, position, tags, value });
      const reply = await readOne(realm, key);
      assert(reply.state === "valid");
      const { entry } = reply;
      assert.deepEqual(
        [entry.key, entry.position, entry.tags, [...entry.value], entry.ttlMs],
        [key, position, tags, [...value], 60_000],
      );
      assert(reply.entry.ttlLeftMs > 50_000 && reply.entry.ttlLeftMs <= 60_000, `${reply.entry.ttlLeftMs}`);
    },
  ],
  [
    "an entry may be empty, and may depend on nothing but the epoch",
    async (ground) => {
      const realm = mainRealm(ground);
      await store(realm, { tags: [], value: new Uint8Array() });
      await move(realm, "k", "t");
      const reply = await readOne(realm);
      assert(reply.state === "valid");
      assert.deepEqual([reply.entry.tags, reply.entry.value.length], [[], 0]);
    },
  ],
  [
    "there is one answer for each key, in the order asked",
    async (ground) => {
      const realm = mainRealm(ground);
      for (const key of ["a", "b"]) await store(realm, { key, tags: [key], value: bytes(key) });
      await move(realm, "b");
      const replies = await realm.cacheStore.read(["b", "none", "a", "a"]);
      assert.deepEqual(
        replies.map((reply) => (reply.state === "valid" ? reply.entry.key : reply.state)),
        ["invalid", "absent", "a", "a"],
      );
      assert.deepEqual(await realm.cacheStore.read([]), []);
    },
  ],
  [
    "an entry is valid while none of its tags has moved past its stamp",
    async (ground) => {
      const realm = mainRealm(ground);
      await move(realm, "k", "t");
      await store(realm);
      await move(realm, "other");
      assert.equal((await readOne(realm)).state, "valid");
    },
  ],
  [
    "an entry is invalid once one of its tags has moved past its stamp",
    async (ground) => {
      const realm = mainRealm(ground);
      const position = await realm.changeLog.position();
      await store(realm, { position });
      await move(realm, "other", "t");
      const reply = await readOne(realm);
      assert(reply.state === "invalid" && reply.reason === "changed");
      assert.deepEqual(reply.entry.position, position);
    },
  ],
  [
    "an entry of another epoch is invalid",
    async (ground) => {
      const realm = mainRealm(ground);
      const position = await realm.changeLog.position();
      await store(realm, { position });
      await realm.changeLog.renewEpoch(position.epoch);
      const reply = await readOne(realm);
      assert(reply.state === "invalid" && reply.reason === "epoch");
      assert.deepEqual(reply.entry.position, position);
    },
  ],
  [
    "a tag that the ground has lost makes an entry invalid",
    async (ground) => {
      assert(ground.forgetTag, "the ground under test offers no forgetTag");
      const realm = mainRealm(ground);
      await store(realm);
      await ground.forgetTag("main", "t");
      const reply = await readOne(realm);
      assert(reply.state === "invalid" && reply.reason === "changed");
      await stored(realm);
      assert.equal((await readOne(realm)).state, "valid");
    },
  ],
  [
    "an entry that a change voided before the call is never answered as valid",
    async (ground) => {
      const realm = mainRealm(ground);
      for (let round = 0; round < 30; round++) {
        await store(realm);
        const [moved] = await Promise.all([move(realm, "t"), realm.cacheStore.read(["k"])]);
        const replies = await Promise.all([readOne(realm), readOne(realm)]);
        for (const reply of replies) assert.equal(reply.state, "invalid");
        const position = await realm.changeLog.position();
        assert(reaches(position, moved));
      }
    },
  ],
  [
    "a valid entry is judged at a log end that is not older than the call",
    async (ground) => {
      const realm = mainRealm(ground);
      await store(realm);
      const before = await move(realm, "other");
      const reply = await readOne(realm);
      assert(reply.state === "valid");
      assert(reaches(reply.judgedAt, before));
    },
  ],
  [
    "an expired entry is absent",
    async (ground) => {
      const realm = mainRealm(ground);
      await store(realm, { ttlMs: 300 });
      const states = new Set<string>();
      await eventually("the entry expires", async () => {
        const reply = await readOne(realm);
        states.add(reply.state);
        if (reply.state === "valid") assert(reply.entry.ttlLeftMs > 0 && reply.entry.ttlLeftMs <= 300);
        return reply.state !== "valid";
      });
      assert.deepEqual([...states], ["valid", "absent"]);
    },
  ],
  [
    "the local judge is asked first, with the log's end, and its word is taken",
    async (ground) => {
      const realm = mainRealm(ground);
      const position = await realm.changeLog.position();
      await store(realm, { key: "moved", position });
      await store(realm, { key: "still", position, tags: ["still"] });
      const head = await move(realm, "t");
      const asked: (Pick<StoredEntry, "position" | "tags"> & { head: Position })[] = [];
      const replies = await realm.cacheStore.read(["moved", "still", "none"], (entry, at) => {
        asked.push({ position: entry.position, tags: entry.tags, head: at });
        return entry.tags.length === 2 ? "valid" : "changed";
      });
      assert.deepEqual(
        replies.map(({ state }) => state),
        ["valid", "invalid", "absent"],
      );
      assert.deepEqual(asked, [
        { position, tags: ["moved", "t"], head },
        { position, tags: ["still"], head },
      ]);
    },
  ],
  [
    "what the local judge does not know is judged by the ground",
    async (ground) => {
      const realm = mainRealm(ground);
      await store(realm, { key: "moved" });
      await store(realm, { key: "still", tags: ["still"] });
      await move(realm, "t");
      const replies = await realm.cacheStore.read(["moved", "still"], () => "unknown");
      assert.deepEqual(
        replies.map(({ state }) => state),
        ["invalid", "valid"],
      );
    },
  ],
  [
    "bytes that cannot be read back are absent, and removed",
    async (ground) => {
      assert(ground.plantBytes, "the ground under test offers no plantBytes");
      const realm = mainRealm(ground);
      for (const foreign of ["", "not an entry", '{"a":1}', "\u0000\u0001\n\n"]) {
        const isThere = await ground.plantBytes("main", "k", bytes(foreign));
        assert.deepEqual(await readOne(realm), { state: "absent" });
        await eventually("the bytes are removed", async () => !(await isThere()));
        await stored(realm);
        assert.equal((await readOne(realm)).state, "valid");
      }
    },
  ],
];
