import assert from "node:assert/strict";
import { systemClock } from "../base/clock.ts";
import { changeOf, follow, mainRealm, move, publish } from "./acts.ts";
import { afterClosing } from "./closing.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

/** What the contracts say of epochs, of realms and of closing. */
export const epochCases: readonly Case[] = [
  [
    "a renewed epoch voids every earlier position, and sequence numbers go on growing",
    async (ground) => {
      const realm = mainRealm(ground);
      const old = await move(realm, "t");
      const epoch = await realm.changeLog.renewEpoch(old.epoch);
      assert.notEqual(epoch, old.epoch);
      const { position, verdicts } = await realm.changeLog.judge([{ position: old, tags: [] }]);
      assert.deepEqual([position.epoch, verdicts], [epoch, ["changed"]]);
      const next = await move(realm, "t");
      assert(next.epoch === epoch && next.seq > old.seq && position.seq >= old.seq);
    },
  ],
  [
    "an epoch is renewed only from the current one, and who comes late is told the one in force",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      const { epoch } = await changeLog.position();
      const answers = await Promise.all(Array.from({ length: 20 }, () => changeLog.renewEpoch(epoch)));
      assert.equal(new Set(answers).size, 1);
      assert.equal(await changeLog.renewEpoch("never"), answers[0]);
      assert.equal((await changeLog.position()).epoch, answers[0]);
    },
  ],
  [
    "a tail is told to start again in a renewed epoch, and goes on from there",
    async (ground) => {
      const realm = mainRealm(ground);
      const { events, records } = await follow(realm);
      const old = await move(realm, "t");
      const epoch = await realm.changeLog.renewEpoch(old.epoch);
      await eventually("the tail starts again", () =>
        events.some((event) => event.type === "start" && event.position.epoch === epoch),
      );
      const next = await move(realm, "t");
      await eventually("the next record arrives", () => records().at(-1)?.position.seq === next.seq);
      assert.equal(records().at(-1)!.position.epoch, epoch);
    },
  ],
  [
    "a subscription goes on in a renewed epoch, with offsets dense from 1 in each epoch of the channel",
    async (ground) => {
      const realm = mainRealm(ground);
      const cursors: { readonly epoch: string; readonly offset: number }[] = [];
      await realm.changeLog.subscribe("room", ({ cursor }) => void cursors.push(cursor));
      await publish(realm, "room", ["1", "2"]);
      await realm.changeLog.renewEpoch((await realm.changeLog.position()).epoch);
      await publish(realm, "room", ["3", "4"]);
      await eventually("all events arrive", () => cursors.length === 4);
      cursors.forEach((cursor, index) => {
        const before = cursors[index - 1];
        const goesOn = before?.epoch === cursor.epoch;
        assert.equal(cursor.offset, goesOn ? before.offset + 1 : 1);
      });
      assert.deepEqual(await realm.changeLog.cursor("room"), cursors[3]);
    },
  ],
  [
    "two realms share no epoch, tag, channel, tail or lag",
    async (ground) => {
      const [left, right] = [ground.realm("left"), ground.realm("right")];
      const told: string[] = [];
      await right.changeLog.subscribe("room", ({ body }) => void told.push(body));
      const reader = await follow(right);
      const before = await right.changeLog.position();
      await follow(left);
      await publish(left, "room", ["1"]);
      const moved = await move(left, "t");
      assert.equal(await left.changeLog.lagging(moved), 1);
      await left.changeLog.renewEpoch(moved.epoch);
      assert.deepEqual(await right.changeLog.position(), before);
      const { verdicts } = await right.changeLog.judge([{ position: moved, tags: ["t"] }]);
      assert.deepEqual(verdicts, ["changed"]);
      await publish(right, "room", ["own"]);
      await eventually("its own event arrives", () => told.length > 0);
      await eventually("its own record arrives", () => reader.records().length > 0);
      assert.deepEqual([told, reader.records().length], [["own"], 1]);
      assert.equal((await right.changeLog.cursor("room")).offset, 1);
    },
  ],
  [
    "asking for a realm twice answers the same stores",
    async (ground) => {
      const [first, second] = [ground.realm("main"), ground.realm("main")];
      assert.equal(first.cacheStore, second.cacheStore);
      assert.equal(first.changeLog, second.changeLog);
    },
  ],
  [
    "after closing, every call to the change log rejects with LIVE_CLOSED",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      const position = await changeLog.position();
      await afterClosing(ground, {
        append: () => changeLog.append(changeOf({ tags: ["t"] })),
        position: () => changeLog.position(),
        acknowledge: () => changeLog.acknowledge("reader", position),
        nodes: () => changeLog.nodes(),
        lagging: () => changeLog.lagging(position),
        judge: () => changeLog.judge([]),
        subscribe: () => changeLog.subscribe("room", () => undefined),
        cursor: () => changeLog.cursor("room"),
        renewEpoch: () => changeLog.renewEpoch(position.epoch),
      });
    },
  ],
  [
    "after closing, nobody who followed is told anything",
    async (ground) => {
      const realm = mainRealm(ground);
      const { events } = await follow(realm);
      await realm.changeLog.subscribe("room", () => void events.push({ type: "heard", askedAtMs: 0 }));
      await ground.close();
      const told = events.length;
      await eventually("a time in which it would have heard", waitOnce(600));
      assert.equal(events.length, told);
    },
  ],
];

/** A condition that is met so many milliseconds after it was made. */
function waitOnce(afterMs: number): () => boolean {
  const dueAtMs = systemClock.now() + afterMs;
  return () => systemClock.now() > dueAtMs;
}
