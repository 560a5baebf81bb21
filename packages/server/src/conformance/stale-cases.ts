import assert from "node:assert/strict";
import type { Verdict } from "../ports/change-log.ts";
import type { Realm } from "../ports/ground.ts";
import {
  bytes,
  changeOf,
  follow,
  mainRealm,
  move,
  readOne,
  soften,
  store,
  stored,
  take,
  ttlLeftOf,
} from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

/** What soft changes make of entries, and what becomes of entries past their TTL. */
export const staleCases: readonly Case[] = [
  [
    "a soft change makes an entry stale, not void, and says at which log end",
    async (ground) => {
      const realm = mainRealm(ground);
      await stored(realm);
      const moved = await soften(realm, "t");
      const reply = await readOne(realm);
      assert(reply.state === "stale");
      assert.deepEqual([reply.judgedAt, [...reply.entry.value]], [moved, [...bytes("value")]]);
    },
  ],
  [
    "a hard change voids whatever soft changes come before and after it",
    async (ground) => {
      const realm = mainRealm(ground);
      await stored(realm);
      await soften(realm, "t");
      await move(realm, "t");
      await soften(realm, "t");
      assert.equal((await readOne(realm)).state, "invalid");
    },
  ],
  [
    "one tag that was purged voids, however many are only stale",
    async (ground) => {
      const realm = mainRealm(ground);
      await stored(realm, { tags: ["k", "t", "u"] });
      await soften(realm, "k", "t");
      await move(realm, "u");
      assert.equal((await readOne(realm)).state, "invalid");
    },
  ],
  [
    "a soft change of a tag that the ground does not know is a hard one",
    async (ground) => {
      assert(ground.forgetTag, "the ground under test offers no forgetTag");
      const realm = mainRealm(ground);
      await stored(realm);
      await ground.forgetTag("main", "t");
      await soften(realm, "t");
      assert.equal((await readOne(realm)).state, "invalid");
    },
  ],
  [
    "what was stored after a soft change is valid",
    async (ground) => {
      const realm = mainRealm(ground);
      await stored(realm);
      await soften(realm, "t");
      await stored(realm);
      assert.equal((await readOne(realm)).state, "valid");
    },
  ],
  [
    "a value is stored over a soft change made during its load, and the reply says so",
    async (ground) => {
      const realm = mainRealm(ground);
      await stored(realm);
      const { position, lease } = await take(realm, 60_000, "other");
      await soften(realm, "t");
      const reply = await stored(realm, { key: "other", tags: ["other", "t"], position, lease });
      assert.equal(reply.verdict, "stale");
      assert.equal((await readOne(realm, "other")).state, "stale");
      assert.equal((await stored(realm)).verdict, "valid");
    },
  ],
  [
    "the log tells how each change moved its tags, and judges claims by it",
    async (ground) => {
      const realm = mainRealm(ground);
      const { records, tail } = await follow(realm);
      await stored(realm, { tags: ["k", "t", "u"] });
      const position = await realm.changeLog.position();
      await soften(realm, "t");
      await move(realm, "u");
      await eventually("both records are told", () => records().length === 2);
      assert.deepEqual(
        records().map(({ mode }) => mode),
        ["stale", "purge"],
      );
      assert.deepEqual(await verdictsOf(realm, position, [["k"], ["t"], ["u"], ["t", "u"]]), [
        "valid",
        "stale",
        "changed",
        "changed",
      ]);
      await tail.close();
    },
  ],
  [
    "a retry of a soft change moves nothing again",
    async (ground) => {
      const realm = mainRealm(ground);
      await stored(realm);
      const before = await realm.changeLog.position();
      const change = changeOf({ tags: ["t"], mode: "stale" });
      const first = await realm.changeLog.append(change);
      await stored(realm);
      assert.deepEqual(await realm.changeLog.append({ ...change, retryAfter: before }), first);
      assert.equal((await readOne(realm)).state, "valid");
    },
  ],
  [
    "an entry past its TTL is answered as long as it is kept, and says how old it is",
    async (ground) => {
      const realm = mainRealm(ground);
      await stored(realm, { ttlMs: 20, keepMs: 60_000 });
      await eventually("the TTL ends", async () => (await ttlLeftOf(realm)) <= 0);
      const reply = await readOne(realm);
      assert(reply.state === "valid");
      assert.equal(reply.entry.ttlMs, 20);
      assert(reply.entry.keptLeftMs > 50_000 && reply.entry.keptLeftMs <= 60_000);
    },
  ],
  [
    "every stored value has an id of its own, also at the same stamp",
    async (ground) => {
      const realm = mainRealm(ground);
      const position = await realm.changeLog.position();
      const first = await stored(realm, { position });
      const second = await stored(realm, { position });
      const reply = await readOne(realm);
      assert(reply.state === "valid");
      assert.notEqual(first.id, second.id);
      assert.equal(reply.entry.id, second.id);
    },
  ],
  [
    "an entry is discarded only as the one that was seen",
    async (ground) => {
      const realm = mainRealm(ground);
      const first = await stored(realm);
      const second = await stored(realm);
      await realm.cacheStore.discard("k", first.id);
      assert.equal((await readOne(realm)).state, "valid");
      await realm.cacheStore.discard("k", second.id);
      assert.equal((await readOne(realm)).state, "absent");
      await realm.cacheStore.discard("k", second.id);
    },
  ],
  [
    "pages of keys tell every key of a prefix, whatever characters it has, and no other",
    async (ground) => {
      const realm = mainRealm(ground);
      const mine = ["a[1]:x", "a[1]:{y}", "a[1]:ü%", ...Array.from({ length: 40 }, (_, n) => `a[1]:${n}`)];
      for (const key of [...mine, "a1:x", "b:a[1]:x"]) await store(realm, { key, tags: [key] });
      for (const limit of [1, mine.length - 1, mine.length, mine.length + 1]) {
        assert.deepEqual([...(await keysOf(realm, "a[1]:", limit))].sort(), [...mine].sort());
      }
      assert.equal((await keysOf(realm, "", 10)).size, mine.length + 2);
      assert.equal((await keysOf(realm, "none", 10)).size, 0);
    },
  ],
];

async function verdictsOf(
  realm: Realm,
  position: Awaited<ReturnType<Realm["changeLog"]["position"]>>,
  tagLists: readonly (readonly string[])[],
): Promise<readonly Verdict[]> {
  const { verdicts } = await realm.changeLog.judge(tagLists.map((tags) => ({ position, tags })));
  return verdicts;
}

async function keysOf(realm: Realm, prefix: string, limit: number): Promise<Set<string>> {
  const found = new Set<string>();
  let after: string | undefined;
  do {
    const page = await realm.cacheStore.keys({ prefix, after, limit });
    for (const key of page.keys) found.add(key);
    after = page.next;
  } while (after !== undefined);
  return found;
}
