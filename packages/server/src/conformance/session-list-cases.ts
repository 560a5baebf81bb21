import assert from "node:assert/strict";
import { MAX_SESSIONS_PER_USER } from "../ports/session-store.ts";
import { afterClosing } from "./closing.ts";
import type { Case } from "./run-cases.ts";
import {
  createOne,
  endingOf,
  patchOf,
  readHere,
  rotationOf,
  sessionsOf,
  stateOf,
  walk,
} from "./session-acts.ts";

const belonging: readonly Case[] = [
  [
    "a user's sessions are those that were bound to the user, the last to expire first",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "a", { userId: "ana", idleMs: 20_000 });
      await createOne(store, "b", { userId: "ana", idleMs: 30_000 });
      await createOne(store, "c", { userId: "ben" });
      await createOne(store, "d");
      await store.save(patchOf("d", { userId: "ana", idleMs: 10_000 }));
      const idsOf = async (user: string) => (await store.of(user)).map(({ id }) => id);
      assert.deepEqual(await idsOf("ana"), ["b", "a", "d"]);
      await store.save(patchOf("a", { userId: null }));
      await store.save(patchOf("b", { userId: "ben" }));
      assert.deepEqual([await idsOf("ana"), await idsOf("ben")], [["d"], ["c", "b"]]);
      assert.equal((await readHere(store, "a")).userId, undefined);
      assert.deepEqual([(await readHere(store, "b")).userId, await store.length()], ["ben", 4]);
    },
  ],
  [
    "a session that was read before is read as it is now: bound anew, of another round, replaced, or over",
    async (ground) => {
      const store = sessionsOf(ground);
      for (const id of ["a", "b", "c", "d"]) await createOne(store, id, { userId: "ana" });
      await createOne(store, "e");
      const states = () => Promise.all(["a", "b", "c", "d", "e"].map((id) => stateOf(store, id)));
      for (let times = 0; times < 3; times++) assert.deepEqual(new Set(await states()), new Set(["here"]));
      await store.save(patchOf("a", { userId: "ben" }));
      await store.save(patchOf("e", { userId: "ana" }));
      await store.rotate(rotationOf("d", "f"));
      const replaced = await readHere(store, "d");
      assert.deepEqual([(await readHere(store, "a")).userId, replaced.isReplaced], ["ben", true]);
      assert.equal((await readHere(store, "e")).userId, "ana");
      await store.endAll({ userId: "ana", except: "b", ending: endingOf() });
      assert.deepEqual(await states(), ["here", "here", "ended", "ended", "ended"]);
      await store.end(["a", "b"], endingOf());
      assert.deepEqual(new Set(await states()), new Set(["ended"]));
    },
  ],
  [
    "signing out everywhere ends all sessions of the user but one, and later ones live",
    async (ground) => {
      const store = sessionsOf(ground);
      for (const id of ["a", "b", "c"]) await createOne(store, id, { userId: "ana" });
      await createOne(store, "other", { userId: "ben" });
      const out = (except: string | undefined) =>
        store.endAll({ userId: "ana", except, ending: endingOf("identity:ana") });
      const first = await out("b");
      assert.equal(first.count, 2);
      await createOne(store, "d", { userId: "ana" });
      assert.ok(first.atMs >= (await readHere(store, "b")).createdAtMs);
      assert.ok(first.atMs <= (await readHere(store, "d")).createdAtMs);
      const states = await Promise.all(["a", "b", "c", "d", "other"].map((id) => stateOf(store, id)));
      assert.deepEqual(states, ["ended", "here", "ended", "here", "here"]);
      assert.equal((await store.save(patchOf("b", { set: [["a", "1"]] }))).state, "saved");
      assert.equal((await out("other")).count, 2);
      assert.deepEqual([await stateOf(store, "b"), await stateOf(store, "other")], ["ended", "here"]);
      assert.equal((await out(undefined)).count, 0);
    },
  ],
  [
    "sessions of a user beyond the most are named, those that expire first",
    async (ground) => {
      const store = sessionsOf(ground);
      const make = (index: number) =>
        store.create({
          ...{ id: `s${index}`, fields: [], userId: "ana", absoluteMs: undefined, isForeign: false },
          idleMs: 1_000_000 + index * 1_000,
        });
      for (let index = 1; index <= MAX_SESSIONS_PER_USER; index++) {
        assert.deepEqual((await make(index)) as object, { ...(await made(index)), beyond: [] });
      }
      async function made(index: number) {
        const { version, expiresAtMs } = await readHere(store, `s${index}`);
        return { state: "created", version, expiresAtMs };
      }
      const more = await make(0);
      assert(more.state === "created", more.state);
      assert.deepEqual(more.beyond, ["s1"]);
    },
  ],
  [
    "one that another store knew is not taken over once its user was signed out everywhere",
    async (ground) => {
      const store = sessionsOf(ground);
      const foreign = { fields: [], absoluteMs: undefined, idleMs: 60_000, isForeign: true };
      assert.equal((await store.create({ ...foreign, id: "a", userId: "ana" })).state, "created");
      await store.endAll({ userId: "ana", except: undefined, ending: endingOf() });
      assert.equal((await store.create({ ...foreign, id: "b", userId: "ana" })).state, "ended");
      assert.equal((await store.create({ ...foreign, id: "c", userId: undefined })).state, "created");
      await createOne(store, "d", { userId: "ana" });
    },
  ],
];

