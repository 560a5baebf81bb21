import { describe, expect, test } from "vitest";
import { claimStoreSuite, notificationStoreSuite } from "../../src/conformance/suites.ts";
import type { OutgoingEvent } from "../../src/ports/change-log.ts";
import type { ClaimStore } from "../../src/ports/claim-store.ts";
import type { NotificationStore } from "../../src/ports/notification-store.ts";
import { MEMORY } from "./matrix.ts";
import { collectFrom, log } from "./plant.ts";
import type { Fault, Plant } from "./plant.ts";

describe.each(MEMORY)("$name", ({ open }) => {
  claimStoreSuite({ test, open });
  notificationStoreSuite({ test, open });
});

/** Plants a fault in the claim store. */
function claims(change: (store: ClaimStore) => Partial<ClaimStore>): Plant {
  return (realm) => ({ ...realm, claimStore: { ...realm.claimStore, ...change(realm.claimStore) } });
}

/** Plants a fault in what is kept for users. */
function notes(change: (store: NotificationStore) => Partial<NotificationStore>): Plant {
  return (realm) => ({
    ...realm,
    notificationStore: { ...realm.notificationStore, ...change(realm.notificationStore) },
  });
}

/** Plants a fault in the events that write what is kept. */
function events(change: (event: OutgoingEvent) => OutgoingEvent): Plant {
  return log(({ append }) => ({
    append: (given) => append({ ...given, events: given.events.map(change) }),
  }));
}

const CLAIM_FAULTS: readonly Fault[] = [
  {
    fault: "grants a claim to everybody",
    plant: claims(() => ({ claim: async () => ({ state: "granted" }) })),
    found: "of 100 who claim one name at once, one is granted it, and the others learn that it is running",
  },
  {
    fault: "has one claim for all names",
    plant: claims(({ claim }) => ({ claim: (input) => claim({ ...input, name: "one" }) })),
    found: "names, and realms, have nothing to do with each other",
  },
  {
    fault: "forgets results",
    plant: claims(() => ({ settle: async () => true })),
    found: "a result is answered as it was settled to whoever claims afterwards",
  },
  {
    fault: "trims results",
    plant: claims(({ settle }) => ({
      settle: (input) => settle({ ...input, result: input.result.slice(0, 50_000) }),
    })),
    found: "a result is answered as it was settled to whoever claims afterwards",
  },
  {
    fault: "never releases",
    plant: claims(() => ({ release: async () => undefined })),
    found: "a claim that was released can be claimed again",
  },
  {
    fault: "releases for everybody",
    plant: claims(({ release }) => ({
      async release(name) {
        await Promise.all(["me", "you"].map((owner) => release(name, owner)));
      },
    })),
    found: "only the holder releases a claim, and nobody a settled one",
  },
  {
    fault: "holds claims for ever",
    plant: claims(({ claim }) => ({ claim: (input) => claim({ ...input, holdMs: 3_600_000 }) })),
    found: "a claim ends by itself, and whoever comes late settles nothing then",
  },
  {
    fault: "lets whoever is late settle",
    plant: claims(({ claim, settle }) => {
      let holder = "";
      return {
        async claim(input) {
          const reply = await claim(input);
          if (reply.state === "granted") holder = input.owner;
          return reply;
        },
        settle: (input) => settle({ ...input, owner: holder }),
      };
    }),
    found: "a claim ends by itself, and whoever comes late settles nothing then",
  },
  {
    fault: "settles held claims only",
    plant: claims(({ claim, settle }) => ({
      async settle(input) {
        const { state } = await claim({ name: input.name, owner: "probe", holdMs: 60_000 });
        return state === "running" && settle(input);
      },
    })),
    found: "a claim that ended and that nobody took over is settled all the same",
  },
  {
    fault: "keeps results for ever",
    plant: claims(({ settle }) => ({ settle: (input) => settle({ ...input, keepMs: 3_600_000 }) })),
    found: "a result goes away by itself",
  },
];

