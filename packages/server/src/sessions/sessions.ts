import { LiveError } from "@livecache/wire";
import { invalidOption, wholeNumber } from "../base/check.ts";
import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import { sessionTag } from "../base/session-tag.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeRecord } from "../ports/change-log.ts";
import { MAX_ENDED_AT_ONCE } from "../ports/session-store.ts";
import type { SessionClosed, SessionRecord, SessionStore } from "../ports/session-store.ts";
import { createCopies } from "./copies.ts";
import { createEndings, isPassing } from "./endings.ts";
import { createForeign } from "./foreign.ts";
import {
  checkLifeMs,
  checkSessionId,
  checkUserId,
  isSessionId,
  readFields,
  toData,
  tooLarge,
} from "./read-input.ts";
import type { SaveReply, SaveSession, SessionGone, Sessions, StoredSession } from "./session-api.ts";

/** What the room needs from its surroundings. */
export interface SessionParts {
  readonly node: string;
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Aborted when the node closes. */
  readonly signal: AbortSignal;
  /** Tags that moved on this node only, because the ground is away. */
  readonly onPending: (tags: readonly string[]) => void;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** The sessions of one node. */
export interface SessionRoom {
  readonly sessions: Sessions;
  /** Drops copies that a record speaks of. Never throws. */
  apply(record: Pick<ChangeRecord, "tags">): void;
  /** Records may have been missed. */
  reset(): void;
  /** The ground is back. */
  wake(): void;
}

const DEFAULT_BUDGET = 0.1;
const MOST_BUDGET = 0.9;
const DEFAULT_PAGE = 100;
const MOST_PAGE = 1_000;
const MODES: readonly unknown[] = ["merge", "strict", "exact"];

/** How often an update is tried while others save in between. */
const MOST_TRIES = 20;

/** Makes the room. */
export function createSessions(parts: SessionParts): SessionRoom {
  const { node, store, clock, warn } = parts;
  const copies = createCopies(clock);
  const foreign = createForeign(store, warn);
  const endings = createEndings({ ...parts, foreign, copies });
  const counts = { answeredFromCopies: 0, sparedTouches: 0 };

  async function find(id: string): Promise<SessionRecord | undefined> {
    const reply = await store.read(id);
    if (reply.state === "here") return reply.record;
    if (reply.state === "ended") return undefined;
    const record = await foreign.read(id);
    if (record?.userId === undefined) return record;
    // Whether its user was signed out everywhere, only the ground can say: it becomes ours, or is over.
    if (!(await foreign.take(id, undefined))) return undefined;
    const again = await store.read(id);
    return again.state === "here" ? again.record : undefined;
  }

  async function read(id: string): Promise<StoredSession | undefined> {
    if (!isSessionId(id) || endings.isPending(id)) return undefined;
    const askedAtMs = clock.now();
    try {
      const record = await find(id);
      if (!record || endings.covers(record)) {
        copies.drop(id);
        return undefined;
      }
      copies.keep(record, askedAtMs);
      return toSession(record, false);
    } catch (error) {
      if (!isPassing(error)) throw error;
      const record = copies.find(id);
      if (!record || endings.covers(record)) throw error;
      counts.answeredFromCopies++;
      return toSession(record, true);
    }
  }

  async function endBeyond(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    // Ended at the latest when the ground is back.
    await endings.end(ids.slice(0, MAX_ENDED_AT_ONCE)).catch(() => undefined);
  }

  /** Does it to ours, and when there is none once more after one of connect-redis has become ours. */
  async function onOurs<T extends { readonly state: string }>(
    id: string,
    idleMs: number | undefined,
    work: () => Promise<T | SessionClosed>,
  ): Promise<T | SessionClosed> {
    const reply = await work();
    return reply.state === "absent" && (await foreign.take(id, idleMs)) ? work() : reply;
  }

  async function save(id: string, input: SaveSession): Promise<SaveReply> {
    const { base, mode = "merge", userId, idleMs } = input;
    wholeNumber("save: base", base, [0, Number.MAX_SAFE_INTEGER]);
    if (!MODES.includes(mode)) throw invalidOption("save: mode", '"merge", "strict" or "exact"', mode);
    if (idleMs !== undefined) checkLifeMs("save: idleMs", idleMs);
    if (userId !== undefined && userId !== null) checkUserId("save: userId", userId);
    const fields = readFields("save: set", input.set, input.remove);
    if (!isSessionId(id) || endings.isPending(id)) return { state: "gone" };
    // What was written elsewhere has version 1 from the moment on at which it is ours.
    const patch = { id, base: Math.max(1, base), mode, ...fields, userId, idleMs };
    const reply = await onOurs(id, idleMs, () => store.save(patch));
    copies.drop(id);
    if (reply.state === "full") throw tooLarge(reply);
    if (reply.state === "conflict") return reply;
    if (reply.state !== "saved") return gone(reply);
    await endBeyond(reply.beyond);
    return { state: "saved", version: reply.version, expiresAtMs: reply.expiresAtMs };
  }

  const sessions: Sessions = {
    read,
    save,
    async create(id, { data, userId, idleMs, absoluteMs }) {
      checkSessionId("create: id", id);
      checkLifeMs("create: idleMs", idleMs);
      if (absoluteMs !== undefined) checkLifeMs("create: absoluteMs", absoluteMs);
      if (userId !== undefined) checkUserId("create: userId", userId);
      const { set } = readFields("create: data", data);
      if (endings.isPending(id)) return { state: "ended" };
      const input = { id, fields: set, userId, idleMs, absoluteMs, isForeign: false };
      const reply = await store.create(input);
      if (reply.state !== "created") return { state: reply.state };
      await endBeyond(reply.beyond);
      return { state: "created", version: reply.version, expiresAtMs: reply.expiresAtMs };
    },
    async update(id, change) {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const session = await read(id);
        if (!session) return { state: "gone" };
        if (session.isReplaced) return { state: "replaced" };
        if (session.isCopy) throw awayForWriting();
        const before = new Map(
          Object.entries(session.data).map(([name, value]) => [name, JSON.stringify(value)]),
        );
        const data = session.data as Record<string, unknown>;
        await change(data);
        const names = Object.keys(data).filter((name) => JSON.stringify(data[name]) !== before.get(name));
        const set = Object.create(null) as Record<string, unknown>;
        for (const name of names) set[name] = data[name];
        const remove = [...before.keys()].filter((name) => !Object.hasOwn(data, name));
        if (names.length + remove.length === 0) return { state: "saved", session };
        const reply = await save(id, { base: session.version, set, remove, mode: "exact" });
        if (reply.state === "conflict") continue;
        if (reply.state !== "saved") return reply;
        const { version, expiresAtMs } = reply;
        return { state: "saved", session: { ...session, data, version, expiresAtMs } };
      }
      const message = `update: others saved the session in between ${MOST_TRIES} times. Try again later.`;
      throw new LiveError("LIVE_LIMIT_REACHED", message);
    },
    async touch(id, idleMs, { budget = DEFAULT_BUDGET } = {}) {
      checkLifeMs("touch: idleMs", idleMs);
      if (typeof budget !== "number" || !(budget >= 0) || budget > MOST_BUDGET) {
        throw invalidOption("touch: budget", `a number from 0 to ${MOST_BUDGET}`, budget);
      }
      if (!isSessionId(id) || endings.isPending(id)) return { state: "gone" };
      const expiresAtMs = budget > 0 ? copies.spares(id, idleMs, budget) : undefined;
      if (expiresAtMs !== undefined) {
        counts.sparedTouches++;
        return { state: "alive", expiresAtMs };
      }
      const askedAtMs = clock.now();
      const reply = await onOurs(id, idleMs, () => store.touch({ id, idleMs, budget }));
      if (reply.state !== "alive") return gone(reply);
      const beganAtMs = askedAtMs - Math.max(0, reply.nowMs - reply.seenAtMs);
      copies.touched(id, { idleMs, expiresAtMs: reply.expiresAtMs, beganAtMs });
      return { state: "alive", expiresAtMs: reply.expiresAtMs };
    },
    async end(id) {
      return isSessionId(id) && (await endings.end([id])) > 0;
    },
    async rotate(oldId, newId, { carry = true, set, remove, userId, idleMs, absoluteMs }) {
      checkSessionId("rotate: newId", newId);
      if (idleMs !== undefined) checkLifeMs("rotate: idleMs", idleMs);
      if (absoluteMs !== undefined) checkLifeMs("rotate: absoluteMs", absoluteMs);
      if (userId !== undefined && userId !== null) checkUserId("rotate: userId", userId);
      const fields = readFields("rotate: set", set, remove);
      if (!isSessionId(oldId) || endings.isPending(oldId)) return { state: "gone" };
      const ending = { changeId: randomWord(16), origin: node, tags: [sessionTag(oldId)] };
      const input = { oldId, newId, carry, ...fields, userId, idleMs, absoluteMs, ending };
      // What connect-redis kept becomes ours and goes, before the old id is closed: nothing may come back when that is forgotten.
      await foreign.take(oldId, idleMs);
      await foreign.remove(oldId);
      const reply = await store.rotate(input);
      copies.drop(oldId);
      if (reply.state === "full") throw tooLarge(reply);
      if (reply.state === "taken") return { state: "taken" };
      if (reply.state !== "rotated") return gone(reply);
      await endBeyond(reply.beyond);
      return { state: "rotated", version: reply.version, expiresAtMs: reply.expiresAtMs };
    },
    async of(userId) {
      checkUserId("of: userId", userId);
      const records = await store.of(userId);
      return records
        .filter((record) => !endings.covers(record))
        .map(({ id, createdAtMs, seenAtMs, expiresAtMs }) => ({ id, createdAtMs, seenAtMs, expiresAtMs }));
    },
    async endAll(userId, { except } = {}) {
      checkUserId("endAll: userId", userId);
      if (except !== undefined) checkSessionId("endAll: except", except);
      return endings.endAll(userId, except);
    },
    async page(from, limit = DEFAULT_PAGE) {
      wholeNumber("page: limit", limit, [1, MOST_PAGE]);
      const { records, next } = await store.page(from, limit);
      const alive = records.filter((record) => !endings.covers(record));
      return { sessions: alive.map((record) => toSession(record, false)), next };
    },
    async *all() {
      const told = new Set<string>();
      let from: string | undefined;
      do {
        const { sessions: some, next } = await sessions.page(from);
        for (const session of some) {
          if (told.has(session.id)) continue;
          told.add(session.id);
          yield session;
        }
        from = next;
      } while (from !== undefined);
    },
    length: () => store.length(),
    async clear() {
      let ended = 0;
      let from: string | undefined;
      do {
        const { records, next } = await store.page(from, MAX_ENDED_AT_ONCE);
        for (let at = 0; at < records.length; at += MAX_ENDED_AT_ONCE) {
          ended += await endings.end(records.slice(at, at + MAX_ENDED_AT_ONCE).map(({ id }) => id));
        }
        from = next;
      } while (from !== undefined);
      return ended;
    },
    takeOver: (options = {}) => foreign.begin(options),
    status() {
      const { count, bytes } = copies.size();
      return { ...counts, copies: count, copyBytes: bytes, pendingEnds: endings.size() };
    },
  };

  return {
    sessions,
    apply: ({ tags }) => copies.dropTags(tags),
    reset: copies.clear,
    wake: endings.wake,
  };
}

function gone({ state }: SessionClosed): SessionGone {
  return { state: state === "replaced" ? "replaced" : "gone" };
}

function toSession(record: SessionRecord, isCopy: boolean): StoredSession {
  const { id, fields, userId, version, createdAtMs, seenAtMs, expiresAtMs, endsAtMs, isReplaced } = record;
  const times = { createdAtMs, seenAtMs, expiresAtMs, endsAtMs };
  return { id, data: toData(fields), userId, version, ...times, isCopy, isReplaced };
}

function awayForWriting(): LiveError {
  const message = "update: the ground is away, and what this node knows of the session can only be read.";
  return new LiveError("LIVE_GROUND_AWAY", message);
}
