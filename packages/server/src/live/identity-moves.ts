import type { Identity } from "../base/identity.ts";
import { identityTag } from "../base/identity-tag.ts";
import { sessionTag } from "../base/session-tag.ts";

/** How many are remembered for sockets that are just being admitted. */
const REMEMBERED = 10_000;

/** Moves when everybody's identity may have changed. */
export const EVERYBODY_TAG = identityTag("*");

/** Tags that said lately whose identity, or which session, is another by now. */
export interface IdentityMoves {
  note(tag: string): void;
  /** How many there were so far. */
  count(): number;
  /** Whether one of those after the first `asOf` is about this identity; of those that are forgotten, every one may be. */
  hasMovedSince(asOf: number, identity: Identity | undefined): boolean;
}

/** Makes an empty memory. */
export function createIdentityMoves(): IdentityMoves {
  const moved: string[] = [];
  let forgotten = 0;
  return {
    note(tag) {
      moved.push(tag);
      if (moved.length > REMEMBERED * 2) forgotten += moved.splice(0, REMEMBERED).length;
    },
    count: () => forgotten + moved.length,
    hasMovedSince(asOf, identity) {
      if (!identity) return false;
      if (asOf < forgotten) return true;
      if (asOf === forgotten + moved.length) return false;
      const { userId, sessionId } = identity;
      const own = [EVERYBODY_TAG, identityTag(userId), sessionId === undefined ? "" : sessionTag(sessionId)];
      return moved.slice(asOf - forgotten).some((tag) => own.includes(tag));
    },
  };
}