const NOTE_FAULTS: readonly Fault[] = [
  {
    fault: "keeps nothing",
    plant: events((event) => ({ ...event, note: undefined })),
    found: "what was added is kept as it was written, the newest first, as unread",
  },
  {
    fault: "answers the oldest first",
    plant: notes(({ page }) => ({
      async page(userId, query) {
        const answer = await page(userId, query);
        return { ...answer, notes: [...answer.notes].reverse() };
      },
    })),
    found: "what was added is kept as it was written, the newest first, as unread",
  },
  {
    fault: "mixes users up",
    plant: events((event) => ({ ...event, note: event.note && { ...event.note, userId: "ana" } })),
    found: "users, and realms, have nothing to do with each other",
  },
  {
    fault: "marks one of several",
    plant: events((event) => {
      const { note } = event;
      return note?.type === "read" && "ids" in note
        ? { ...event, note: { ...note, ids: note.ids.slice(1, 2) } }
        : event;
    }),
    found: "marks of single ones, known or not, and of one twice",
  },
  {
    fault: "marks one where it should mark up to one",
    plant: events((event) => {
      const { note } = event;
      if (note?.type !== "read" || !("upTo" in note)) return event;
      return { ...event, note: { type: "read", userId: note.userId, ids: [note.upTo] } };
    }),
    found: "a mark up to one takes everything that is not newer, also when that one was read before",
  },
  {
    fault: "begins every page anew",
    plant: notes(({ page }) => ({
      page: (userId, query) => page(userId, { ...query, before: undefined }),
    })),
    found: "pages follow each other without a gap and without a repeat, also while more are added",
  },
  {
    fault: "counts what is not kept any more",
    plant: notes(({ unread }) => {
      let most = 0;
      return { unread: async (userId) => (most = Math.max(most, await unread(userId))) };
    }),
    found: "the last 200 are kept, and the count of unread ones goes along",
  },
  {
    fault: "does not say in events how many are unread",
    plant: log(({ subscribe }) => ({
      subscribe: (channel, onEvent) =>
        subscribe(channel, (event) => onEvent({ ...event, body: event.body.replace(/"unread":\d+,/, "") })),
    })),
    found: "an event carries how many are unread after it, and everything else as it was written",
  },
  {
    fault: "keeps a notification after its event",
    plant: (realm) => ({
      ...realm,
      changeLog: {
        ...realm.changeLog,
        async append(given) {
          const bare = given.events.map((event) => ({ ...event, note: undefined }));
          const position = await realm.changeLog.append({ ...given, events: bare });
          await realm.notificationStore.unread("ana");
          const again = given.events.map((event) => ({ ...event, channel: "elsewhere" }));
          await realm.changeLog.append({ ...given, changeId: `${given.changeId}+`, events: again });
          return position;
        },
      },
    }),
    found: "who sees the event finds the notification, whatever else goes on",
  },
  {
    fault: "says of an older place that a page was read there",
    plant: notes(({ page }) => ({
      async page(userId, query) {
        const answer = await page(userId, query);
        return { ...answer, cursor: { ...answer.cursor, offset: 0 } };
      },
    })),
    found: "a page and the events after its cursor are all there is, and nothing twice",
  },
  {
    fault: "adds what a retry says once more",
    plant: log(({ append }) => ({ append: (change) => append({ ...change, retryAfter: undefined }) })),
    found: "a retry of a change that is in the log adds nothing",
  },
];

const SUITES = [claimStoreSuite, notificationStoreSuite];

// Some wait for what never comes, so they are tested side by side.
test.concurrent.for([...CLAIM_FAULTS, ...NOTE_FAULTS])(
  "the suites find a ground that $fault",
  async ({ plant, found }, context) => {
    await context.expect(collectFrom(SUITES, plant).get(found)!()).rejects.toBeInstanceOf(Error);
  },
);

test("without a fault each of these sentences holds", async () => {
  const runs = collectFrom(SUITES);
  const sentences = new Set([...CLAIM_FAULTS, ...NOTE_FAULTS].map(({ found }) => found));
  const ends = await Promise.allSettled([...sentences].map((sentence) => runs.get(sentence)!()));
  expect(ends.filter(({ status }) => status === "rejected")).toEqual([]);
});
