import { parsePosition } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import {
  ALL_SHARDS,
  EXPIRY_MARGIN_MS,
  TOKEN_SHARDS,
  USER_KEPT_MS,
  latestOf,
  shardOf,
} from "../base/revocation-shards.ts";
import { MAX_REVOKED_TOKENS, MAX_REVOKED_USERS, SETTLES_AFTER_MS } from "../ports/revocation-store.ts";
import type {
  Revocation,
  RevocationState,
  RevocationStore,
  RevokeInput,
  ShardSum,
} from "../ports/revocation-store.ts";
import { TAG_TTL_MS } from "./change-log.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import { formatRecord } from "./log-record.ts";
import { MARK_TTL_MS, readPosition } from "./pulse.ts";
import type { Pulse } from "./pulse.ts";
import { runScript } from "./run-script.ts";
import type { ScriptCall } from "./run-script.ts";
import type { Send } from "./wire.ts";

/** What the store needs from its surroundings. */
export interface RevocationStoreParts {
  readonly keyspace: Keyspace;
  /** Name of this ground, new each time it is opened. */
  readonly ground: string;
  readonly send: Send;
  readonly pulse: Pulse;
}

/** How long a call may take: security state has a second. */
const OPTIONS = { limitMs: 1_000 };

/** How much one call sweeps from a set, and how many sets it counts again: others wait meanwhile. */
const MOST_SWEPT = 500;
const MOST_COUNTED = 8;

/** How long the ledger is kept after its last use: as long as anything that it speaks of. */
const LEDGER_TTL_MS = USER_KEPT_MS;

/** The revocations of one realm in Redis: sorted sets, a ledger of what they hold, and one key for each token. */
export function createRedisRevocationStore(parts: RevocationStoreParts): RevocationStore {
  const { keyspace, ground, send, pulse } = parts;
  const sets = Array.from({ length: ALL_SHARDS }, (_, index) => keyspace.revoked(String(index)));
  return {
    async revoke(input) {
      const mark = pulse.nextMark();
      const call = revokeCall({ keyspace, markKey: keyspace.mark(ground), mark }, input);
      const reply = (await runScript(send, "revoke", call)) as readonly [string, number];
      if (reply[0] === "full") return { state: "full", size: Number(reply[1]) };
      const position = readPosition("revoke", reply[0]);
      pulse.confirm(mark, position);
      return { state: "revoked", position, added: Number(reply[1]) };
    },
    async state() {
      const reply = await runScript(send, "revocations", {
        keys: [keyspace.head, keyspace.log, keyspace.revocationLedger, ...sets],
        args: [
          ...[randomWord(8), TOKEN_SHARDS, EXPIRY_MARGIN_MS, USER_KEPT_MS],
          ...[MOST_SWEPT, MOST_COUNTED, SETTLES_AFTER_MS, LEDGER_TTL_MS],
        ],
        options: OPTIONS,
      });
      return readState(reply as readonly unknown[]);
    },
    async isSettled() {
      const reply = await runScript(send, "revocationsLook", {
        keys: [keyspace.head, keyspace.log, keyspace.revocationLedger, ...sets],
        args: [randomWord(8)],
        options: OPTIONS,
      });
      return reply === 1;
    },
    async shard(index) {
      const reply = await send(["ZRANGE", keyspace.revoked(String(index)), "0", "-1", "WITHSCORES"], OPTIONS);
      return readShard(index < TOKEN_SHARDS ? "token" : "user", reply);
    },
  };
}

function revokeCall(
  { keyspace, markKey, mark }: { keyspace: Keyspace; markKey: string; mark: number },
  { revoked: given, tags, restores, ...change }: RevokeInput,
): ScriptCall {
  const revoked = latestOf(given);
  const shards = revoked.map(({ kind, id }) => String(shardOf(kind, id)));
  return {
    keys: [
      ...[keyspace.head, keyspace.log, markKey, keyspace.revocationLedger],
      ...revoked.flatMap(({ id }, index) => [keyspace.revoked(shards[index]!), keyspace.blacklisted(id)]),
      ...tags.map(keyspace.tag),
    ],
    args: [
      ...[randomWord(8), mark, MARK_TTL_MS, TAG_TTL_MS, keyspace.logFeed],
      ...[formatRecord({ ...change, tags, mode: "purge", channels: [] }), tags.length],
      ...[MAX_REVOKED_TOKENS, MAX_REVOKED_USERS, EXPIRY_MARGIN_MS, USER_KEPT_MS],
      ...[restores ? "1" : "", LEDGER_TTL_MS],
      ...revoked.flatMap(({ kind, id, atMs }, index) => [kind, id, atMs, shards[index]!]),
    ],
    options: OPTIONS,
  };
}

function readState(reply: readonly unknown[]): RevocationState {
  const [at, serverMs, isSettled, ...shards] = reply;
  const position = parsePosition(at);
  if (!position || shards.length !== ALL_SHARDS) throw damaged("revocations", reply);
  return { position, serverMs: Number(serverMs), isSettled: isSettled === 1, shards: shards.map(readSum) };
}

function readSum(text: unknown): ShardSum | undefined {
  const [count, sum] = String(text).split(" ").map(Number);
  return sum === undefined ? undefined : { count: count!, sum };
}

/** Members and scores, in pairs as this version of the protocol answers them. */
function readShard(kind: Revocation["kind"], reply: unknown): Revocation[] {
  const pairs = reply as readonly (readonly [string, number | string])[];
  return pairs.map(([id, at]) => ({ kind, id, atMs: Number(at) }));
}
