import type { CacheStore, ChangeLog, Position, ReadReply, Realm } from "livecache";
import type { Feature } from "./features.ts";
import type { AskOf } from "./sim-ask.ts";
import type { SimClock } from "./sim-clock.ts";

/** A naive variant of what Livecache does: a bug, planted to prove that the search finds it. */
export interface Planted {
  /** What has to happen for the bug to show. */
  readonly features: readonly Feature[];
  /** The ground that all nodes share, with the bug. */
  readonly ground?: (realm: Realm, clock: SimClock) => Realm;
  /** One node's side of its link, with the bug. */
  readonly node?: (realm: Realm, clock: SimClock) => Realm;
  /** A node's readers, with the bug. */
  readonly ask?: (ask: AskOf) => AskOf;
}

function store(
  change: (store: CacheStore, log: ChangeLog, clock: SimClock) => Partial<CacheStore>,
): NonNullable<Planted["ground"]> {
  return (realm, clock) => {
    const { cacheStore, changeLog } = realm;
    return { ...realm, cacheStore: { ...cacheStore, ...change(cacheStore, changeLog, clock) } };
  };
}

/** Replaces what the ground answers to reads. */
function reads(replace: (reply: ReadReply, head: Position) => ReadReply): NonNullable<Planted["ground"]> {
  return store(({ read }, log) => ({
    async read(keys, judge) {
      const replies = await read(keys, judge);
      const head = await log.position();
      return replies.map((reply) => replace(reply, head));
    },
  }));
}

/** The bugs, by the name of what they do wrong. */
export const PLANTS = named({
  "stamp-after-load": {
    features: [],
    ground: store(({ commit }, log) => ({
      commit: async (input) => commit({ ...input, position: await log.position() }),
    })),
  },
  "late-tags-stamped-after-load": {
    features: ["late-tags"],
    ground: store(({ commit }, log) => ({
      async commit(input) {
        const tags = input.tags.filter((tag) => !tag.startsWith("late:"));
        const { position, verdicts } = await log.judge([{ position: input.position, tags }]);
        return commit(verdicts[0] === "changed" ? input : { ...input, position });
      },
    })),
  },
  "refresh-stores-unconditionally": {
    features: ["refresh", "short-ttl"],
    ground: store(({ begin, read, commit }, log) => {
      const refreshing = new Set<string>();
      return {
        async begin(input) {
          const [present] = await read([input.key]);
          const reply = await begin(input);
          if (reply.state === "granted" && present?.state === "valid" && present.entry.ttlLeftMs > 0) {
            refreshing.add(reply.lease);
          }
          return reply;
        },
        async commit(input) {
          if (!refreshing.delete(input.lease ?? "")) return commit(input);
          return commit({ ...input, position: await log.position() });
        },
      };
    }),
  },
  "soft-treated-as-valid": {
    features: ["soft"],
    ground: reads((reply) => (reply.state === "stale" ? { ...reply, state: "valid" } : reply)),
  },
  "grace-after-hard-change": {
    features: ["grace", "short-ttl"],
    ground: reads((reply, judgedAt) =>
      reply.state === "invalid" ? { state: "stale", entry: reply.entry, judgedAt } : reply,
    ),
  },
  "missing-tag-means-unchanged": { features: ["evict-tags"], ground: forgettingGround },
  "epoch-ignored": { features: ["epoch"], ground: setBackGround },
  "own-node-forgets-late": {
    features: [],
    ground(realm) {
      const { changeLog } = realm;
      return {
        ...realm,
        changeLog: {
          ...changeLog,
          async append(change) {
            const before = await changeLog.position();
            return { ...(await changeLog.append(change)), seq: before.seq };
          },
        },
      };
    },
  },
  "push-before-apply": { features: [], node: eager },
  "near-without-lease": { features: ["cut"], node: alwaysHearing },
  "join-any-flight": { features: [], ask: joiningAnything },
  "fence-ignored-for-stale": {
    features: ["soft", "swr"],
    ask: (ask) => (request, isPeek) => {
      const { swrMs = 0, graceMs = 0 } = request.freshness ?? {};
      return ask(swrMs + graceMs > 0 ? { ...request, fence: undefined } : request, isPeek);
    },
  },
});

