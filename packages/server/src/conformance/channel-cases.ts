import assert from "node:assert/strict";
import type { ChannelEvent } from "../ports/change-log.ts";
import { changeOf, mainRealm, publish } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

const BODIES = Array.from({ length: 50 }, (_, index) => `${index}`);

function offsetsOf(events: readonly ChannelEvent[]): number[] {
  return events.map(({ cursor }) => cursor.offset);
}

/** What the contract of `ChangeLog` says of channels. */
export const channelCases: readonly Case[] = [
  [
    "events arrive in the order of their offsets, which are dense from 1, each with its change's position",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      const seen: ChannelEvent[] = [];
      const { cursor } = await changeLog.subscribe("room", (event) => void seen.push(event));
      const changes = BODIES.map((body) => changeOf({ events: [{ channel: "room", name: "told", body }] }));
      const positions = await Promise.all(changes.map((change) => changeLog.append(change)));
      await eventually("all events arrive", () => seen.length === BODIES.length);
      assert.deepEqual(
        offsetsOf(seen),
        BODIES.map((_, index) => index + 1),
      );
      for (const event of seen) {
        const index = BODIES.indexOf(event.body);
        assert.deepEqual(event, {
          ...{ channel: "room", name: "told", body: `${index}`, changeId: changes[index]!.changeId },
          ...{ position: positions[index], cursor: { epoch: cursor.epoch, offset: event.cursor.offset } },
        });
      }
    },
  ],
  [
    "several events of one change keep their order, in each of its channels",
    async (ground) => {
      const { changeLog } = mainRealm(ground);
      const seen: ChannelEvent[] = [];
      for (const channel of ["a", "b"]) await changeLog.subscribe(channel, (event) => void seen.push(event));
      const events = ["a", "b", "a", "a", "b"].map((channel, index) => ({
        ...{ channel, name: "told", body: `${index}` },
      }));
      await changeLog.append(changeOf({ events }));
      await eventually("all events arrive", () => seen.length === 5);
      const of = (channel: string) =>
        seen.filter((event) => event.channel === channel).map(({ cursor, body }) => [cursor.offset, body]);
      assert.deepEqual(of("a"), [
        [1, "0"],
        [2, "2"],
        [3, "3"],
      ]);
      assert.deepEqual(of("b"), [
        [1, "1"],
        [2, "4"],
      ]);
    },
  ],
  [
    "a body arrives as it was written",
    async (ground) => {
      const realm = mainRealm(ground);
      const bodies: string[] = [];
      await realm.changeLog.subscribe("room", ({ body }) => void bodies.push(body));
      const written = ['{"a":"\\n"}', "line\nline\r\n", "ü \u2028 \u{1f600}", `"${"x".repeat(100_000)}"`, ""];
      await publish(realm, "room", written);
      await eventually("all events arrive", () => bodies.length === written.length);
      assert.deepEqual(bodies, written);
    },
  ],
  [
    "every event after a subscription's cursor is delivered, and none before it",
    async (ground) => {
      const realm = mainRealm(ground);
      await publish(realm, "room", ["early"]);
      const publishing = publish(realm, "room", BODIES);
      const watchers = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const seen: ChannelEvent[] = [];
          const { cursor } = await realm.changeLog.subscribe("room", (event) => void seen.push(event));
          return { seen, from: cursor.offset };
        }),
      );
      await publishing;
      for (const { seen, from } of watchers) {
        await eventually("the last event arrives", () => seen.at(-1)?.body === BODIES.at(-1));
        assert(from >= 1);
        assert.deepEqual(
          offsetsOf(seen),
          Array.from({ length: BODIES.length + 1 - from }, (_, index) => from + 1 + index),
        );
      }
    },
  ],
  [
    "a closed subscription is told nothing more, others of the channel are",
    async (ground) => {
      const realm = mainRealm(ground);
      const [left, stays]: [string[], string[]] = [[], []];
      const leaving = await realm.changeLog.subscribe("room", ({ body }) => void left.push(body));
      await realm.changeLog.subscribe("room", ({ body }) => void stays.push(body));
      await publish(realm, "room", ["1"]);
      await eventually("both are told", () => left.length === 1 && stays.length === 1);
      await leaving.close();
      await leaving.close();
      await publish(realm, "room", ["2"]);
      await eventually("one is told", () => stays.length === 2);
      assert.deepEqual(left, ["1"]);
    },
  ],
  [
    "who leaves a channel and comes back at once misses nothing after the new cursor",
    async (ground) => {
      const realm = mainRealm(ground);
      let previous = await realm.changeLog.subscribe("room", () => undefined);
      for (let round = 0; round < 10; round++) {
        const bodies: string[] = [];
        const [next] = await Promise.all([
          realm.changeLog.subscribe("room", ({ body }) => void bodies.push(body)),
          previous.close(),
        ]);
        await publish(realm, "room", [`${round}`]);
        await eventually(`round ${round} is told`, () => bodies.length > 0);
        assert.deepEqual(bodies, [`${round}`]);
        const closing = next.close();
        const reopened: string[] = [];
        previous = await realm.changeLog.subscribe("room", ({ body }) => void reopened.push(body));
        await closing;
        await publish(realm, "room", ["again"]);
        await eventually(`round ${round} is told again`, () => reopened.length > 0);
      }
    },
  ],
  [
    "a cursor is offset 0 before the first event, and that of the last event afterwards",
    async (ground) => {
      const realm = mainRealm(ground);
      const { changeLog } = realm;
      const start = await changeLog.cursor("room");
      assert.equal(start.offset, 0);
      const { cursor } = await changeLog.subscribe("room", () => undefined);
      assert.deepEqual(cursor, start);
      await publish(realm, "room", BODIES);
      await publish(realm, "another room", ["1"]);
      assert.deepEqual(await changeLog.cursor("room"), { epoch: start.epoch, offset: BODIES.length });
    },
  ],
];
