import type { Clock } from "../base/clock.ts";
import { REPLACED_MS } from "../ports/session-store.ts";
import type { SessionEnding, SessionStore, SessionWritten } from "../ports/session-store.ts";
import { conflictOf, created, expiryOf, fullness, patched, recordOf, rotated } from "./kept-session.ts";
import type { KeptSession } from "./kept-session.ts";
import { createShelf } from "./session-shelf.ts";

/** What the sessions of one realm need from it. */
export interface MemorySessionParts {
  readonly clock: Pick<Clock, "wall">;
  /** Appends the record of an ending. */
  readonly append: (ending: SessionEnding) => void;
  readonly guard: () => void;
  /** Most sessions that are kept; then those go that were created first. */
  readonly maxSessions?: number;
}

/** The sessions of one realm, in this process. */
export function createMemorySessionStore(parts: MemorySessionParts): SessionStore {
  const tools: Tools = { ...parts, ...toolsOf(parts) };
  const { guard } = parts;
  return {
    ...createSingle(tools),
    ...createMany(tools),
    async readForeign() {
      guard();
      return undefined;
    },
    async limitForeign() {
      guard();
    },
  };
}

type Tools = MemorySessionParts & ReturnType<typeof toolsOf>;

/** What the calls share. */
function toolsOf(parts: MemorySessionParts) {
  const shelf = createShelf(parts.maxSessions);
  const { users } = shelf;
  const now = (): number => Math.floor(parts.clock.wall());

  function write(session: KeptSession, id: string, nowMs: number): SessionWritten {
    session.seenAtMs = nowMs;
    const beyond = session.userId === undefined ? [] : users.beyond(session.userId, id, nowMs);
    return { version: session.version, expiresAtMs: expiryOf(session), beyond };
  }

  return { shelf, users, now, write };
}

/** Calls about one session. */
function createSingle({
  guard,
  append,
  shelf,
  users,
  now,
  write,
}: Tools): Pick<SessionStore, "read" | "create" | "save" | "touch" | "rotate"> {
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
      if (input.isForeign && input.userId !== undefined && users.wasSignedOut(input.userId)) {
        return { state: "ended" };
      }
      const session = created(input, nowMs);
      if (input.userId !== undefined) session.round = users.roundOf(input.userId);
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
      if (input.userId !== undefined) users.bind(input.id, session, input.userId ?? undefined);
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
    async rotate(input) {
      guard();
      const nowMs = now();
      const old = shelf.open(input.oldId, nowMs);
      if ("state" in old) return old;
      if (shelf.knows(input.newId, nowMs)) return { state: "taken" };
      const fresh = rotated(input, old, nowMs);
      fresh.round = fresh.userId === undefined ? "" : users.roundOf(fresh.userId);
      const full = fullness(fresh.fields);
      if (full) return full;
      append(input.ending);
      shelf.put(input.newId, fresh, nowMs);
      old.replacedUntilMs = Math.min(expiryOf(old), nowMs + REPLACED_MS);
      users.unlist(input.oldId, old);
      return { state: "rotated", ...write(fresh, input.newId, nowMs) };
    },
  };
}

/** Calls about several. */
function createMany({
  guard,
  append,
  shelf,
  users,
  now,
}: Tools): Pick<SessionStore, "end" | "of" | "endAll" | "page" | "length"> {
  return {
    async end(ids, ending) {
      guard();
      append(ending);
      return ids.filter((id) => shelf.end(id, now())).length;
    },
    async of(userId) {
      guard();
      const nowMs = now();
      const records = users.idsOf(userId, nowMs).map((id) => {
        const session = shelf.find(id, nowMs) as KeptSession;
        return { ...recordOf(id, session, nowMs), fields: [] };
      });
      return records.reverse();
    },
    async endAll({ userId, except, ending }) {
      guard();
      const nowMs = now();
      const ids = users.idsOf(userId, nowMs).filter((id) => id !== except);
      append(ending);
      users.nextRound(userId, except, nowMs);
      for (const id of ids) shelf.end(id, nowMs);
      return { count: ids.length, atMs: nowMs };
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
  };
}
