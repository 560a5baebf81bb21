import assert from "node:assert/strict";
import type { Position } from "@livecache/wire";
import { MAX_SESSION_BYTES, MAX_SESSION_FIELDS, REPLACED_MS } from "../ports/session-store.ts";
import { follow, mainRealm } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";
import {
  createOne,
  endingOf,
  fieldsOf,
  patchOf,
  readHere,
  rotationOf,
  sessionsOf,
  stateOf,
  walk,
} from "./session-acts.ts";
import { sessionListCases } from "./session-list-cases.ts";

const saving: readonly Case[] = [
  [
    "a session is answered as it was created, and an id is created once",
    async (ground) => {
      const store = sessionsOf(ground);
      assert.equal(await stateOf(store, "s"), "absent");
      const fields = [
        ["__proto__", '{"isAdmin":true}'],
        ["m", "1"],
        ["n", '"ü{}"'],
        ["", "null"],
      ] as const;
      await createOne(store, "s", { fields, userId: "ana", absoluteMs: 7_200_000 });
      const record = await readHere(store, "s");
      assert.deepEqual(await fieldsOf(store, "s"), [fields[3], fields[0], fields[1], fields[2]]);
      assert.deepEqual([record.version, record.userId, record.isReplaced], [1, "ana", false]);
      assert.equal(record.expiresAtMs - record.seenAtMs, 3_600_000);
      assert.equal(record.endsAtMs! - record.createdAtMs, 7_200_000);
      assert(record.leftMs > 3_590_000 && record.leftMs <= 3_600_000, String(record.leftMs));
      const life = { idleMs: 1_000, absoluteMs: undefined, isForeign: false };
      const again = await store.create({ id: "s", fields: [], userId: undefined, ...life });
      assert.equal(again.state, "taken");
      assert.equal((await readHere(store, "s")).userId, "ana");
    },
  ],
  [
    "200 sessions with three writers at once each lose nothing",
    async (ground) => {
      const store = sessionsOf(ground);
      const ids = Array.from({ length: 200 }, (_, index) => `s${index}`);
      await Promise.all(ids.map((id) => createOne(store, id, { fields: [["kept", "0"]] })));
      await Promise.all(
        ids.flatMap((id) => ["a", "b", "c"].map((name) => store.save(patchOf(id, { set: [[name, "1"]] })))),
      );
      for (const id of ids) {
        const names = (await fieldsOf(store, id)).map(([name]) => name);
        assert.deepEqual(names, ["a", "b", "c", "kept"], id);
        assert.equal((await readHere(store, id)).version, 4);
      }
    },
  ],
  [
    "of two who save one property, strict saves the first and tells the second which",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "s", { fields: [["a", "1"]] });
      const strict = (part: object) => store.save(patchOf("s", { mode: "strict", ...part }));
      assert.equal((await strict({ set: [["a", "2"]] })).state, "saved");
      assert.equal((await strict({ set: [["b", "1"]] })).state, "saved");
      const conflict = await strict({
        set: [
          ["a", "3"],
          ["c", "1"],
        ],
      });
      assert.deepEqual(conflict, { state: "conflict", version: 3, fields: ["a"] });
      assert.deepEqual(await fieldsOf(store, "s"), [
        ["a", "2"],
        ["b", "1"],
      ]);
      await strict({ base: 3, remove: ["a"] });
      assert.equal((await strict({ base: 3, set: [["a", "4"]] })).state, "conflict");
    },
  ],
  [
    "exact saves nothing when anything was saved since, and touching is no save",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "s");
      await store.touch({ id: "s", idleMs: 3_600_000, budget: 0 });
      const exact = patchOf("s", { mode: "exact", set: [["a", "1"]] });
      assert.equal((await store.save(exact)).state, "saved");
      const conflict = await store.save({ ...exact, set: [["b", "1"]] });
      assert.deepEqual(conflict, { state: "conflict", version: 2, fields: [] });
    },
  ],
  [
    "properties that are removed are gone, and others stay",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "s", {
        fields: [
          ["a", "1"],
          ["b", "2"],
        ],
      });
      await store.save(patchOf("s", { remove: ["a", "unknown"] }));
      assert.deepEqual(await fieldsOf(store, "s"), [["b", "2"]]);
    },
  ],
  [
    "as many bytes and properties fit as the bounds say, and one more changes nothing",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "s");
      const text = (bytes: number) => JSON.stringify("x".repeat(bytes - 2));
      const most = await store.save(patchOf("s", { set: [["name", text(MAX_SESSION_BYTES - 4)]] }));
      assert.equal(most.state, "saved");
      const full = await store.save(patchOf("s", { set: [["a", "1"]] }));
      assert.deepEqual(full, { state: "full", bytes: MAX_SESSION_BYTES + 2, fields: 2 });
      assert.equal((await fieldsOf(store, "s")).length, 1);
      const shorter = await store.save(patchOf("s", { set: [["name", text(MAX_SESSION_BYTES - 6)]] }));
      assert.equal(shorter.state, "saved");
      assert.equal((await store.save(patchOf("s", { set: [["a", "1"]] }))).state, "saved");
      const many = Array.from({ length: MAX_SESSION_FIELDS }, (_, index) => [`f${index}`, "1"] as const);
      await createOne(store, "t");
      assert.equal((await store.save(patchOf("t", { set: many }))).state, "saved");
      assert.equal((await store.save(patchOf("t", { set: [["f0", "2"]] }))).state, "saved");
      assert.equal((await store.save(patchOf("t", { set: [["g", "2"]] }))).state, "full");
    },
  ],
];

