import type { Identity } from "../base/identity.ts";
import { sessionTag } from "../base/session-tag.ts";
import { tokenName } from "../base/token-digest.ts";
import { GuestGroups } from "./guest-groups.ts";
import type { Guest } from "./guest.ts";

/**
 * Sockets by the token and the session that they were opened with, known by their digests. A socket that has neither costs nothing.
 */
export class GuestIndex {
  readonly #groups = new GuestGroups();

  add(guest: Guest, identity: Identity | undefined): void {
    for (const name of namesOf(identity)) this.#groups.add(name, guest);
  }

  remove(guest: Guest, identity: Identity | undefined): void {
    for (const name of namesOf(identity)) this.#groups.remove(name, guest);
  }

  /** Those of a token's name (`tokenName`) or a session's tag. */
  of(name: string): readonly Guest[] {
    return this.#groups.of(name);
  }

  get size(): number {
    return this.#groups.size;
  }
}

/** A name has 22 characters and no colon, a tag has one: they are never equal. */
function namesOf(identity: Identity | undefined): readonly string[] {
  if (identity === undefined) return [];
  const { tokenId, sessionId } = identity;
  if (tokenId === undefined) return sessionId === undefined ? [] : [sessionTag(sessionId)];
  return sessionId === undefined ? [tokenName(tokenId)] : [tokenName(tokenId), sessionTag(sessionId)];
}
