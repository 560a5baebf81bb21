import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import {
  ENDED_KEPT_MS,
  MAX_SESSIONS_PER_USER,
  MAX_SESSION_BYTES,
  MAX_SESSION_FIELDS,
  REPLACED_MS,
} from "../ports/session-store.ts";
import type {
  SessionClosed,
  SessionCreation,
  SessionEnding,
  SessionField,
  SessionFull,
  SessionMissing,
  SessionPatch,
  SessionRecord,
  SessionRotation,
  SessionStore,
  SessionWritten,
} from "../ports/session-store.ts";

/** A value, and the version that it was saved with. */
interface KeptField {
  readonly json: string;
  readonly version: number;
}

/** Instants are on the wall clock. */
interface KeptSession {
  fields: Map<string, KeptField>;
  userId: string | undefined;
  /** The user's round that it belongs to. */
  round: string;
  version: number;
  /** The version with which a property was last removed. */
  removedIn: number;
  createdAtMs: number;
  seenAtMs: number;
  idleMs: number;
  endsAtMs: number | undefined;
  /** Until when it can be read under an id that was replaced. */
  replacedUntilMs: number | undefined;
}

/** Stands for a session that was ended. */
interface KeptEnd {
  readonly endedUntilMs: number;
}

type Kept = KeptSession | KeptEnd;

/** What the sessions of one realm need from it. */
export interface MemorySessionParts {
  readonly clock: Pick<Clock, "wall">;
  /** Appends the record of an ending. */
  readonly append: (ending: SessionEnding) => void;
  readonly guard: () => void;
  /** Most sessions that are kept; then those go that were created first. */
  readonly maxSessions?: number;
}

const MAX_SESSIONS = 100_000;

/** How many are looked at with each creation, to remove those that have expired. */
const SWEPT = 4;

const isEnd = (kept: Kept): kept is KeptEnd => "endedUntilMs" in kept;

/** The sessions of one realm, in this process. */
export function createMemorySessionStore(parts: MemorySessionParts): SessionStore {
  const { guard, append } = parts;
  const shelf = createShelf(parts);
  const now = (): number => Math.floor(parts.clock.wall());

  function write(session: KeptSession, id: string, nowMs: number): SessionWritten {
    session.seenAtMs = nowMs;
    const beyond = session.userId === undefined ? [] : shelf.beyond(session.userId, id, nowMs);
    return { version: session.version, expiresAtMs: expiryOf(session), beyond };
  }

  function rotated(input: SessionRotation, old: KeptSession, nowMs: number): KeptSession {
    const fresh: KeptSession = {
      ...old,
      fields: new Map(),
      userId: input.userId === undefined ? old.userId : (input.userId ?? undefined),
      version: 1,
      removedIn: 0,
      createdAtMs: nowMs,
      seenAtMs: nowMs,
      idleMs: input.idleMs ?? old.idleMs,
      endsAtMs: input.absoluteMs === undefined ? old.endsAtMs : nowMs + input.absoluteMs,
    };
    fresh.round = fresh.userId === undefined ? "" : shelf.roundOf(fresh.userId);
    if (input.carry) for (const [name, { json }] of old.fields) fresh.fields.set(name, { json, version: 1 });
    for (const name of input.remove) fresh.fields.delete(name);
    for (const [name, json] of input.set) fresh.fields.set(name, { json, version: 1 });
    return fresh;
  }

  return {
    async read(id) {
      guard();
      const found = shelf.find(id, now());
      if ("state" in found) return found;
      return { state: "here", record: recordOf(id, found, now()) };
    },
    async create(input) {
      guard();
      const nowMs = now();
      const found = shelf.find(input.id, nowMs);
      if (!("state" in found)) return { state: "taken" };
      if (found.state === "ended") return { state: "ended" };
      if (input.isForeign && input.userId !== undefined && shelf.wasSignedOut(input.userId)) {
        return { state: "ended" };
      }
      const session = created(input, nowMs);
      if (input.userId !== undefined) session.round = shelf.roundOf(input.userId);
      shelf.put(input.id, session, nowMs);
      return { state: "created", ...write(session, input.id, nowMs) };
    },
    async save(input) {
      guard();
      const nowMs = now();
      const session = shelf.open(input.id, nowMs);
      if ("state" in session) return session;
      const conflict = conflictOf(session, input);
      if (conflict) return { state: "conflict", version: session.version, fields: conflict };
      const fields = patched(session, input);
      const full = fullness(fields);
      if (full) return full;
      session.fields = fields;
      session.version++;
      if (input.remove.length > 0) session.removedIn = session.version;
      if (input.idleMs !== undefined) session.idleMs = input.idleMs;
      if (input.userId !== undefined) shelf.bind(input.id, session, input.userId ?? undefined);
      return { state: "saved", ...write(session, input.id, nowMs) };
    },
    async touch({ id, idleMs, budget }) {
      guard();
      const nowMs = now();
      const session = shelf.open(id, nowMs);
      if ("state" in session) return session;
      if (idleMs !== session.idleMs || nowMs - session.seenAtMs >= budget * idleMs) {
        session.idleMs = idleMs;
        session.seenAtMs = nowMs;
      }
      return { state: "alive", seenAtMs: session.seenAtMs, expiresAtMs: expiryOf(session), nowMs };
    },
    async end(ids, ending) {
      guard();
      append(ending);
      return ids.filter((id) => shelf.end(id, now())).length;
    },
    async rotate(input) {
      guard();
      const nowMs = now();
      const old = shelf.open(input.oldId, nowMs);
      if ("state" in old) return old;
      if (shelf.knows(input.newId, nowMs)) return { state: "taken" };
      const fresh = rotated(input, old, nowMs);
      const full = fullness(fresh.fields);
      if (full) return full;
      append(input.ending);
      shelf.put(input.newId, fresh, nowMs);
      old.replacedUntilMs = Math.min(expiryOf(old), nowMs + REPLACED_MS);
      shelf.unlist(input.oldId, old);
      return { state: "rotated", ...write(fresh, input.newId, nowMs) };
    },
    async of(userId) {
      guard();
      const nowMs = now();
      const records = shelf.idsOf(userId, nowMs).map((id) => {
        const session = shelf.find(id, nowMs) as KeptSession;
        return { ...recordOf(id, session, nowMs), fields: [] };
      });
      return records.reverse();
    },
    async endAll({ userId, except, ending }) {
      guard();
      const nowMs = now();
      const ids = shelf.idsOf(userId, nowMs).filter((id) => id !== except);
      append(ending);
      shelf.nextRound(userId, except, nowMs);
      for (const id of ids) shelf.end(id, nowMs);
      return ids.length;
    },
    async page(from, limit) {
      guard();
      const nowMs = now();
      const { ids, next } = shelf.walk(from, limit);
      const records = ids.flatMap((id) => {
        const session = shelf.open(id, nowMs);
        return "state" in session ? [] : [recordOf(id, session, nowMs)];
      });
      return { records, next };
    },
    async length() {
      guard();
      const nowMs = now();
      return [...shelf.walk(undefined, Infinity).ids].filter((id) => !("state" in shelf.open(id, nowMs)))
        .length;
    },
    async readForeign() {
      guard();
      return undefined;
    },
    async limitForeign() {
      guard();
    },
  };
}

