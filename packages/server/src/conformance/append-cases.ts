import assert from "node:assert/strict";
import type { ChangeRecord } from "../ports/change-log.ts";
import { changeOf, follow, mainRealm, move } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

/** What the contract of `ChangeLog` says of `append` and `position`. */
export const appendCases: readonly Case[] = [
  [
    "an empty log has a position, and it stays until something is appended",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      const positions = await Promise.all([changeLog.position(), changeLog.position()]);
      assert.match(positions[0].epoch, /^[0-9a-z]{1,16}$/);
      assert.deepEqual(await changeLog.position(), positions[0]);
      assert.deepEqual(positions[1], positions[0]);
    },
  ],
  [
    "a change's position is where the log then ends",
    async (ground) => {
      const realm = mainRealm(ground);
      const position = await move(realm, "t");
      assert.deepEqual(await realm.changeLog.position(), position);
    },
  ],
  [
    "sequence numbers are positive safe integers that only grow, and no two changes share one",
    async (ground) => {
      const realm = mainRealm(ground);
      const { seq: start, epoch } = await realm.changeLog.position();
      const positions = await Promise.all(Array.from({ length: 100 }, () => move(realm, "t")));
      const last = await move(realm, "t");
      assert.equal(new Set(positions.map(({ seq }) => seq)).size, 100);
      for (const position of positions) {
        assert.equal(position.epoch, epoch);
        assert(Number.isSafeInteger(position.seq) && position.seq > start && position.seq < last.seq);
      }
    },
  ],
  [
    "each record names the sequence before it",
    async (ground) => {
      const realm = mainRealm(ground);
      const { seq: start } = await realm.changeLog.position();
      const { records } = await follow(realm);
      await Promise.all(Array.from({ length: 50 }, () => move(realm, "t")));
      await eventually("all records arrive", () => records().length === 50);
      let before = start;
      for (const { position, previous } of records()) {
        assert.equal(previous, before);
        before = position.seq;
      }
    },
  ],
  [
    "a record carries the change as it was written, and names each touched channel once",
    async (ground) => {
      const realm = mainRealm(ground);
      const { records } = await follow(realm);
      const event = { name: "told", body: "{}" };
      const events = ["room/1", "room/2", "room/1"].map((channel) => ({ channel, ...event }));
      const change = changeOf({ tags: ["a:ü", "a:ü:*"], events, origin: "node 1", trace: "00-ab-cd-01" });
      const position = await realm.changeLog.append(change);
      const [record] = await eventually("the record arrives", () => (records()[0] ? records() : undefined));
      const { changeId, origin, tags, mode, trace } = change;
      const { previous, ...told } = record as ChangeRecord;
      assert.deepEqual(told, {
        ...{ position, changeId, origin, tags, mode, trace },
        channels: ["room/1", "room/2"],
      });
      assert(previous < position.seq);
    },
  ],
  [
    "a record says whether somebody waits for it",
    async (ground) => {
      const realm = mainRealm(ground);
      const { records } = await follow(realm);
      for (const awaited of [undefined, true, false]) await realm.changeLog.append(changeOf({ awaited }));
      await realm.changeLog.append(changeOf({ awaited: true, mode: "stale" }));
      await eventually("the records arrive", () => records().length === 4);
      assert.deepEqual(
        records().map(({ awaited, mode }) => [awaited, mode]),
        [
          [undefined, "purge"],
          [true, "purge"],
          [undefined, "purge"],
          [true, "stale"],
        ],
      );
    },
  ],
  [
    "a change without tags and events is appended too",
    async (ground) => {
      const realm = mainRealm(ground);
      const { records } = await follow(realm);
      const before = await realm.changeLog.position();
      const position = await realm.changeLog.append(changeOf({ changeId: "nothing" }));
      assert(position.seq > before.seq);
      await eventually("the record arrives", () => records().length === 1);
      const { tags, channels, changeId } = records()[0]!;
      assert.deepEqual({ tags, channels, changeId }, { tags: [], channels: [], changeId: "nothing" });
    },
  ],
  [
    "who sees the record sees the tags moved and the channel's offset grown",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      const before = await changeLog.position();
      await changeLog.cursor("room");
      const looks: Promise<unknown>[] = [];
      let heard = false;
      changeLog.tail({
        node: "reader",
        onEvent(event) {
          heard ||= event.type === "heard";
          if (event.type !== "records") return;
          const look = Promise.all([
            changeLog.judge([{ position: before, tags: ["t"] }]),
            changeLog.cursor("room"),
          ]);
          looks.push(look.then(([{ verdicts }, { offset }]) => ({ verdicts, offset })));
        },
      });
      await eventually("the tail has begun", () => heard);
      const events = [{ channel: "room", name: "told", body: "1" }];
      await changeLog.append(changeOf({ tags: ["t"], events }));
      await eventually("the record arrives", () => looks.length > 0);
      assert.deepEqual(await Promise.all(looks), [{ verdicts: ["changed"], offset: 1 }]);
    },
  ],
  [
    "who sees an event sees the tags moved",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      const before = await changeLog.position();
      const looks: Promise<readonly string[]>[] = [];
      await changeLog.subscribe("room", () => {
        looks.push(
          changeLog.judge([{ position: before, tags: ["t"] }]).then(({ verdicts: [one] }) => [one!]),
        );
      });
      const events = [{ channel: "room", name: "told", body: "1" }];
      await changeLog.append(changeOf({ tags: ["t"], events }));
      await eventually("the event arrives", () => looks.length > 0);
      assert.deepEqual(await Promise.all(looks), [["changed"]]);
    },
  ],
  [
    "a retry of a change that is in the log appends nothing, publishes nothing, and answers the same position",
    async (ground) => {
      const realm = mainRealm(ground);
      const { records } = await follow(realm);
      const bodies: string[] = [];
      await realm.changeLog.subscribe("room", ({ body }) => void bodies.push(body));
      const retryAfter = await realm.changeLog.position();
      await move(realm, "before");
      const change = changeOf({ tags: ["t"], events: [{ channel: "room", name: "told", body: "1" }] });
      const position = await realm.changeLog.append(change);
      await move(realm, "after");
      const end = await realm.changeLog.position();
      const retried = await Promise.all([
        realm.changeLog.append({ ...change, retryAfter }),
        realm.changeLog.append({ ...change, retryAfter }),
      ]);
      assert.deepEqual(retried, [position, position]);
      assert.deepEqual(await realm.changeLog.position(), end);
      await move(realm, "last");
      await eventually("the last record arrives", () => records().at(-1)?.tags[0] === "last");
      assert.equal(records().length, 4);
      assert.deepEqual(bodies, ["1"]);
    },
  ],
  [
    "a retry is recognised also when the epoch was renewed before its node had heard of it",
    async (ground) => {
      const realm = mainRealm(ground);
      const bodies: string[] = [];
      await realm.changeLog.subscribe("room", ({ body }) => void bodies.push(body));
      const retryAfter = await move(realm, "before");
      await realm.changeLog.renewEpoch(retryAfter.epoch);
      const change = changeOf({ tags: ["t"], events: [{ channel: "room", name: "told", body: "1" }] });
      const position = await realm.changeLog.append(change);
      assert.deepEqual(await realm.changeLog.append({ ...change, retryAfter }), position);
      const last = changeOf({ events: [{ channel: "room", name: "told", body: "2" }] });
      await realm.changeLog.append(last);
      await eventually("the last event arrives", () => bodies.includes("2"));
      assert.deepEqual(bodies, ["1", "2"]);
    },
  ],
  [
    "a retry of a change that is not in the log appends it",
    async (ground) => {
      const realm = mainRealm(ground);
      const retryAfter = await move(realm, "before");
      const position = await realm.changeLog.append(changeOf({ tags: ["t"], retryAfter }));
      assert(position.seq > retryAfter.seq);
      const { verdicts } = await realm.changeLog.judge([{ position: retryAfter, tags: ["t"] }]);
      assert.deepEqual(verdicts, ["changed"]);
    },
  ],
];
