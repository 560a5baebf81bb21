import { randomWord } from "../base/ids.ts";
import { MAX_DURATION_MS } from "../base/duration.ts";
import {
  ENDED_KEPT_MS,
  MAX_SESSIONS_PER_USER,
  MAX_SESSION_BYTES,
  MAX_SESSION_FIELDS,
  REPLACED_MS,
} from "../ports/session-store.ts";
import type {
  SessionClosed,
  SessionEnding,
  SessionFull,
  SessionPatch,
  SessionRotated,
  SessionRotation,
  SessionStore,
  SessionWritten,
} from "../ports/session-store.ts";
import { TAG_TTL_MS } from "./change-log.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import { formatRecord } from "./log-record.ts";
import { MARK_TTL_MS, readPosition } from "./pulse.ts";
import type { Pulse } from "./pulse.ts";
import { runScript } from "./run-script.ts";
import type { ScriptCall } from "./run-script.ts";
import type { ServerClock } from "./server-clock.ts";
import { readSession } from "./session-hash.ts";
import { createPlainReads } from "./session-read.ts";
import type { Send } from "./wire.ts";

/** What the store needs from its surroundings. */
export interface SessionStoreParts {
  readonly keyspace: Keyspace;
  /** Name of this ground, new each time it is opened. */
  readonly ground: string;
  readonly send: Send;
  readonly pulse: Pulse;
  readonly serverClock: ServerClock;
}

/** How long a round is kept that has ended others: longer than any of those could live. */
const ROUND_TTL_MS = MAX_DURATION_MS + ENDED_KEPT_MS;

/** What a script answers. */
type Row = readonly [state: string, ...rest: unknown[]];

/** The sessions of one realm in Redis: a hash for each, all in the realm's slot, so that one script sees a session and its user's round. */
export function createRedisSessionStore(parts: SessionStoreParts): SessionStore {
  const { keyspace, send } = parts;
  const { sessions } = keyspace;
  const spelled = [keyspace.session(""), keyspace.sessionsOf(""), keyspace.sessionRound("")];
  const run = async (name: Parameters<typeof runScript>[1], call: ScriptCall): Promise<Row> =>
    (await runScript(send, name, call)) as Row;
  const plain = createPlainReads(parts);

  return {
    async read(id) {
      const read = await plain.read(id);
      if (read) return read;
      const reply = await run("sessionRead", {
        keys: [sessions, keyspace.session(id)],
        args: [...spelled, id],
      });
      if (reply[0] !== "here") return missing(reply);
      const record = readSession(id, reply[2], Number(reply[1]));
      plain.note(id, record.userId);
      return { state: "here", record };
    },
    async create({ id, isForeign, ...input }) {
      const patch = { ...input, base: 0, mode: isForeign ? "foreign" : "create", remove: [] } as const;
      const reply = await run("sessionWrite", writeCall(keyspace, { ...patch, id, set: input.fields }));
      if (reply[0] === "done") return { state: "created", ...written(reply.slice(1)) };
      return { state: reply[0] === "ended" ? "ended" : "taken" };
    },
    async save(input) {
      const reply = await run("sessionWrite", writeCall(keyspace, { ...input, absoluteMs: undefined }));
      if (reply[0] === "done") return { state: "saved", ...written(reply.slice(1)) };
      if (reply[0] === "conflict") {
        return { state: "conflict", version: Number(reply[1]), fields: reply.slice(2) as string[] };
      }
      return fullOr(reply) ?? closed(reply);
    },
    async touch({ id, idleMs, budget }) {
      const reply = await run("sessionTouch", {
        keys: [sessions, keyspace.session(id)],
        args: [...spelled, id, idleMs, Math.ceil(budget * idleMs)],
      });
      if (reply[0] !== "alive") return closed(reply);
      const [seenAtMs = 0, expiresAtMs = 0, nowMs = 0] = reply.slice(1).map(Number);
      return { state: "alive", seenAtMs, expiresAtMs, nowMs };
    },
    end: (ids, ending) =>
      tell(parts, ending, async (told) => {
        const keys = [...told.keys, sessions, ...ids.map(keyspace.session), ...told.tagKeys];
        const args = [...told.args, ...spelled, ENDED_KEPT_MS, ids.length, ...ids];
        const [position, ended] = await run("sessionEnd", { keys, args });
        return [position, Number(ended)];
      }),
    rotate: (input) =>
      tell<SessionRotated>(parts, input.ending, async (told) => {
        const reply = await run("sessionRotate", rotateCall(keyspace, told, input));
        if (reply[0] === "taken") return [undefined, { state: "taken" }];
        if (reply[0] !== "done") return [undefined, fullOr(reply) ?? closed(reply)];
        const [, version, expires, position, ...beyond] = reply;
        return [position, { state: "rotated", ...written([version, expires, ...beyond]) }];
      }),
    endAll: ({ userId, except = "", ending }) =>
      tell(parts, ending, async (told) => {
        const [position, ended, now] = await run("sessionEndAll", {
          keys: [
            ...[...told.keys, sessions, keyspace.sessionsOf(userId), keyspace.sessionRound(userId)],
            ...told.tagKeys,
          ],
          args: [...told.args, ...spelled, ENDED_KEPT_MS, userId, except, randomWord(12), ROUND_TTL_MS],
        });
        return [position, { count: Number(ended), atMs: Number(now) }];
      }),
    ...listsOf(parts),
    ...foreignOf(send),
  };
}

