import assert from "node:assert/strict";
import { MAX_NOTES } from "../ports/notification-store.ts";
import type { NoteDeed, NotesPage } from "../ports/notification-store.ts";
import type { ChannelEvent, OutgoingEvent } from "../ports/change-log.ts";
import type { Realm } from "../ports/ground.ts";
import { changeOf, mainRealm } from "./acts.ts";
import { afterClosing } from "./closing.ts";
import { eventually } from "./eventually.ts";
import type { Case } from "./run-cases.ts";

const channel = "notifications/ana";
const KEPT = { maxEvents: 1_000, maxAgeMs: 60_000 };

function eventOf(note: NoteDeed, body = "{}"): OutgoingEvent {
  return { channel, name: "told", body, kept: KEPT, note };
}

function added(id: string, userId = "ana"): OutgoingEvent {
  return eventOf({ type: "add", userId, id }, JSON.stringify({ id, text: `ü ${id}` }));
}

function add(realm: Realm, ...ids: string[]): Promise<unknown> {
  return realm.changeLog.append(changeOf({ events: ids.map((id) => added(id)) }));
}

function read(realm: Realm, which: { ids: readonly string[] } | { upTo: string }): Promise<unknown> {
  const deed = { type: "read", userId: "ana", ...which } as NoteDeed;
  return realm.changeLog.append(changeOf({ events: [eventOf(deed, '{"what":"read"}')] }));
}

function pageOf(
  { notificationStore }: Realm,
  query: { limit?: number; before?: string | undefined } = {},
): Promise<NotesPage> {
  return notificationStore.page("ana", { channel, limit: 100, ...query });
}

/** Ids, the newest first; read ones in brackets. */
function idsOf({ notes }: NotesPage): string {
  return notes.map((note) => (note.read ? `(${note.id})` : note.id)).join(" ");
}