/** Where the sessions stand, and the lists of users. */
function createShelf({ maxSessions = MAX_SESSIONS }: MemorySessionParts) {
  /** In the order of creation, each with a number that grows: pages go by it. */
  const all = new Map<string, { readonly number: number; kept: Kept }>();
  const users = new Map<string, { round: string; wasSignedOut: boolean; readonly ids: Set<string> }>();
  let created = 0;
  let sweep = all.entries();

  function user(userId: string) {
    let known = users.get(userId);
    if (!known) users.set(userId, (known = { round: randomWord(12), wasSignedOut: false, ids: new Set() }));
    return known;
  }

  function remove(id: string): void {
    const entry = all.get(id);
    if (entry && !isEnd(entry.kept)) unlist(id, entry.kept);
    all.delete(id);
  }

  function unlist(id: string, { userId }: KeptSession): void {
    if (userId === undefined) return;
    const known = users.get(userId);
    known?.ids.delete(id);
    if (known?.ids.size === 0 && !known.wasSignedOut) users.delete(userId);
  }

  function find(id: string, nowMs: number): KeptSession | SessionMissing {
    const kept = all.get(id)?.kept;
    if (!kept) return { state: "absent" };
    if (isEnd(kept)) return { state: kept.endedUntilMs > nowMs ? "ended" : "absent" };
    if (kept.replacedUntilMs !== undefined && kept.replacedUntilMs <= nowMs) return { state: "ended" };
    if (expiryOf(kept) <= nowMs) return { state: "absent" };
    // Of a user who has no other session nothing is kept.
    const round = kept.userId === undefined ? "" : (users.get(kept.userId)?.round ?? kept.round);
    return round === kept.round ? kept : { state: "ended" };
  }

  /** Some of those that expired go with each creation, and the oldest when there are too many. */
  function makeRoom(nowMs: number): void {
    for (let looked = 0; looked < SWEPT; looked++) {
      const { value, done } = sweep.next();
      if (done) {
        sweep = all.entries();
        break;
      }
      if (goneAt(value[1].kept) <= nowMs) remove(value[0]);
    }
    if (all.size > maxSessions) remove(all.keys().next().value!);
  }

  return {
    find,
    unlist,
    knows(id: string, nowMs: number): boolean {
      const found = find(id, nowMs);
      return !("state" in found) || found.state === "ended";
    },
    /** A session that can be written to. */
    open(id: string, nowMs: number): KeptSession | SessionClosed {
      const found = find(id, nowMs);
      return !("state" in found) && found.replacedUntilMs !== undefined ? { state: "replaced" } : found;
    },
    put(id: string, session: KeptSession, nowMs: number): void {
      remove(id);
      all.set(id, { number: ++created, kept: session });
      if (session.userId !== undefined) user(session.userId).ids.add(id);
      makeRoom(nowMs);
    },
    bind(id: string, session: KeptSession, userId: string | undefined): void {
      if (userId === session.userId) return;
      unlist(id, session);
      session.userId = userId;
      session.round = userId === undefined ? "" : user(userId).round;
      if (userId !== undefined) user(userId).ids.add(id);
    },
    roundOf: (userId: string) => user(userId).round,
    wasSignedOut: (userId: string) => users.get(userId)?.wasSignedOut === true,
    /** Ids of a user's sessions, those that expire first first. */
    idsOf(userId: string, nowMs: number): string[] {
      const alive = [...(users.get(userId)?.ids ?? [])].flatMap((id) => {
        const found = find(id, nowMs);
        return "state" in found ? [] : [{ id, expiresAtMs: expiryOf(found) }];
      });
      return alive.sort((a, b) => a.expiresAtMs - b.expiresAtMs).map(({ id }) => id);
    },
    beyond(userId: string, own: string, nowMs: number): string[] {
      const ids = users.get(userId)!.ids;
      if (ids.size <= MAX_SESSIONS_PER_USER) return [];
      const others = this.idsOf(userId, nowMs).filter((id) => id !== own);
      return others.slice(0, Math.max(0, others.length + 1 - MAX_SESSIONS_PER_USER));
    },
    end(id: string, nowMs: number): boolean {
      const found = find(id, nowMs);
      remove(id);
      all.set(id, { number: ++created, kept: { endedUntilMs: nowMs + ENDED_KEPT_MS } });
      makeRoom(nowMs);
      return !("state" in found);
    },
    nextRound(userId: string, except: string | undefined, nowMs: number): void {
      const found = except === undefined ? undefined : find(except, nowMs);
      const known = user(userId);
      known.round = randomWord(12);
      known.wasSignedOut = true;
      if (found && !("state" in found) && found.userId === userId) found.round = known.round;
    },
    walk(from: string | undefined, limit: number): { ids: string[]; next: string | undefined } {
      const after = Number(from ?? 0);
      const ids: string[] = [];
      for (const [id, { number, kept }] of all) {
        if (number <= after || isEnd(kept)) continue;
        if (ids.length === limit) return { ids, next: String(all.get(ids.at(-1)!)!.number) };
        ids.push(id);
      }
      return { ids, next: undefined };
    },
  };
}