const all: readonly Case[] = [
  [
    "pages tell every session that is there, also while others come, move and go",
    async (ground) => {
      const store = sessionsOf(ground);
      const ids = Array.from({ length: 300 }, (_, index) => `s${String(index).padStart(3, "0")}`);
      await Promise.all(ids.map((id) => createOne(store, id)));
      assert.deepEqual(await walk(store, 50), ids);
      const told = new Set<string>();
      let from: string | undefined;
      let round = 0;
      do {
        const { records, next } = await store.page(from, 50);
        for (const { id } of records) told.add(id);
        from = next;
        const number = String(round++).padStart(3, "0");
        await store.end([`s${number}`], endingOf());
        await store.touch({ id: "s250", idleMs: 1_000_000 + round, budget: 0 });
        await createOne(store, `t${number}`);
      } while (from !== undefined);
      const missed = ids.slice(round).filter((id) => !told.has(id));
      assert.deepEqual(missed, []);
      assert.equal(await store.length(), 300);
    },
  ],
  [
    "realms know nothing of each other's sessions",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "s", { userId: "ana" });
      const other = ground.realm("two").sessionStore;
      assert.equal(await stateOf(other, "s"), "absent");
      await other.end(["s"], endingOf());
      await other.endAll({ userId: "ana", except: undefined, ending: endingOf() });
      assert.equal(await stateOf(store, "s"), "here");
    },
  ],
  [
    "session calls on their way when the ground closes end, and later ones reject with LIVE_CLOSED",
    async (ground) => {
      const store = sessionsOf(ground);
      const life = { idleMs: 1_000, absoluteMs: undefined, isForeign: false };
      await afterClosing(ground, {
        read: () => store.read("s"),
        create: () => store.create({ id: "s", fields: [], userId: undefined, ...life }),
        save: () => store.save(patchOf("s")),
        touch: () => store.touch({ id: "s", idleMs: 1_000, budget: 0 }),
        end: () => store.end(["s"], endingOf()),
        rotate: () => store.rotate(rotationOf("s", "t")),
        of: () => store.of("ana"),
        endAll: () => store.endAll({ userId: "ana", except: undefined, ending: endingOf() }),
        page: () => store.page(undefined, 10),
        length: () => store.length(),
        readForeign: () => store.readForeign("sess:s"),
        limitForeign: () => store.limitForeign("sess:s", 0),
      });
    },
  ],
];

/** What the contract of `SessionStore` says of the sessions of a user, and of all. */
export const sessionListCases: readonly Case[] = [...belonging, ...all];
