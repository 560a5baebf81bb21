import { randomWord } from "../base/ids.ts";
import { MAX_SESSIONS_PER_USER } from "../ports/session-store.ts";
import type { SessionMissing } from "../ports/session-store.ts";
import { expiryOf } from "./kept-session.ts";
import type { KeptSession } from "./kept-session.ts";

/** Of users who were never signed out, however often they came and went: what is left of an earlier session is not over by that. */
const FIRST_ROUND = "first";

/** Whose sessions are whose, and the round of each user: a session of an earlier round is over. */
export function createSessionUsers(find: (id: string, nowMs: number) => KeptSession | SessionMissing) {
  const users = new Map<string, { round: string; wasSignedOut: boolean; readonly ids: Set<string> }>();

  function user(userId: string) {
    let known = users.get(userId);
    if (!known) users.set(userId, (known = { round: FIRST_ROUND, wasSignedOut: false, ids: new Set() }));
    return known;
  }

  function unlist(id: string, { userId }: KeptSession): void {
    if (userId === undefined) return;
    const known = users.get(userId);
    known?.ids.delete(id);
    if (known?.ids.size === 0 && !known.wasSignedOut) users.delete(userId);
  }

  return {
    unlist,
    list(id: string, { userId }: KeptSession): void {
      if (userId !== undefined) user(userId).ids.add(id);
    },
    /** Of a user who has a session, or was signed out. */
    knownRound: (userId: string) => users.get(userId)?.round,
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
    nextRound(userId: string, except: string | undefined, nowMs: number): void {
      const found = except === undefined ? undefined : find(except, nowMs);
      const known = user(userId);
      known.round = randomWord(12);
      known.wasSignedOut = true;
      if (found && !("state" in found) && found.userId === userId) found.round = known.round;
    },
  };
}
