import type { Identity } from "../base/identity.ts";
import { sessionTag } from "../base/session-tag.ts";
import { tokenName } from "../base/token-digest.ts";
import type { Guest } from "./guest.ts";

/**
 * Sockets by the token and the session that they were opened with, known by their digests. A socket that has neither costs nothing, and most
 * tokens have one socket, which stands by itself.
 */
export class GuestIndex {
  readonly #guests = new Map<string, Guest | Set<Guest>>();

  add(guest: Guest, identity: Identity | undefined): void {
    for (const name of namesOf(identity)) {
      const known = this.#guests.get(name);
      if (known === undefined) this.#guests.set(name, guest);
      else if (known instanceof Set) known.add(guest);
      else if (known !== guest) this.#guests.set(name, new Set([known, guest]));
    }
  }

  remove(guest: Guest, identity: Identity | undefined): void {
    for (const name of namesOf(identity)) {
      const known = this.#guests.get(name);
      if (known === guest) this.#guests.delete(name);
      else if (known instanceof Set && known.delete(guest) && known.size === 0) this.#guests.delete(name);
    }
  }

  /** Those of a token's name (`tokenName`) or a session's tag. */
  of(name: string): readonly Guest[] {
    const known = this.#guests.get(name);
    if (known === undefined) return [];
    return known instanceof Set ? [...known] : [known];
  }

  get size(): number {
    return this.#guests.size;
  }
}

/** A name has 22 characters and no colon, a tag has one: they are never equal. */
function namesOf(identity: Identity | undefined): readonly string[] {
  if (identity === undefined) return [];
  const { tokenId, sessionId } = identity;
  if (tokenId === undefined) return sessionId === undefined ? [] : [sessionTag(sessionId)];
  return sessionId === undefined ? [tokenName(tokenId)] : [tokenName(tokenId), sessionTag(sessionId)];
}
