import { formatPosition, parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import type { Tasks } from "../base/tasks.ts";
import type {
  BeginInput,
  BeginReply,
  CacheStore,
  CommitInput,
  CommitReply,
  LocalJudge,
  ReadReply,
  StoredEntry,
} from "../ports/cache-store.ts";
import type { Claim, Verdict } from "../ports/change-log.ts";
import { readEntryBytes, writeEntryRest } from "./entry-bytes.ts";
import type { Keyspace } from "./keyspace.ts";
import type { ReadBatch } from "./read-batch.ts";
import { runScript } from "./run-script.ts";
import type { Send } from "./run-script.ts";

/** What the store needs from its surroundings. */
export interface RedisCacheParts {
  readonly keyspace: Keyspace;
  readonly send: Send;
  readonly readBatch: ReadBatch;
  readonly tasks: Tasks;
  /** Where the log ends now; starts an epoch when there is none. */
  readonly position: () => Promise<Position>;
  readonly judge: (claims: readonly Claim[]) => Promise<{ position: Position; verdicts: readonly Verdict[] }>;
  /** The server's clock in ms since 1970, never behind it. */
  readonly serverNowMs: () => number | undefined;
}

/** How long the ground knows a tag after its last use: at least as long as any entry may live by default. */
export const TAG_TTL_MS = 24 * 3_600_000;

/** Most records of the log that are looked through to learn whether a tag has moved. */
const MOST_RECORDS_SEARCHED = 1_000;

/** Makes the cache entries of one realm, in Redis. */
export function createRedisCacheStore(parts: RedisCacheParts): CacheStore {
  const { keyspace, send, tasks } = parts;

  /** Bytes to an entry that has not expired. What cannot be read is removed, so that it is a miss only once. */
  function decode(key: string, bytes: Buffer | undefined): StoredEntry | undefined {
    if (!bytes) return undefined;
    const entry = readEntryBytes(bytes);
    if (!entry) {
      tasks.track(send(["UNLINK", keyspace.entry(key)]).catch(() => undefined));
      return undefined;
    }
    const ttlLeftMs = entry.expiresAtMs - (parts.serverNowMs() ?? 0);
    const { position, tags, value } = entry;
    return ttlLeftMs > 0 ? { key, position, tags, value, ttlLeftMs } : undefined;
  }

  function invalid(entry: StoredEntry, head: Position): ReadReply {
    const reason = entry.position.epoch === head.epoch ? "changed" : "epoch";
    return { state: "invalid", reason, position: entry.position };
  }

  async function judgeHere(entries: readonly StoredEntry[]): Promise<readonly ReadReply[]> {
    const { position: judgedAt, verdicts } = await parts.judge(entries);
    return entries.map((entry, index) =>
      verdicts[index] === "valid" ? { state: "valid", entry, judgedAt } : invalid(entry, judgedAt),
    );
  }

  async function read(keys: readonly string[], judge?: LocalJudge): Promise<readonly ReadReply[]> {
    const { head: headText, values } = await parts.readBatch(keys.map(keyspace.entry));
    const head = parsePosition(headText) ?? (await parts.position());
    const unsure: { readonly index: number; readonly entry: StoredEntry }[] = [];
    const replies = values.map((bytes, index): ReadReply => {
      const entry = decode(keys[index]!, bytes);
      if (!entry) return { state: "absent" };
      const verdict = judge?.(entry, head) ?? "unknown";
      if (verdict === "valid") return { state: "valid", entry, judgedAt: head };
      if (verdict === "unknown") unsure.push({ index, entry });
      return invalid(entry, head);
    });
    if (unsure.length > 0) {
      const judged = await judgeHere(unsure.map(({ entry }) => entry));
      unsure.forEach(({ index }, place) => (replies[index] = judged[place]!));
    }
    return replies;
  }

  /** Asks for the lease and for the log's end at once; both answers are there before any load begins. */
  async function begin({ key, leaseMs, seen }: BeginInput): Promise<BeginReply> {
    const lease = randomWord(12);
    const asked = runScript(send, "lease", {
      keys: [keyspace.entry(key), keyspace.lease(key)],
      args: [lease, leaseMs, seen ? formatPosition(seen) : ""],
      bytes: true,
    }) as Promise<readonly [Buffer, (Buffer | number)?]>;
    const [taken, placed] = await Promise.allSettled([asked, parts.position()]);
    if (taken.status === "rejected") throw taken.reason;
    const [state, detail] = taken.value;
    if (String(state) === "granted") {
      if (placed.status === "fulfilled") return { state: "granted", lease, position: placed.value };
      tasks.track(abandon(key, lease).catch(() => undefined));
      throw placed.reason;
    }
    if (String(state) === "busy") return { state: "busy", leaseLeftMs: Math.max(0, Number(detail)) };
    return judgeFound(detail as Buffer, { key, leaseMs });
  }

  /** An entry that the caller has not seen is in the way: answers it if it is valid, and otherwise asks past it. */
  async function judgeFound(bytes: Buffer, input: BeginInput): Promise<BeginReply> {
    const entry = decode(input.key, bytes);
    const [reply] = entry ? await judgeHere([entry]) : [];
    if (reply?.state === "valid") return reply;
    return begin({ ...input, seen: readEntryBytes(bytes)?.position });
  }

  async function abandon(key: string, lease: string): Promise<void> {
    await runScript(send, "abandon", { keys: [keyspace.lease(key)], args: [lease] });
  }

  async function commit({
    key,
    lease = "",
    position,
    tags,
    value,
    ttlMs,
  }: CommitInput): Promise<CommitReply> {
    const seq = String(position.seq);
    const admitted = await runScript(send, "admit", {
      keys: [keyspace.head, keyspace.log, ...tags.map(keyspace.tag)],
      args: [position.epoch, seq, Math.max(ttlMs, TAG_TTL_MS), MOST_RECORDS_SEARCHED, tags.join("\n")],
    });
    if (admitted !== "ok") {
      if (lease) await abandon(key, lease);
      return { state: "refused", reason: admitted as "changed" | "epoch" };
    }
    const stored = await runScript(send, "store", {
      keys: [keyspace.entry(key), keyspace.lease(key)],
      args: [lease, position.epoch, seq, ttlMs, writeEntryRest(tags, value)],
    });
    return stored === "stored" ? { state: "stored" } : { state: "refused", reason: "superseded" };
  }

  return { read, begin, commit, abandon };
}
