import { isLiveError } from "livecache";
import type { Clock, ErrorCode, Ground, Realm, TailEvent } from "livecache";
import type { PlayName } from "./schedule.ts";
import type { SiteLive, SitePlant } from "./site.ts";

/** A bug, planted between the rooms of each node and its ground, or in what a node offers, to prove that a simulation finds it. */
export interface PlantedInSite {
  /** What has to be played for it to show. */
  readonly plays: readonly PlayName[];
  readonly plant: SitePlant;
}

const SLOW_ANSWER_MS = 900;

/** Keeps the names, and forgets what the bugs are made of. */
function named<Name extends string>(bugs: Readonly<Record<Name, PlantedInSite>>): typeof bugs {
  return bugs;
}

/** Replaces methods of one store, on each node. */
function store<S extends keyof Realm>(
  name: S,
  change: (right: Realm[S], realm: Realm) => Partial<Realm[S]>,
): SitePlant {
  return {
    ground(ground): Ground {
      const right = ground.realm("main");
      const realm: Realm = { ...right, [name]: { ...right[name], ...change(right[name], right) } };
      return { ...ground, realm: () => realm };
    },
  };
}

/** Replaces what a node offers. */
function offers(change: (live: SiteLive) => Partial<SiteLive>): SitePlant {
  return { live: (live) => ({ ...live, ...change(live) }) };
}

function isUnknown(error: unknown): boolean {
  return isLiveError(error) && error.code === "LIVE_GROUND_TIMEOUT";
}

/** Remembers what failed, by a name, and takes the next attempt at it for done. */
function givesUpRetries(): { failed(name: string): void; isRetry(name: string): boolean } {
  const names = new Set<string>();
  return { failed: (name) => void names.add(name), isRetry: (name) => names.delete(name) };
}

