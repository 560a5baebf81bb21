import { LRUCache } from "lru-cache";
import type { Clock } from "../base/clock.ts";
import { isSessionTag, sessionTag } from "../base/session-tag.ts";
import { ENDED_KEPT_MS } from "../ports/session-store.ts";

/** A user who was signed out everywhere: what had begun before is over, but for one session. */
export interface SignedOut {
  readonly userId: string;
  readonly except: string | undefined;
  /** When that was, by the ground's clock. */
  readonly atMs: number;
}

/**
 * Sessions that have ended lately, wherever that was: a ground that loses data may bring one back. Of those that were ended here the ids are
 * known, of the others only the digests that stand in the log.
 */
export interface EndedLately {
  /** They were ended on this node, and the ground has said so. */
  note(ids: readonly string[]): void;
  /** A user was signed out on this node, and the ground has said so. */
  noteUser(user: SignedOut): void;
  /** Tags of a record of the log. */
  hear(tags: readonly string[]): void;
  has(id: string): boolean;
  /** Those ended here that a ground may have lost, the last ones first. */
  toSayAgain(): readonly string[];
  /** The same of users: the ground may not have known all that they had. */
  usersToSayAgain(): readonly SignedOut[];
}

interface Ended {
  /** Known only where it was ended. */
  readonly id: string | undefined;
  readonly atMs: number;
}

/** Most that are remembered, of all nodes. */
export const MAX_ENDED_LATELY = 20_000;

/** How long after an ending it is said again to a ground that has lost data, and of how many: each is a record of the log. */
export const SAID_AGAIN_MS = 300_000;
export const MAX_SAID_AGAIN = 1_000;

/** Makes an empty memory. */
export function createEndedLately(clock: Pick<Clock, "now">): EndedLately {
  const known = new LRUCache<string, Ended>({ maxSize: MAX_ENDED_LATELY, sizeCalculation: () => 1 });
  const users = new LRUCache<string, SignedOut & { readonly notedAtMs: number }>({
    ...{ maxSize: MAX_SAID_AGAIN, sizeCalculation: () => 1 },
  });

  function remember(tag: string, id: string | undefined): void {
    const before = known.peek(tag);
    known.set(tag, { id: id ?? before?.id, atMs: clock.now() });
  }

  return {
    note: (ids) => ids.forEach((id) => remember(sessionTag(id), id)),
    noteUser: (user) => void users.set(user.userId, { ...user, notedAtMs: clock.now() }),
    hear: (tags) => tags.filter(isSessionTag).forEach((tag) => remember(tag, undefined)),
    has(id) {
      const ended = known.peek(sessionTag(id));
      return ended !== undefined && clock.now() - ended.atMs < ENDED_KEPT_MS;
    },
    toSayAgain() {
      const since = clock.now() - SAID_AGAIN_MS;
      const ids: string[] = [];
      for (const { id, atMs } of known.values()) {
        if (ids.length >= MAX_SAID_AGAIN) break;
        if (id !== undefined && atMs > since) ids.push(id);
      }
      return ids;
    },
    usersToSayAgain() {
      const since = clock.now() - SAID_AGAIN_MS;
      return [...users.values()].filter(({ notedAtMs }) => notedAtMs > since);
    },
  };
}
