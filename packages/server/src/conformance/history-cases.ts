import assert from "node:assert/strict";
import type { Cursor } from "@livecache/wire";
import type { ChannelEvent, HistoryBounds, HistoryQuery, HistoryReply } from "../ports/change-log.ts";
import type { Realm } from "../ports/ground.ts";
import { systemClock } from "../base/clock.ts";
import { changeOf, mainRealm } from "./acts.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

const KEPT: HistoryBounds = { maxEvents: 10, maxAgeMs: 60_000 };

/** Publishes numbered events to `room`, each with a change of its own. */
async function publish(realm: Realm, numbers: readonly number[], kept: HistoryBounds = KEPT): Promise<void> {
  for (const number of numbers) {
    const event = { channel: "room", name: "told", body: String(number), kept };
    await realm.changeLog.append(changeOf({ events: [event] }));
  }
}

async function ask(
  { changeLog }: Realm,
  offset: number,
  query: Partial<HistoryQuery> = {},
): Promise<HistoryReply> {
  const { epoch } = await changeLog.cursor("room");
  const after: Cursor = { epoch, offset };
  return changeLog.history("room", { ...KEPT, limit: 100, maxBytes: 10_000, after, ...query });
}

function bodiesOf({ events }: HistoryReply): string[] {
  return events.map(({ body }) => body);
}

/** What the contract of `ChangeLog` says of the history of channels. */
export const historyCases: readonly Case[] = [
  [
    "the events after a cursor are answered in order, as subscribers got them, with where the channel and the log stand",
    async (ground) => {
      const realm = mainRealm(ground);
      const seen: ChannelEvent[] = [];
      await realm.changeLog.subscribe("room", (event) => void seen.push(event));
      await publish(realm, [1, 2, 3, 4]);
      await eventually("all events arrive", () => seen.length === 4);
      const reply = await ask(realm, 1);
      assert.deepEqual(reply.events, seen.slice(1));
      assert.deepEqual(reply.cursor, seen[3]!.cursor);
      assert.deepEqual(reply.position, await realm.changeLog.position());
      assert.equal(reply.gap, undefined);
    },
  ],
  [
    "whoever stands at the end has missed nothing, also in a channel that never published or keeps nothing",
    async (ground) => {
      const realm = mainRealm(ground);
      assert.deepEqual(bodiesOf(await ask(realm, 0)), []);
      await publish(realm, [1], { maxEvents: 0, maxAgeMs: 0 });
      const reply = await ask(realm, 1);
      assert.deepEqual([reply.events, reply.gap], [[], undefined]);
    },
  ],
  [
    "of more events than are kept the first are trimmed",
    async (ground) => {
      const realm = mainRealm(ground);
      await publish(realm, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      assert.equal((await ask(realm, 1)).gap, "trimmed");
      assert.deepEqual((await ask(realm, 1)).events, []);
      assert.deepEqual(bodiesOf(await ask(realm, 2)), ["3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]);
    },
  ],
  [
    "an event that is older than the channel keeps is expired, and younger ones are not",
    async (ground) => {
      const realm = mainRealm(ground);
      await publish(realm, [1]);
      const publishedAtMs = systemClock.now();
      await eventually("the event is 40 ms old", () => systemClock.now() - publishedAtMs > 40);
      assert.equal((await ask(realm, 0, { maxAgeMs: 30 })).gap, "expired");
      await publish(realm, [2]);
      assert.deepEqual(bodiesOf(await ask(realm, 1, { maxAgeMs: 10_000 })), ["2"]);
      assert.deepEqual(bodiesOf(await ask(realm, 0)), ["1", "2"]);
    },
  ],
  [
    "what has expired leaves the history by itself",
    async (ground) => {
      const realm = mainRealm(ground);
      const short = { maxEvents: 100, maxAgeMs: 40 };
      await publish(realm, [1], short);
      await eventually("the first is expired", async () => (await ask(realm, 0, short)).gap === "expired");
      await publish(
        realm,
        Array.from({ length: 40 }, (_, index) => index),
        short,
      );
      assert.equal((await ask(realm, 0, { ...short, maxAgeMs: 60_000 })).gap, "expired");
    },
  ],
  [
    "more than the limit, in events or bytes, is an overflow; exactly the limit is not",
    async (ground) => {
      const realm = mainRealm(ground);
      await publish(realm, [1, 2, 3]);
      assert.equal((await ask(realm, 0, { limit: 2 })).gap, "overflow");
      assert.deepEqual(bodiesOf(await ask(realm, 0, { limit: 3 })), ["1", "2", "3"]);
      assert.equal((await ask(realm, 0, { maxBytes: 2 })).gap, "overflow");
    },
  ],
  [
    "a cursor of another epoch has a gap, and so has one that lies ahead",
    async (ground) => {
      const realm = mainRealm(ground);
      await publish(realm, [1, 2]);
      assert.equal((await ask(realm, 0, { after: { epoch: "another", offset: 1 } })).gap, "epoch");
      assert.equal((await ask(realm, 3)).gap, "lost");
    },
  ],
  [
    "after the epoch was renewed nothing of the old one is answered, and offsets begin again",
    async (ground) => {
      const realm = mainRealm(ground);
      await publish(realm, [1, 2, 3]);
      const before = await realm.changeLog.cursor("room");
      await realm.changeLog.renewEpoch((await realm.changeLog.position()).epoch);
      await publish(realm, [4]);
      assert.equal((await ask(realm, 0, { after: { ...before, offset: 0 } })).gap, "epoch");
      const { events } = await ask(realm, 0);
      assert.deepEqual(
        events.map(({ body, cursor }) => [body, cursor.offset]),
        [["4", 1]],
      );
    },
  ],
  [
    "histories of other channels, and of the same in another realm, are other histories",
    async (ground) => {
      const realm = mainRealm(ground);
      await publish(realm, [1]);
      const elsewhere = ground.realm("other");
      assert.equal((await elsewhere.changeLog.cursor("room")).offset, 0);
      assert.deepEqual(bodiesOf(await ask(elsewhere, 0)), []);
    },
  ],
];
