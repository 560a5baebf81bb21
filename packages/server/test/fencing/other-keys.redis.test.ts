import { expect, test } from "vitest";
import type { Realm } from "../../src/ports/ground.ts";
import type { Keyspace } from "../../src/redis/keyspace.ts";
import { changeOf, openSite, refuseUnhandledRejections } from "../redis/redis-site.ts";

refuseUnhandledRejections();

/** What a key holds, what is asked when it has been lost, and what is answered then. */
interface Kept {
  readonly kind: string;
  readonly key: (keyspace: Keyspace) => string;
  readonly use: (realm: Realm) => Promise<unknown>;
  readonly ask: (realm: Realm) => Promise<unknown>;
  readonly answer: unknown;
}

const note = (id: string) => ({
  ...{ channel: "notifications/7", name: "notification", body: `{"id":"${id}"}` },
  note: { type: "add", userId: "7", id } as const,
});
const addNote = ({ changeLog }: Realm, id: string) => changeLog.append(changeOf({ events: [note(id)] }));
const rule = { algorithm: "gcra", limit: 2, windowMs: 60_000, burst: 2, blockMs: 60_000 } as const;
const take = ({ limitStore }: Realm) => limitStore.take({ name: "api", subject: "7", rule, cost: 2 });
const claim = ({ claimStore }: Realm) => claimStore.claim({ name: "digest", owner: "n", holdMs: 60_000 });
const step = (after: string | undefined, place: string) =>
  changeOf({ source: { name: "outbox", after, place } });

const KEPT: readonly Kept[] = [
  {
    kind: "how far a source was taken over: nothing is taken over twice or left out, it is told that the log stands elsewhere",
    key: (keyspace) => keyspace.source("outbox"),
    use: ({ changeLog }) => changeLog.append(step(undefined, "1")),
    ask: ({ changeLog }) =>
      changeLog.append(step("1", "2")).catch(({ code }: { readonly code: string }) => code),
    answer: "LIVE_SOURCE_MOVED",
  },
  {
    kind: "a claim: the message is handled again",
    key: (keyspace) => keyspace.claim("digest"),
    use: claim,
    ask: claim,
    answer: { state: "granted" },
  },
  {
    kind: "a limit: it may be taken once more, and holds then",
    key: (keyspace) => keyspace.limit("api:7"),
    use: take,
    ask: async (realm) => [(await take(realm)).allowed, (await take(realm)).allowed],
    answer: [true, false],
  },
  {
    kind: "notifications: later ones are kept as ever",
    key: (keyspace) => keyspace.notes("7"),
    use: (realm) => addNote(realm, "a"),
    ask: async (realm) => {
      await addNote(realm, "b");
      const { notes } = await realm.notificationStore.page("7", {
        channel: "notifications/7",
        limit: 10,
      });
      return notes.map(({ id }) => id);
    },
    answer: ["b"],
  },
  {
    kind: "what of them is unread: later ones are unread as ever",
    key: (keyspace) => keyspace.unread("7"),
    use: (realm) => addNote(realm, "a"),
    ask: async (realm) => {
      await addNote(realm, "b");
      return realm.notificationStore.unread("7");
    },
    answer: 1,
  },
];

test("what other keys lose is known, bounded, and never silent where it counts", async () => {
  const { realm, redis, keyspace } = await openSite();
  for (const { kind, key, use, ask, answer } of KEPT) {
    await use(realm);
    expect([kind, await redis.call("DEL", key(keyspace))]).toEqual([kind, 1]);
    expect([kind, await ask(realm)]).toEqual([kind, answer]);
    await redis.call("DEL", keyspace.notes("7"), keyspace.unread("7"));
  }
});