/** The bugs, by the name of what they do wrong. */
export const SITE_PLANTS = named({
  "change-not-told-again": {
    plays: ["cache"],
    plant: store("changeLog", ({ append, position }) => {
      const retries = givesUpRetries();
      return {
        async append(change) {
          if (retries.isRetry(change.changeId)) return position();
          return append(change).catch((error: unknown) => {
            retries.failed(change.changeId);
            throw error;
          });
        },
      };
    }),
  },
  "change-told-twice": {
    plays: ["notes"],
    plant: store("changeLog", ({ append }) => ({
      append: (change) => append({ ...change, retryAfter: undefined }),
    })),
  },
  "records-without-tags": {
    plays: ["cache"],
    plant: store("changeLog", ({ tail }) => ({
      tail: ({ node, onEvent }) => tail({ node, onEvent: (event) => onEvent(withoutTags(event)) }),
    })),
  },
  "start-not-told": {
    plays: ["cache", "channel"],
    plant: store("changeLog", ({ tail }) => ({
      tail({ node, onEvent }) {
        let last: TailEvent | undefined;
        return tail({
          node,
          onEvent(event) {
            // Goes on as if nothing could have been missed.
            if (event.type === "start" && last) return;
            last = event;
            onEvent(event);
          },
        });
      },
    })),
  },
  "lease-dated-from-the-answer": { plays: ["cache"], plant: { ground: datedOnArrival } },
  "push-before-apply": {
    plays: ["channel"],
    plant: store("changeLog", ({ subscribe }) => ({
      subscribe: (channel, onEvent, missed) =>
        subscribe(channel, (event) => onEvent({ ...event, position: { ...event.position, seq: 0 } }), missed),
    })),
  },
  "cursor-of-another-epoch": {
    plays: ["channel"],
    plant: store("changeLog", ({ subscribe, history, cursor }) => ({
      async subscribe(channel, onEvent, missed) {
        if (!missed) return subscribe(channel, onEvent);
        const after = { ...missed.after, epoch: (await cursor(channel)).epoch };
        return subscribe(channel, onEvent, { ...missed, after });
      },
      async history(channel, query) {
        return history(channel, {
          ...query,
          after: { ...query.after, epoch: (await cursor(channel)).epoch },
        });
      },
    })),
  },
  "replays-one-too-many": {
    plays: ["channel"],
    plant: store("changeLog", ({ subscribe, history }) => ({
      subscribe(channel, onEvent, missed) {
        if (!missed) return subscribe(channel, onEvent);
        const offset = Math.max(0, missed.after.offset - 1);
        return subscribe(channel, onEvent, { ...missed, after: { ...missed.after, offset } });
      },
      history: (channel, query) =>
        history(channel, {
          ...query,
          after: { ...query.after, offset: Math.max(0, query.after.offset - 1) },
        }),
    })),
  },
  "replays-before-the-answer": { plays: ["channel"], plant: offers(replaysBeforeAnswer) },
  "commits-what-was-refused": {
    plays: ["cache"],
    plant: store("cacheStore", ({ commit }, { changeLog }) => ({
      async commit(input) {
        const reply = await commit(input);
        if (reply.state === "stored" || reply.reason !== "changed") return reply;
        return commit({ ...input, lease: undefined, position: await changeLog.position() });
      },
    })),
  },
  "waits-without-deadline": {
    plays: ["cache", "session"],
    plant: store("cacheStore", ({ read }) => ({
      read: (keys, judge) =>
        read(keys, judge).catch((error: unknown) => {
          if (isUnknown(error)) return new Promise<never>(() => undefined);
          throw error;
        }),
    })),
  },
  "errors-of-the-driver": {
    plays: ["session"],
    plant: store("sessionStore", ({ read }) => ({
      read: (id) =>
        read(id).catch((error: unknown) => {
          throw isUnknown(error) ? new Error("Socket closed unexpectedly") : error;
        }),
    })),
  },
  "revocation-not-repeated": {
    plays: ["revocation"],
    plant: store("revocationStore", ({ revoke }, { changeLog }) => {
      const retries = givesUpRetries();
      return {
        async revoke(input) {
          const [{ id } = { id: "" }] = input.revoked;
          if (retries.isRetry(id))
            return { state: "revoked", position: await changeLog.position(), added: 0 };
          return revoke(input).catch((error: unknown) => {
            retries.failed(id);
            throw error;
          });
        },
      };
    }),
  },
  "revocation-by-the-log-alone": {
    plays: ["revocation"],
    plant: store("revocationStore", ({ state, shard }) => ({
      // Whoever missed a record never learns of it: what the ground holds is not compared.
      state: async () => ({ ...(await state()), shards: [] }),
      shard: async (index) => ((await shard(index)).length > 0 ? [] : []),
    })),
  },
  "session-end-not-repeated": {
    plays: ["session"],
    plant: store("sessionStore", ({ end }) => {
      const retries = givesUpRetries();
      return {
        async end(ids, ending) {
          if (retries.isRetry(ids.join())) return 0;
          return end(ids, ending).catch((error: unknown) => {
            retries.failed(ids.join());
            throw error;
          });
        },
      };
    }),
  },
  "session-save-replaces-all": {
    plays: ["session"],
    plant: store("sessionStore", ({ save, read }) => ({
      async save(input) {
        const reply = await read(input.id);
        const known = reply.state === "here" ? reply.record.fields.map(([name]) => name) : [];
        const kept = new Set(input.set.map(([name]) => name));
        return save({ ...input, remove: known.filter((name) => !kept.has(name)) });
      },
    })),
  },
  "session-copy-outlives-its-end": { plays: ["session"], plant: offers(answersOldCopies) },
  "outage-means-signed-out": {
    plays: ["session"],
    plant: store("sessionStore", ({ read }) => ({
      read: (id) =>
        read(id).catch((error: unknown) => {
          if (isUnknown(error)) return { state: "absent" as const };
          throw error;
        }),
    })),
  },
  "presence-never-leaves": {
    plays: ["channel"],
    plant: store("presenceStore", ({ write }) => ({
      write: (input) => write({ ...input, users: input.users.filter(({ state }) => state !== undefined) }),
    })),
  },
  "region-never-leaves": {
    plays: ["region"],
    plant: store("regionStore", ({ move }) => ({
      move: (one) => (one.to === undefined ? Promise.resolve("moved") : move(one)),
    })),
  },
  "region-said-once": {
    plays: ["region"],
    plant: store("regionStore", ({ move }) => ({ move: (one) => move(one).catch(() => "moved") })),
  },
  "message-answer-not-kept": {
    plays: ["message"],
    plant: store("claimStore", ({ release }) => ({
      async settle({ name, owner }) {
        await release(name, owner);
        return true;
      },
    })),
  },
  "presence-said-once": {
    plays: ["channel"],
    plant: store("presenceStore", ({ write }) => {
      const said = new Set<string>();
      return {
        async write(input) {
          const name = (userId: string): string => `${input.channel} ${userId}`;
          const news = input.users.filter(({ userId, state }) => !(state && said.has(name(userId))));
          const isWritten = news.length === 0 || (await write({ ...input, users: news }));
          if (isWritten) for (const { userId } of news) said.add(name(userId));
          return isWritten;
        },
      };
    }),
  },
  "limit-per-node": {
    plays: ["limit"],
    plant: {
      ground(ground) {
        const realm = ground.realm("main");
        const own = Math.random().toString(36);
        const { limitStore } = realm;
        const take: typeof limitStore.take = (input) =>
          limitStore.take({ ...input, subject: `${input.subject} ${own}` });
        const planted: Realm = { ...realm, limitStore: { ...limitStore, take } };
        return { ...ground, realm: () => planted };
      },
    },
  },
  "limit-open-in-outages": { plays: ["limit"], plant: offers(allowsAlone) },
});

