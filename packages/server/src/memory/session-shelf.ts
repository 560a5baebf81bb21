import { ENDED_KEPT_MS } from "../ports/session-store.ts";
import type { SessionClosed, SessionMissing } from "../ports/session-store.ts";
import { expiryOf, goneAt, isEnd } from "./kept-session.ts";
import type { Kept, KeptSession } from "./kept-session.ts";
import { createSessionUsers } from "./session-users.ts";

const MAX_SESSIONS = 100_000;

/** How many are looked at with each creation, to remove those that have expired. */
const SWEPT = 4;

/** Where the sessions of one realm stand; at most `maxSessions`, then those go that were created first. */
export function createShelf(maxSessions = MAX_SESSIONS) {
  /** In the order of creation, each with a number that grows: pages go by it. */
  const all = new Map<string, { readonly number: number; kept: Kept }>();
  const users = createSessionUsers(find);
  let created = 0;
  let sweep = all.entries();

  function remove(id: string): void {
    const entry = all.get(id);
    if (entry && !isEnd(entry.kept)) users.unlist(id, entry.kept);
    all.delete(id);
  }

  function find(id: string, nowMs: number): KeptSession | SessionMissing {
    const kept = all.get(id)?.kept;
    if (!kept) return { state: "absent" };
    if (isEnd(kept)) return { state: kept.endedUntilMs > nowMs ? "ended" : "absent" };
    if (kept.replacedUntilMs !== undefined && kept.replacedUntilMs <= nowMs) return { state: "ended" };
    if (expiryOf(kept) <= nowMs) return { state: "absent" };
    // Of a user who has no other session nothing is kept.
    const round = kept.userId === undefined ? "" : (users.knownRound(kept.userId) ?? kept.round);
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
    users,
    find,
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
      users.list(id, session);
      makeRoom(nowMs);
    },
    end(id: string, nowMs: number): boolean {
      const found = find(id, nowMs);
      remove(id);
      all.set(id, { number: ++created, kept: { endedUntilMs: nowMs + ENDED_KEPT_MS } });
      makeRoom(nowMs);
      return !("state" in found);
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