/** What the contract of `NotificationStore` says. */
export const notificationCases: readonly Case[] = [
  [
    "who has nothing has an empty page, and nothing unread",
    async (ground) => {
      const realm = mainRealm(ground);
      const { notes, next, unread, cursor } = await pageOf(realm);
      assert.deepEqual(
        { notes, next, unread, offset: cursor.offset },
        { notes: [], next: undefined, unread: 0, offset: 0 },
      );
      assert.equal(await realm.notificationStore.unread("ana"), 0);
      await read(realm, { upTo: "nothing" });
      await read(realm, { ids: ["nothing"] });
      assert.equal(await realm.notificationStore.unread("ana"), 0);
    },
  ],
  [
    "what was added is kept as it was written, the newest first, as unread",
    async (ground) => {
      const realm = mainRealm(ground);
      await add(realm, "a");
      await add(realm, "b", "c");
      const page = await pageOf(realm);
      assert.equal(idsOf(page), "c b a");
      assert.equal(page.notes[0]!.body, JSON.stringify({ id: "c", text: "ü c" }));
      assert.deepEqual([page.unread, await realm.notificationStore.unread("ana")], [3, 3]);
    },
  ],
  [
    "users, and realms, have nothing to do with each other",
    async (ground) => {
      const realm = mainRealm(ground);
      await add(realm, "a");
      await realm.changeLog.append(changeOf({ events: [added("b", "ben"), added("c", "ana:x")] }));
      await add(ground.realm("other"), "d");
      assert.equal(idsOf(await pageOf(realm)), "a");
      const counts = ["ana", "ben", "ana:x", "nobody"].map((user) => realm.notificationStore.unread(user));
      assert.deepEqual(await Promise.all(counts), [1, 1, 1, 0]);
    },
  ],
  [
    "marks of single ones, known or not, and of one twice",
    async (ground) => {
      const realm = mainRealm(ground);
      await add(realm, "a", "b", "c");
      await read(realm, { ids: ["b", "unknown", "b"] });
      await read(realm, { ids: ["b"] });
      assert.equal(idsOf(await pageOf(realm)), "c (b) a");
      assert.equal(await realm.notificationStore.unread("ana"), 2);
      await read(realm, { ids: [] });
      assert.equal(await realm.notificationStore.unread("ana"), 2);
    },
  ],
  [
    "a mark up to one takes everything that is not newer, also when that one was read before",
    async (ground) => {
      const realm = mainRealm(ground);
      for (const id of ["a", "b", "c", "d"]) await add(realm, id);
      await read(realm, { ids: ["c"] });
      await read(realm, { upTo: "b" });
      assert.equal(idsOf(await pageOf(realm)), "d (c) (b) (a)");
      await add(realm, "e");
      await read(realm, { upTo: "c" });
      await read(realm, { upTo: "unknown" });
      const page = await pageOf(realm);
      assert.deepEqual([idsOf(page), page.unread], ["e d (c) (b) (a)", 2]);
    },
  ],
  [
    "those of one change are equally new",
    async (ground) => {
      const realm = mainRealm(ground);
      await add(realm, "a", "b", "c");
      await add(realm, "d");
      await read(realm, { upTo: "a" });
      assert.equal(idsOf(await pageOf(realm)), "d (c) (b) (a)");
    },
  ],
  [
    "pages follow each other without a gap and without a repeat, also while more are added",
    async (ground) => {
      const realm = mainRealm(ground);
      for (const ids of [["a"], ["b", "c", "d"], ["e", "f"], ["g"]]) await add(realm, ...ids);
      const pages: string[] = [];
      for (let before: string | undefined, turn = 0; turn < 5; turn++) {
        const page = await pageOf(realm, { limit: 2, before });
        pages.push(idsOf(page));
        before = page.next;
        if (before === undefined) break;
        await add(realm, `later ${turn}`);
      }
      assert.deepEqual(pages, ["g f", "e d", "c b", "a"]);
      assert.equal((await pageOf(realm, { limit: 1 })).notes.length, 1);
      const all = await pageOf(realm, { limit: 10 });
      assert.deepEqual([all.notes.length, all.next], [10, undefined]);
    },
  ],
  [
    `the last ${MAX_NOTES} are kept, and the count of unread ones goes along`,
    async (ground) => {
      const realm = mainRealm(ground);
      const ids = Array.from({ length: MAX_NOTES }, (_, index) => `n${index}`);
      for (let start = 0; start < ids.length; start += 50) await add(realm, ...ids.slice(start, start + 50));
      assert.equal(await realm.notificationStore.unread("ana"), MAX_NOTES);
      assert.equal((await pageOf(realm, { limit: MAX_NOTES })).notes.at(-1)!.id, "n0");
      await read(realm, { ids: ["n1"] });
      await add(realm, "one more");
      const full = await pageOf(realm, { limit: MAX_NOTES + 1 });
      assert.deepEqual([full.notes.length, full.notes.at(-1)!.id], [MAX_NOTES, "n1"]);
      assert.deepEqual(
        [full.unread, await realm.notificationStore.unread("ana")],
        [MAX_NOTES - 1, MAX_NOTES - 1],
      );
      // The one that leaves was read.
      await add(realm, "and one");
      assert.equal(await realm.notificationStore.unread("ana"), MAX_NOTES);
    },
  ],
  [
    "an event carries how many are unread after it, and everything else as it was written",
    async (ground) => {
      const realm = mainRealm(ground);
      const bodies: string[] = [];
      await realm.changeLog.subscribe(channel, ({ body }) => void bodies.push(body));
      await add(realm, "a", "b");
      await read(realm, { ids: ["a"] });
      await realm.changeLog.append(changeOf({ events: [{ channel, name: "told", body: '{"plain":1}' }] }));
      await eventually("all events arrive", () => bodies.length === 4);
      assert.deepEqual(bodies, [
        '{"unread":1,"id":"a","text":"ü a"}',
        '{"unread":2,"id":"b","text":"ü b"}',
        '{"unread":1,"what":"read"}',
        '{"plain":1}',
      ]);
    },
  ],
  [
    "who sees the event finds the notification, whatever else goes on",
    async (ground) => {
      const realm = mainRealm(ground);
      const missing: string[] = [];
      const looks: Promise<void>[] = [];
      const look = async ({ body }: ChannelEvent): Promise<void> => {
        const { id } = JSON.parse(body) as { id: string };
        const { notes } = await pageOf(realm);
        if (!notes.some((note) => note.id === id)) missing.push(id);
      };
      await realm.changeLog.subscribe(channel, (event) => void looks.push(look(event)));
      await Promise.all(Array.from({ length: 50 }, (_, index) => add(realm, `n${index}`)));
      await eventually("all events arrive", () => looks.length === 50);
      await Promise.all(looks);
      assert.deepEqual(missing, []);
    },
  ],
  [
    "a page and the events after its cursor are all there is, and nothing twice",
    async (ground) => {
      const realm = mainRealm(ground);
      const adding = Promise.all(Array.from({ length: 60 }, (_, index) => add(realm, `n${index}`)));
      const pages = await Promise.all(Array.from({ length: 10 }, () => pageOf(realm)));
      await adding;
      for (const { notes, cursor } of [...pages, await pageOf(realm)]) {
        const query = { after: cursor, limit: 100, maxBytes: 1_000_000, ...KEPT };
        const { events, gap } = await realm.changeLog.history(channel, query);
        assert.equal(gap, undefined);
        const later = events.map(({ body }) => (JSON.parse(body) as { id: string }).id);
        const all = [...notes.map(({ id }) => id), ...later];
        assert.deepEqual([all.length, new Set(all).size], [60, 60]);
      }
    },
  ],
  [
    "a retry of a change that is in the log adds nothing",
    async (ground) => {
      const realm = mainRealm(ground);
      const retryAfter = await realm.changeLog.position();
      const change = changeOf({ events: [added("a")] });
      await realm.changeLog.append(change);
      await realm.changeLog.append({ ...change, retryAfter });
      assert.equal(idsOf(await pageOf(realm)), "a");
    },
  ],
  [
    "another epoch of the log takes nothing away",
    async (ground) => {
      const realm = mainRealm(ground);
      await add(realm, "a");
      const { epoch } = await realm.changeLog.position();
      await realm.changeLog.renewEpoch(epoch);
      await add(realm, "b");
      const page = await pageOf(realm);
      assert.deepEqual([idsOf(page), page.unread, page.cursor.offset], ["b a", 2, 1]);
    },
  ],
  [
    "calls on their way when the ground closes answer or say so, and later ones say so",
    async (ground) => {
      const realm = mainRealm(ground);
      await afterClosing(ground, {
        page: () => pageOf(realm),
        unread: () => realm.notificationStore.unread("ana"),
      });
    },
  ],
];