/** What can be told of many sessions. */
function listsOf({ keyspace, send }: SessionStoreParts): Pick<SessionStore, "of" | "page" | "length"> {
  const { sessions } = keyspace;
  const spelled = [keyspace.session(""), keyspace.sessionsOf(""), keyspace.sessionRound("")];
  const list = async (key: string, args: readonly (string | number)[]) => {
    const call = { keys: [sessions, key], args: [...spelled, ...args] };
    return readList((await runScript(send, "sessionList", call)) as Row);
  };
  return {
    async of(userId) {
      return (await list(keyspace.sessionsOf(userId), [userId, "0", 0])).records;
    },
    page: (from = "0", limit) => list(sessions, ["", from, limit]),
    async length() {
      const [seconds, micros] = (await send(["TIME"], { at: sessions })) as readonly [string, string];
      const nowMs = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
      return Number(await send(["ZCOUNT", sessions, `(${nowMs}`, "+inf"]));
    },
  };
}

/** What connect-redis keeps, by plain commands. */
function foreignOf(send: Send): Pick<SessionStore, "readForeign" | "limitForeign"> {
  return {
    async readForeign(key) {
      const [json, left] = await Promise.all([send(["GET", key]), send(["PTTL", key])]);
      if (typeof json !== "string" || Number(left) === -2) return undefined;
      return { json, leftMs: Number(left) < 0 ? undefined : Number(left) };
    },
    async limitForeign(key, leftMs) {
      if (leftMs <= 0) await send(["UNLINK", key]);
      else await send(["PEXPIRE", key, String(leftMs), "LT"]);
    },
  };
}

/** What the scripts that append a record are given besides their own. */
interface Told {
  readonly keys: readonly string[];
  readonly args: readonly (string | number)[];
  readonly tagKeys: readonly string[];
}

/** Runs a script that appends a record; it answers where that stands, if it was appended, and what it comes to. */
async function tell<T>(
  { keyspace, ground, pulse }: SessionStoreParts,
  ending: SessionEnding,
  call: (told: Told) => Promise<readonly [position: unknown, answer: T]>,
): Promise<T> {
  const mark = pulse.nextMark();
  const record = formatRecord({ ...ending, mode: "purge", channels: [] });
  const [position, answer] = await call({
    keys: [keyspace.head, keyspace.log, keyspace.mark(ground)],
    args: [randomWord(8), mark, MARK_TTL_MS, TAG_TTL_MS, keyspace.logFeed, record],
    tagKeys: ending.tags.map(keyspace.tag),
  });
  if (position !== undefined) {
    const stands = readPosition("session", position);
    pulse.confirm(mark, stands);
    ending.onAppended?.(stands);
  }
  return answer;
}

interface WriteInput extends Omit<SessionPatch, "mode"> {
  readonly mode: SessionPatch["mode"] | "create" | "foreign";
  readonly absoluteMs: number | undefined;
}

function writeCall(
  keyspace: Keyspace,
  { id, mode, base, userId, idleMs, absoluteMs, set, remove }: WriteInput,
): ScriptCall {
  return {
    keys: [keyspace.sessions, keyspace.session(id)],
    args: [
      ...[keyspace.session(""), keyspace.sessionsOf(""), keyspace.sessionRound("")],
      // Asked for when a session gets another user.
      ...[id, typeof userId === "string" ? freshRound() : "", mode, base, userWord(userId)],
      ...[idleMs ?? "", absoluteMs ?? ""],
      ...[MAX_SESSION_BYTES, MAX_SESSION_FIELDS, MAX_SESSIONS_PER_USER],
      ...[set.length, ...set.flat(), ...remove],
    ],
  };
}

function rotateCall(keyspace: Keyspace, told: Told, input: SessionRotation): ScriptCall {
  const { oldId, newId, carry, set, remove, userId, idleMs = "", absoluteMs = "" } = input;
  return {
    keys: [
      ...[...told.keys, keyspace.sessions, keyspace.session(oldId), keyspace.session(newId)],
      ...told.tagKeys,
    ],
    args: [
      ...told.args,
      ...[keyspace.session(""), keyspace.sessionsOf(""), keyspace.sessionRound("")],
      ...[oldId, newId, freshRound(), carry ? "1" : "", userWord(userId), idleMs, absoluteMs],
      ...[MAX_SESSION_BYTES, MAX_SESSION_FIELDS, MAX_SESSIONS_PER_USER, REPLACED_MS, ENDED_KEPT_MS],
      ...[set.length, ...set.flat(), ...remove],
    ],
  };
}

/** A round that no one was ended by; those that did begin with an `e`. */
function freshRound(): string {
  return `s${randomWord(12)}`;
}

function userWord(userId: string | null | undefined): string {
  if (userId === undefined) return "-";
  return userId === null ? "!" : `=${userId}`;
}

function written([version, expires, ...beyond]: readonly unknown[]): SessionWritten {
  return { version: Number(version), expiresAtMs: Number(expires), beyond: beyond as string[] };
}

function fullOr([state, bytes, fields]: Row): SessionFull | undefined {
  return state === "full" ? { state, bytes: Number(bytes), fields: Number(fields) } : undefined;
}

function missing([state]: Row): { readonly state: "absent" | "ended" } {
  if (state === "absent" || state === "ended") return { state };
  throw damaged("session", state);
}

function closed(reply: Row): SessionClosed {
  return reply[0] === "replaced" ? { state: "replaced" } : missing(reply);
}

function readList([now, next, ...rest]: Row) {
  const records = [];
  for (let at = 0; at < rest.length; at += 2) {
    records.push(readSession(String(rest[at]), rest[at + 1], Number(now)));
  }
  return { records, next: next === "0" ? undefined : String(next) };
}
