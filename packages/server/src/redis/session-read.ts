import { LRUCache } from "lru-cache";
import type { SessionReply } from "../ports/session-store.ts";
import type { Keyspace } from "./keyspace.ts";
import { readSession } from "./session-hash.ts";
import type { Send } from "./wire.ts";

/** Of how many sessions it is remembered whose they are. */
const REMEMBERED_USERS = 10_000;

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
export function createPlainReads({ keyspace, send }: { keyspace: Keyspace; send: Send }): PlainReads {
  const users = new LRUCache<string, string>({ max: REMEMBERED_USERS });
  return {
    async read(id) {
      const userId = users.get(id);
      if (userId === undefined) return undefined;
      // All of them in this turn, in this order: Redis carries them out so.
      const [hash, round, time] = await Promise.all([
        send(["HGETALL", keyspace.session(id)]),
        userId === NOBODY ? undefined : send(["GET", keyspace.sessionRound(userId)]),
        send(["TIME"]),
      ]);
      const fields = pairsOf(hash);
      if (fields.length === 0) return { state: "absent" };
      if (!isPresent(fields, userId, round)) {
        users.delete(id);
        return undefined;
      }
      const [seconds, micros] = time as readonly [string, string];
      const nowMs = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
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
