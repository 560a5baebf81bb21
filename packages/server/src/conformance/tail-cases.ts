import assert from "node:assert/strict";
import { systemClock } from "../base/clock.ts";
import type { TailEvent } from "../ports/change-log.ts";
import type { Realm } from "../ports/ground.ts";
import { changeOf, follow, mainRealm, move } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

const MANY = Array.from({ length: 200 }, (_, index) => `change ${index}`);

async function appendMany(realm: Realm): Promise<void> {
  await Promise.all(MANY.map((changeId) => realm.changeLog.append(changeOf({ changeId }))));
}

function heardAt(events: readonly TailEvent[]): number[] {
  return events.flatMap((event) => (event.type === "heard" ? event.askedAtMs : []));
}

/** What the contract of `ChangeLog` says of tails, and of acknowledging. */
export const tailCases: readonly Case[] = [
  [
    "a tail begins with its start at the log's present end, and is told nothing before it",
    async (ground) => {
      const realm = mainRealm(ground);
      const position = await move(realm, "before");
      const { events, records } = await follow(realm);
      assert.deepEqual(events[0], { type: "start", position });
      const after = await move(realm, "after");
      await eventually("the record arrives", () => records().length > 0);
      assert.deepEqual(
        records().map((record) => record.position),
        [after],
      );
    },
  ],
  [
    "every record is told exactly once, in the order of the log",
    async (ground) => {
      const realm = mainRealm(ground);
      const { events, records } = await follow(realm);
      await appendMany(realm);
      await move(realm, "last");
      await eventually("the last record arrives", () => records().at(-1)?.tags[0] === "last");
      assert.deepEqual(
        records()
          .map(({ changeId }) => changeId)
          .slice(0, -1)
          .sort(),
        [...MANY].sort(),
      );
      const seqs = records().map(({ position }) => position.seq);
      assert.deepEqual(
        seqs,
        [...seqs].sort((a, b) => a - b),
      );
      assert.equal(events.filter(({ type }) => type === "start").length, 1);
    },
  ],
  [
    "two tails are told the same",
    async (ground) => {
      const realm = mainRealm(ground);
      const readers = await Promise.all([follow(realm, "one"), follow(realm, "two")]);
      await appendMany(realm);
      const ids = readers.map(
        ({ records }) =>
          () =>
            records().map(({ changeId }) => changeId),
      );
      await eventually("all records arrive", () => ids.every((seen) => seen().length === MANY.length));
      assert.deepEqual(ids[0]!(), ids[1]!());
    },
  ],
  [
    "a tail that begins later starts at the end of then",
    async (ground) => {
      const realm = mainRealm(ground);
      const first = await follow(realm, "one");
      await appendMany(realm);
      await eventually("all records arrive", () => first.records().length === MANY.length);
      const position = await realm.changeLog.position();
      const second = await follow(realm, "two");
      assert.deepEqual(second.events[0], { type: "start", position });
    },
  ],
  [
    "while the ground answers, heard is told at least every 500 ms, and its time never goes back",
    async (ground) => {
      const { events } = await follow(mainRealm(ground));
      await eventually("it is told several times", () => heardAt(events).length >= 6);
      const times = heardAt(events);
      const gaps = times.slice(1).map((atMs, index) => atMs - times[index]!);
      assert(Math.min(...gaps) >= 0, `the time went back: ${times.join(", ")}`);
      assert(times.at(-1)! <= systemClock.now(), "a question is not asked in the future");
      // The middle one: a machine that is busy with something else may stretch a few.
      const usualMs = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)]!;
      assert(usualMs <= 500, `${usualMs} ms between questions`);
    },
  ],
  [
    "what was appended before the question of a heard was sent has been told before it",
    async (ground) => {
      const realm = mainRealm(ground);
      const { events } = await follow(realm);
      for (let round = 0; round < 3; round++) {
        const position = await move(realm, "t");
        const doneAtMs = systemClock.now();
        const isLater = (event: TailEvent): boolean => event.type === "heard" && event.askedAtMs >= doneAtMs;
        await eventually("a later heard", () => events.some(isLater));
        const told = events.slice(0, events.findIndex(isLater));
        const seqs = told.flatMap((event) =>
          event.type === "records" ? event.records.map((record) => record.position.seq) : [],
        );
        assert.equal(seqs.at(-1), position.seq);
      }
    },
  ],
  [
    "a closed tail is told nothing more, and may be closed twice",
    async (ground) => {
      const realm = mainRealm(ground);
      const [left, stays] = await Promise.all([follow(realm, "left"), follow(realm, "stays")]);
      await left.tail.close();
      const told = left.events.length;
      await move(realm, "t");
      await eventually("the other is told", () => stays.records().length === 1);
      const heard = stays.events.length;
      await eventually("the other hears again", () => stays.events.length > heard + 1);
      await left.tail.close();
      assert.equal(left.events.length, told);
    },
  ],
  [
    "a node lags until it has acknowledged a position",
    async (ground) => {
      const realm = mainRealm(ground);
      const { changeLog } = realm;
      await Promise.all([follow(realm, "one"), follow(realm, "two")]);
      const early = await move(realm, "t");
      const late = await move(realm, "t");
      assert.equal(await changeLog.lagging(late), 2);
      await changeLog.acknowledge("one", early);
      assert.deepEqual([await changeLog.lagging(early), await changeLog.lagging(late)], [1, 2]);
      await changeLog.acknowledge("one", late);
      await changeLog.acknowledge("one", early);
      assert.equal(await changeLog.lagging(late), 1);
      await changeLog.acknowledge("two", late);
      assert.equal(await changeLog.lagging(late), 0);
    },
  ],
  [
    "a node without a tail does not lag",
    async (ground) => {
      const realm = mainRealm(ground);
      assert.equal(await realm.changeLog.lagging(await move(realm, "t")), 0);
      const { tail } = await follow(realm);
      const position = await move(realm, "t");
      assert.equal(await realm.changeLog.lagging(position), 1);
      await tail.close();
      await eventually("the node is forgotten", async () => (await realm.changeLog.lagging(position)) === 0);
    },
  ],
  [
    "the nodes that have a tail are named, until they close it",
    async (ground) => {
      const realm = mainRealm(ground);
      assert.deepEqual(await realm.changeLog.nodes(), []);
      const [one] = await Promise.all([follow(realm, "one"), follow(realm, "two")]);
      assert.deepEqual((await realm.changeLog.nodes()).toSorted(), ["one", "two"]);
      await one.tail.close();
      await eventually(
        "only the other is named",
        async () => (await realm.changeLog.nodes()).join() === "two",
      );
    },
  ],
];