/** The name of a bug: what it does wrong. */
export type Plant = keyof typeof PLANTS;

/** Keeps the names, and forgets what the bugs are made of. */
function named<Name extends string>(bugs: Readonly<Record<Name, Planted>>): typeof bugs {
  return bugs;
}

/** Last moves of tags as a naive ground would keep them: `seq` and when. */
type MoveList = Map<string, { readonly seq: number; readonly atMs: number }>;

/** Judges by its own list of moves: what is not in it counts as unmoved. */
function judgedByList(realm: Realm, moves: MoveList, kept: { most: number; clock: SimClock }): Realm {
  const { cacheStore, changeLog } = realm;
  const isUnmoved = (reply: ReadReply & { state: "invalid" }): boolean =>
    reply.entry.tags.every((tag) => (moves.get(tag)?.seq ?? 0) <= reply.entry.position.seq);
  return {
    ...realm,
    cacheStore: {
      ...cacheStore,
      async read(keys, judge) {
        const replies = await cacheStore.read(keys, judge);
        const judgedAt = await changeLog.position();
        return replies.map((reply) =>
          reply.state === "invalid" && isUnmoved(reply)
            ? { state: "valid", entry: reply.entry, judgedAt }
            : reply,
        );
      },
    },
    changeLog: {
      ...changeLog,
      async append(change) {
        const position = await changeLog.append(change);
        for (const tag of change.tags) {
          moves.delete(tag);
          moves.set(tag, { seq: position.seq, atMs: kept.clock.now() });
          if (moves.size > kept.most) moves.delete(moves.keys().next().value!);
        }
        return position;
      },
    },
  };
}

function forgettingGround(realm: Realm, clock: SimClock): Realm {
  return judgedByList(realm, new Map(), { most: 3, clock });
}

/** Comes back, after a failover, without the moves of its last half second, and takes old stamps for good. */
function setBackGround(realm: Realm, clock: SimClock): Realm {
  const moves: MoveList = new Map();
  const judged = judgedByList(realm, moves, { most: 1_000, clock });
  const { changeLog } = judged;
  return {
    ...judged,
    changeLog: {
      ...changeLog,
      renewEpoch(from) {
        for (const [tag, { atMs }] of moves) if (atMs > clock.now() - 500) moves.delete(tag);
        return changeLog.renewEpoch(from);
      },
    },
  };
}

/** Hands events out although the node has not applied their change. */
function eager(realm: Realm): Realm {
  const { changeLog } = realm;
  return {
    ...realm,
    changeLog: {
      ...changeLog,
      subscribe: (channel, onEvent) =>
        changeLog.subscribe(channel, (event) =>
          onEvent({ ...event, position: { ...event.position, seq: 0 } }),
        ),
    },
  };
}

/** Takes silence for "nothing has changed". */
function alwaysHearing(realm: Realm, clock: SimClock): Realm {
  const { changeLog } = realm;
  return {
    ...realm,
    changeLog: {
      ...changeLog,
      tail(reader) {
        let cancel = (): void => undefined;
        const hear = (): void => {
          reader.onEvent({ type: "heard", askedAtMs: clock.now() });
          cancel = clock.after(100, hear);
        };
        const tail = changeLog.tail(reader);
        cancel = clock.after(100, hear);
        return {
          close() {
            cancel();
            return tail.close();
          },
        };
      },
    },
  };
}

/** One load for all who ask, whenever they asked. */
function joiningAnything(ask: AskOf): AskOf {
  const asked = new Map<string, ReturnType<AskOf>>();
  return (request, isPeek) => {
    const running = asked.get(request.key);
    if (running) return running;
    const answer = ask(request, isPeek).finally(() => asked.delete(request.key));
    asked.set(request.key, answer);
    return answer;
  };
}