/** The name of a bug: what it does wrong. */
export type SitePlantName = keyof typeof SITE_PLANTS;

/** Takes what it hears for as new as the moment in which it arrives, which is long after it was asked. */
function datedOnArrival(ground: Ground, clock: Clock): Ground {
  const right = ground.realm("main");
  const tail: Realm["changeLog"]["tail"] = ({ node, onEvent }) =>
    right.changeLog.tail({
      node,
      onEvent(event) {
        if (event.type !== "heard") return onEvent(event);
        clock.after(SLOW_ANSWER_MS, () => onEvent({ type: "heard", askedAtMs: clock.now() }));
      },
    });
  const realm: Realm = { ...right, changeLog: { ...right.changeLog, tail } };
  return { ...ground, realm: () => realm };
}

function withoutTags(event: TailEvent): TailEvent {
  if (event.type !== "records") return event;
  return { type: "records", records: event.records.map((record) => ({ ...record, tags: [] })) };
}

/** Sends what was missed to whoever comes back, and only then asks whether they may be there. */
function replaysBeforeAnswer({ door }: SiteLive): Pick<SiteLive, "door"> {
  return {
    door: {
      ...door,
      converse(socket, ...rest) {
        const right = door.converse(socket, ...rest);
        const handler: typeof right.handler = (frame) => {
          const handle = right.handler(frame);
          if (frame !== "join" || !handle) return handle;
          return (request, answer) => {
            let reply: object | undefined;
            return handle(request, (given) => (reply = given)).then(() => reply && answer(reply));
          };
        };
        return new Proxy(right, {
          get(target, name) {
            if (name === "handler") return handler;
            const value: unknown = Reflect.get(target, name, target);
            return typeof value === "function" ? value.bind(target) : value;
          },
        });
      },
    },
  };
}

/** Answers what was read last when the ground does not answer, whatever became of it since. */
function answersOldCopies({ sessions }: SiteLive): Pick<SiteLive, "sessions"> {
  const copies = new Map<string, Awaited<ReturnType<typeof sessions.read>>>();
  return {
    sessions: {
      ...sessions,
      async read(id) {
        try {
          const session = await sessions.read(id);
          if (session) copies.set(id, session);
          return session ?? copies.get(id);
        } catch (error) {
          const copy = copies.get(id);
          if (copy) return { ...copy, isCopy: true };
          throw error;
        }
      },
    },
  };
}

const AWAY: readonly ErrorCode[] = ["LIVE_GROUND_AWAY", "LIVE_GROUND_TIMEOUT", "LIVE_GROUND_BUSY"];

/** Takes an outage for permission. */
function allowsAlone({ limits }: SiteLive): Pick<SiteLive, "limits"> {
  return {
    limits: {
      ...limits,
      async take(call) {
        try {
          const reply = await limits.take(call);
          return reply.scope === "local" ? { ...reply, allowed: true } : reply;
        } catch (error) {
          if (!isLiveError(error) || !AWAY.includes(error.code)) throw error;
          return limits.peek(call);
        }
      },
    },
  };
}