const living: readonly Case[] = [
  [
    "a session expires after its idle time, and a save or touch begins that anew",
    async (ground) => {
      const store = sessionsOf(ground);
      for (const id of ["saved", "touched", "idle"]) await createOne(store, id, { idleMs: 400 });
      await eventually("the idle one expires", async () => {
        await store.save(patchOf("saved"));
        await store.touch({ id: "touched", idleMs: 400, budget: 0 });
        return (await stateOf(store, "idle")) === "absent";
      });
      assert.deepEqual([await stateOf(store, "saved"), await stateOf(store, "touched")], ["here", "here"]);
      const gone = await store.save(patchOf("idle", { set: [["a", "1"]] }));
      assert.equal(gone.state, "absent");
      assert.equal(await stateOf(store, "idle"), "absent");
    },
  ],
  [
    "at its absolute end a session expires however much it is used",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "s", { absoluteMs: 300 });
      await eventually("it expires", async () => {
        const { state } = await store.touch({ id: "s", idleMs: 3_600_000, budget: 0 });
        return state === "absent";
      });
    },
  ],
  [
    "a touch within the budget writes nothing, beyond it does, and so does another idle time",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "s", { idleMs: 60_000 });
      const { seenAtMs } = await readHere(store, "s");
      await eventually("time goes on", async () => (await readHere(store, "s")).leftMs < 59_950);
      const first = await store.touch({ id: "s", idleMs: 60_000, budget: 0.1 });
      assert(first.state === "alive" && first.seenAtMs === seenAtMs, JSON.stringify(first));
      const second = await store.touch({ id: "s", idleMs: 60_000, budget: 0 });
      assert(second.state === "alive" && second.seenAtMs > seenAtMs, JSON.stringify(second));
      const third = await store.touch({ id: "s", idleMs: 70_000, budget: 0.1 });
      assert(third.state === "alive" && third.expiresAtMs - third.seenAtMs === 70_000, JSON.stringify(third));
    },
  ],
];

