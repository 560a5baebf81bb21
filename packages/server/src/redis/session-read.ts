import { LRUCache } from "lru-cache";
import type { SessionReply } from "../ports/session-store.ts";
import type { Keyspace } from "./keyspace.ts";
import type { ServerClock } from "./server-clock.ts";
import { readSession } from "./session-hash.ts";
import type { Send } from "./wire.ts";

/** Of how many sessions it is remembered whose they are. */
const REMEMBERED_USERS = 10_000;

/** What plain reads need from their surroundings. */
export interface PlainReadParts {
  readonly keyspace: Keyspace;
  readonly send: Send;
  readonly serverClock: ServerClock;
}

/** Stands for a session of nobody: no user is called so. */
const NOBODY = "";

/** Reads sessions without a script, where it is known whose they are. */
export interface PlainReads {
  /** Answers `undefined` where only the script can say. Rejects as `send` does. */
  read(id: string): Promise<SessionReply | undefined>;
  /** Whose a session is, by an answer of the ground. It may be out of date: each read looks at it again. */
  note(id: string, userId: string | undefined): void;
}

/**
 * Makes a reader that sends plain commands in one go: the session first, the round of its user after it. What it answers is what was there
 * when the session was read: rounds never come back, so one that is present afterwards was so before, and an ending that was over when
 * the read began is seen by one of the two. Whatever else it finds (another user, another round, none, a replaced one), the script decides.
 */
export function createPlainReads({ keyspace, send, serverClock }: PlainReadParts): PlainReads {
  const users = new LRUCache<string, string>({ max: REMEMBERED_USERS });
  return {
    async read(id) {
      const userId = users.get(id);
      if (userId === undefined) return undefined;
      const reading = send(["HGETALL", keyspace.session(id)]);
      // In this turn, and after it: Redis carries them out so.
      const [hash, round] =
        userId === NOBODY
          ? [await reading]
          : await Promise.all([reading, send(["GET", keyspace.sessionRound(userId)])]);
      const fields = pairsOf(hash);
      if (fields.length === 0) return { state: "absent" };
      if (!isPresent(fields, userId, round)) {
        users.delete(id);
        return undefined;
      }
      // Never behind the server's, so that nobody takes a session for younger than it is. Nothing is known of it yet: the script says it.
      const nowMs = serverClock.latestMs();
      if (nowMs === Number.POSITIVE_INFINITY) return undefined;
      return { state: "here", record: readSession(id, fields, nowMs) };
    },
    note: (id, userId) => void users.set(id, userId ?? NOBODY),
  };
}

/** Fields and values in turn; the client makes an object of them. */
function pairsOf(hash: unknown): readonly string[] {
  if (Array.isArray(hash)) return hash as readonly string[];
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(hash as Record<string, string>)) pairs.push(name, value);
  return pairs;
}

/** Whether it is alive under its own id, of this user, and of the round. */
function isPresent(fields: readonly string[], userId: string, round: unknown): boolean {
  let meta: string | undefined;
  let user = NOBODY;
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at];
    if (name === "m") meta = fields[at + 1];
    else if (name === "u") user = fields[at + 1]!;
    else if (name === "n" || name === "e") return false;
  }
  if (meta === undefined || user !== userId) return false;
  return userId === NOBODY || round === meta.slice(meta.lastIndexOf(" ") + 1);
}
