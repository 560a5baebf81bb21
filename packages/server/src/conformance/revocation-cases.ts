import assert from "node:assert/strict";
import { systemClock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import { ALL_SHARDS, EXPIRY_MARGIN_MS, USER_KEPT_MS, shardOf, termOf } from "../base/revocation-shards.ts";
import { EVERYBODY, tokenName, userName } from "../base/token-digest.ts";
import type { Realm } from "../ports/ground.ts";
import { MAX_REVOKED_AT_ONCE } from "../ports/revocation-store.ts";
import type { Revocation, RevokeInput } from "../ports/revocation-store.ts";
import { follow, mainRealm } from "./acts.ts";
import { afterClosing } from "./closing.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

/** An hour from now, on a whole second. */
function inAnHour(): number {
  return Math.ceil(systemClock.wall() / 1_000 + 3_600) * 1_000;
}

function token(name: string, atMs = inAnHour()): Revocation {
  return { kind: "token", id: tokenName(name), atMs };
}

function user(userId: string, atMs: number): Revocation {
  return { kind: "user", id: userName(userId), atMs };
}

function revoke(realm: Realm, revoked: readonly Revocation[], more: Partial<RevokeInput> = {}) {
  const input = { changeId: randomWord(16), origin: "writer", revoked, tags: [], ...more };
  return realm.revocationStore.revoke(input);
}

async function revoked(realm: Realm, list: readonly Revocation[], more: Partial<RevokeInput> = {}) {
  const reply = await revoke(realm, list, more);
  assert(reply.state === "revoked", `expected it to be revoked, received ${JSON.stringify(reply)}`);
  return reply;
}

/** All that the store holds. */
async function readAll({ revocationStore }: Realm): Promise<readonly Revocation[]> {
  const shards = Array.from({ length: ALL_SHARDS }, (_, index) => revocationStore.shard(index));
  return (await Promise.all(shards)).flat();
}

function sorted(list: readonly Revocation[]): readonly Revocation[] {
  return [...list].sort((a, b) => (a.kind + a.id < b.kind + b.id ? -1 : 1));
}

/** Sums of all parts as `list` would have them. */
function sumsOf(list: readonly Revocation[]) {
  const sums = Array.from({ length: ALL_SHARDS }, () => ({ count: 0, sum: 0 }));
  for (const { kind, id, atMs } of list) {
    const part = sums[shardOf(kind, id)]!;
    part.count++;
    part.sum += termOf(id, atMs);
  }
  return sums;
}

/** What the contract of `RevocationStore` says. */
export const revocationCases: readonly Case[] = [
  [
    "what was revoked is answered by its part, with its time, and by no other",
    async (ground) => {
      const realm = mainRealm(ground);
      const list = [
        ...Array.from({ length: 100 }, (_, index) => token(`token ${index}`, inAnHour() + index * 1_000)),
        user("7", systemClock.wall()),
        { kind: "user", id: EVERYBODY, atMs: systemClock.wall() } as const,
      ];
      assert.equal((await revoked(realm, list)).added, list.length);
      assert.deepEqual(sorted(await readAll(realm)), sorted(list));
      for (const one of list) {
        const part = await realm.revocationStore.shard(shardOf(one.kind, one.id));
        assert(part.some(({ kind, id }) => kind === one.kind && id === one.id));
      }
    },
  ],
  [
    "one record says what is revoked, moves the tags, and stands where the answer says",
    async (ground) => {
      const realm = mainRealm(ground);
      const { records, tail } = await follow(realm);
      const before = await realm.changeLog.position();
      const list = [token("a"), user("7", systemClock.wall())];
      const tags = ["identity:7", "identity:7:*"];
      const { position } = await revoked(realm, list, { changeId: "id", tags, trace: "00-a-b-01" });
      const [record] = await eventually("the record is told", () => records().length > 0 && records());
      assert.deepEqual(record!.position, position);
      assert.equal(record!.changeId, "id");
      assert.equal(record!.origin, "writer");
      assert.equal(record!.trace, "00-a-b-01");
      assert.deepEqual(record!.tags, tags);
      assert.equal(record!.mode, "purge");
      assert.deepEqual(record!.channels, []);
      assert.deepEqual(record!.revoked, list);
      const { verdicts } = await realm.changeLog.judge([{ position: before, tags: ["identity:7"] }]);
      assert.deepEqual(verdicts, ["changed"]);
      await tail.close();
    },
  ],
  [
    "saying it again changes nothing and appends nothing",
    async (ground) => {
      const realm = mainRealm(ground);
      const list = [token("a"), user("7", systemClock.wall())];
      await revoked(realm, list);
      const before = await realm.changeLog.position();
      const again = await revoked(realm, list);
      assert.equal(again.added, 0);
      assert.deepEqual(again.position, before);
      assert.deepEqual(await realm.changeLog.position(), before);
      assert.deepEqual(sorted(await readAll(realm)), sorted(list));
    },
  ],
  [
    "of two times of one name the later counts, in whatever order they come, and only news are told",
    async (ground) => {
      const realm = mainRealm(ground);
      const { records, tail } = await follow(realm);
      const [early, late] = [token("a", inAnHour()), token("a", inAnHour() + 60_000)];
      const [then, now] = [user("7", systemClock.wall() - 5_000), user("7", systemClock.wall())];
      await revoked(realm, [early, now]);
      assert.equal((await revoked(realm, [late, then])).added, 1);
      assert.equal((await revoked(realm, [early])).added, 0);
      assert.deepEqual(sorted(await readAll(realm)), sorted([late, now]));
      const told = await eventually("both records are told", () => records().length > 1 && records());
      assert.deepEqual(told[1]!.revoked, [late]);
      await tail.close();
    },
  ],
  [
    "one step may name the same token twice",
    async (ground) => {
      const realm = mainRealm(ground);
      const late = token("a", inAnHour() + 60_000);
      assert.equal((await revoked(realm, [token("a"), late, token("a")])).added, 1);
      const { shards } = await realm.revocationStore.state();
      assert.deepEqual(shards, sumsOf([late]));
    },
  ],
  [
    "a step with tags and nothing new moves the tags",
    async (ground) => {
      const realm = mainRealm(ground);
      const one = user("7", systemClock.wall());
      await revoked(realm, [one], { tags: ["identity:7"] });
      const before = await realm.changeLog.position();
      await revoked(realm, [one], { tags: ["identity:7"] });
      const { verdicts } = await realm.changeLog.judge([{ position: before, tags: ["identity:7"] }]);
      assert.deepEqual(verdicts, ["changed"]);
    },
  ],
  [
    "the sums of the parts are those of what they hold, after every step",
    async (ground) => {
      const realm = mainRealm(ground);
      const first = Array.from({ length: 150 }, (_, index) => token(`a${index}`));
      const later = first.map((one, index) => ({ ...one, atMs: one.atMs + index * 1_000 }));
      const users = Array.from({ length: 30 }, (_, index) => user(`u${index}`, systemClock.wall() + index));
      for (const [list, holds] of [
        [first, first],
        [users, [...first, ...users]],
        [later, [...later, ...users]],
      ] as const) {
        await revoked(realm, list);
        assert.deepEqual((await realm.revocationStore.state()).shards, sumsOf(holds));
      }
    },
  ],
  [
    `${MAX_REVOKED_AT_ONCE} are revoked in one step, and told by one record`,
    async (ground) => {
      const realm = mainRealm(ground);
      const { records, tail } = await follow(realm);
      const list = Array.from({ length: MAX_REVOKED_AT_ONCE }, (_, index) => token(`t${index}`));
      await revoked(realm, list);
      const [record] = await eventually("the record is told", () => records().length > 0 && records());
      assert.equal(record!.revoked?.length, MAX_REVOKED_AT_ONCE);
      await tail.close();
    },
  ],
  [
    "what has expired longer ago than the margin is not taken, and what is within it is",
    async (ground) => {
      const realm = mainRealm(ground);
      const nowMs = Math.floor(systemClock.wall() / 1_000) * 1_000;
      const gone = [token("a", nowMs - EXPIRY_MARGIN_MS - 5_000), user("7", nowMs - USER_KEPT_MS - 5_000)];
      const kept = [token("b", nowMs - EXPIRY_MARGIN_MS + 30_000), user("8", nowMs - USER_KEPT_MS + 30_000)];
      assert.equal((await revoked(realm, [...gone, ...kept])).added, 2);
      assert.deepEqual(sorted(await readAll(realm)), sorted(kept));
    },
  ],
  [
    "what has expired is swept, and the sums follow",
    async (ground) => {
      const realm = mainRealm(ground);
      await eventually("the set is whole", async () => (await realm.revocationStore.state()).isSettled);
      const stays = token("stays");
      const goes = token("goes", Math.ceil(systemClock.wall() / 1_000) * 1_000 - EXPIRY_MARGIN_MS + 1_000);
      assert.equal((await revoked(realm, [stays, goes])).added, 2);
      const sums = sumsOf([stays]);
      const { shards } = await eventually("it is swept", async () => {
        const state = await realm.revocationStore.state();
        return (
          state.shards[shardOf("token", goes.id)]?.count === sums[shardOf("token", goes.id)]!.count && state
        );
      });
      assert.deepEqual(shards, sums);
      assert.deepEqual(await readAll(realm), [stays]);
      assert.equal(await realm.revocationStore.isSettled(), true, "what goes in time is no loss");
    },
  ],
  [
    "the set says that it is whole, and what time it is; realms share nothing",
    async (ground) => {
      const realm = mainRealm(ground);
      await revoked(realm, [token("a")]);
      const state = await eventually("the set is whole", async () => {
        const asked = await realm.revocationStore.state();
        return asked.isSettled && asked;
      });
      assert.equal(await realm.revocationStore.isSettled(), true);
      assert(Math.abs(state.serverMs - systemClock.wall()) < 10_000);
      assert.deepEqual(state.position, await realm.changeLog.position());
      assert.deepEqual(await readAll(ground.realm("other")), []);
    },
  ],
  [
    "calls on their way when the ground closes answer or say so, and later ones say so",
    async (ground) => {
      const realm = mainRealm(ground);
      const { revocationStore } = realm;
      await afterClosing(ground, {
        revoke: () => revoke(realm, [token("a")]),
        state: () => revocationStore.state(),
        isSettled: () => revocationStore.isSettled(),
        shard: () => revocationStore.shard(0),
      });
    },
  ],
];