function created({ fields, userId, idleMs, absoluteMs }: SessionCreation, nowMs: number): KeptSession {
  return {
    fields: new Map(fields.map(([name, json]) => [name, { json, version: 1 }])),
    userId,
    round: "",
    version: 1,
    removedIn: 0,
    createdAtMs: nowMs,
    seenAtMs: nowMs,
    idleMs,
    endsAtMs: absoluteMs === undefined ? undefined : nowMs + absoluteMs,
    replacedUntilMs: undefined,
  };
}

function expiryOf({ seenAtMs, idleMs, endsAtMs = Infinity }: KeptSession): number {
  return Math.min(seenAtMs + idleMs, endsAtMs);
}

/** When nothing of it needs to be known any more. */
function goneAt(kept: Kept): number {
  if (isEnd(kept)) return kept.endedUntilMs;
  return kept.replacedUntilMs === undefined ? expiryOf(kept) : kept.replacedUntilMs + ENDED_KEPT_MS;
}

function conflictOf(session: KeptSession, { mode, base, set, remove }: SessionPatch): string[] | undefined {
  if (mode === "merge" || session.version === base) return undefined;
  if (mode === "exact") return [];
  const named = [...set.map(([name]) => name), ...remove];
  // Of a property that is not there it is not known when it went: any removal since then may have been its own.
  const changed = named.filter((name) => (session.fields.get(name)?.version ?? session.removedIn) > base);
  return changed.length > 0 ? changed : undefined;
}

function patched({ fields, version }: KeptSession, { set, remove }: SessionPatch): Map<string, KeptField> {
  const next = new Map(fields);
  for (const name of remove) next.delete(name);
  for (const [name, json] of set) next.set(name, { json, version: version + 1 });
  return next;
}

function fullness(fields: ReadonlyMap<string, KeptField>): SessionFull | undefined {
  let bytes = 0;
  for (const [name, { json }] of fields) bytes += Buffer.byteLength(name) + Buffer.byteLength(json);
  const isFull = bytes > MAX_SESSION_BYTES || fields.size > MAX_SESSION_FIELDS;
  return isFull ? { state: "full", bytes, fields: fields.size } : undefined;
}

function recordOf(id: string, session: KeptSession, nowMs: number): SessionRecord {
  const { userId, version, createdAtMs, seenAtMs, idleMs, endsAtMs, replacedUntilMs } = session;
  const fields = [...session.fields].map(([name, { json }]): SessionField => [name, json]);
  const expiresAtMs = replacedUntilMs ?? expiryOf(session);
  const times = { createdAtMs, seenAtMs, idleMs, expiresAtMs, endsAtMs, leftMs: expiresAtMs - nowMs };
  return { id, fields, userId, version, ...times, isReplaced: replacedUntilMs !== undefined };
}