const ending: readonly Case[] = [
  [
    "who ends or rotates is told where the record stands, before the call resolves",
    async (ground) => {
      const store = sessionsOf(ground);
      const { changeLog } = mainRealm(ground);
      await createOne(store, "s", { userId: "ana" });
      await createOne(store, "t", { userId: "ana" });
      const told: Position[] = [];
      const telling = () => ({ ...endingOf("session:a"), onAppended: (at: Position) => void told.push(at) });
      const calls = [
        () => store.end(["s"], telling()),
        () => store.rotate({ ...rotationOf("t", "u"), ending: telling() }),
        () => store.endAll({ userId: "ana", except: undefined, ending: telling() }),
      ];
      for (const [index, call] of calls.entries()) {
        await call();
        assert.deepEqual(told.slice(index), [await changeLog.position()]);
      }
    },
  ],
  [
    "a session that was ended stays so: nothing is saved, touched, rotated or created under its id",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "s", { userId: "ana" });
      assert.equal(await store.end(["s", "never"], endingOf("session:a")), 1);
      assert.equal(await store.end(["s"], endingOf("session:a")), 0);
      const life = { idleMs: 1_000, absoluteMs: undefined, isForeign: false };
      const replies = await Promise.all([
        store.save(patchOf("s", { set: [["a", "1"]] })),
        store.touch({ id: "s", idleMs: 1_000, budget: 0 }),
        store.rotate(rotationOf("s", "t")),
        store.create({ id: "s", fields: [], userId: undefined, ...life }),
        store.create({ id: "never", fields: [], userId: undefined, ...life }),
        store.read("s"),
      ]);
      assert.deepEqual(
        replies.map(({ state }) => state),
        Array(6).fill("ended"),
      );
      assert.equal(await stateOf(store, "t"), "absent");
      assert.deepEqual([await store.of("ana"), await store.length()], [[], 0]);
    },
  ],
  [
    "whoever saves while a session ends does not bring it back",
    async (ground) => {
      const store = sessionsOf(ground);
      const ids = Array.from({ length: 50 }, (_, index) => `s${index}`);
      for (const id of ids) await createOne(store, id);
      await Promise.all(
        ids.flatMap((id) => [
          store.save(patchOf(id, { set: [["a", "1"]] })),
          store.end([id], endingOf()),
          store.save(patchOf(id, { set: [["b", "1"]] })),
          store.touch({ id, idleMs: 3_600_000, budget: 0 }),
        ]),
      );
      const states = await Promise.all(ids.map((id) => stateOf(store, id)));
      assert.deepEqual(new Set(states), new Set(["ended"]));
    },
  ],
  [
    "endings and rotations stand in the log with their tags, and the session is over when that is told",
    async (ground) => {
      const realm = mainRealm(ground);
      const store = realm.sessionStore;
      for (const id of ["a", "b", "c"]) await createOne(store, id, { userId: "ana" });
      const heard = await follow(realm);
      await store.end(["a"], endingOf("session:a"));
      await store.rotate(rotationOf("b", "d", { ending: endingOf("session:b") }));
      await store.endAll({ userId: "ana", except: undefined, ending: endingOf("identity:ana") });
      const tags = await eventually("three records are told", () => {
        const told = heard.records().map((record) => record.tags[0]);
        return told.length === 3 && told;
      });
      assert.deepEqual(tags, ["session:a", "session:b", "identity:ana"]);
      const { position } = heard.records()[0]!;
      const { verdicts } = await realm.changeLog.judge([{ position, tags: ["session:b"] }]);
      assert.deepEqual(verdicts, ["changed"]);
      await heard.tail.close();
    },
  ],
];

const rotating: readonly Case[] = [
  [
    "a rotation carries what is there now, and what the old id answers is what was there before",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "old", {
        fields: [
          ["cart", "[1]"],
          ["drop", "1"],
        ],
        absoluteMs: 7_200_000,
      });
      await store.save(patchOf("old", { set: [["late", "1"]] }));
      const reply = await store.rotate(
        rotationOf("old", "new", { userId: "ana", set: [["role", '"x"']], remove: ["drop"] }),
      );
      assert(reply.state === "rotated" && reply.version === 1, JSON.stringify(reply));
      assert.deepEqual(await fieldsOf(store, "new"), [
        ["cart", "[1]"],
        ["late", "1"],
        ["role", '"x"'],
      ]);
      const [old, fresh] = [await readHere(store, "old"), await readHere(store, "new")];
      assert.deepEqual([old.userId, old.isReplaced, fresh.userId], [undefined, true, "ana"]);
      assert.equal(old.fields.length, 3);
      assert(old.leftMs > 0 && old.leftMs <= REPLACED_MS, String(old.leftMs));
      assert.equal(fresh.endsAtMs, old.endsAtMs);
      const ids = (await store.of("ana")).map(({ id }) => id);
      assert.deepEqual([ids, await store.length(), await walk(store, 10)], [["new"], 1, ["new"]]);
    },
  ],
  [
    "nothing is written through an id that was replaced, and of two who rotate at once one does",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "old", { userId: "ana" });
      const both = await Promise.all([
        store.rotate(rotationOf("old", "x", { carry: false })),
        store.rotate(rotationOf("old", "y")),
      ]);
      assert.deepEqual(both.map(({ state }) => state).sort(), ["replaced", "rotated"]);
      const save = await store.save(patchOf("old", { set: [["a", "1"]] }));
      const touch = await store.touch({ id: "old", idleMs: 3_600_000, budget: 0 });
      assert.deepEqual([save.state, touch.state], ["replaced", "replaced"]);
      assert.equal((await walk(store, 10)).length, 1);
      await createOne(store, "other");
      assert.equal((await store.rotate(rotationOf("other", "old"))).state, "taken");
      assert.equal(await stateOf(store, "other"), "here");
    },
  ],
  [
    "signing out everywhere ends a session that was replaced as well",
    async (ground) => {
      const store = sessionsOf(ground);
      await createOne(store, "old", { userId: "ana" });
      await store.rotate(rotationOf("old", "new"));
      await store.endAll({ userId: "ana", except: undefined, ending: endingOf() });
      assert.deepEqual([await stateOf(store, "old"), await stateOf(store, "new")], ["ended", "ended"]);
    },
  ],
];

/** What the contract of `SessionStore` says. */
export const sessionCases: readonly Case[] = [
  ...[...saving, ...living, ...ending],
  ...[...rotating, ...sessionListCases],
];
