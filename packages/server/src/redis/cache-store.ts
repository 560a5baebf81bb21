import { formatPosition } from "@livecache/wire";
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
import { TAG_TTL_MS, judgeClaims, readHead } from "./change-log.ts";
import { readEntryBytes } from "./entry-bytes.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import { joinLines } from "./lines.ts";
import { readPosition } from "./pulse.ts";
import { createReadBatch } from "./read-batch.ts";
import { runScript } from "./run-script.ts";
import type { ServerClock } from "./server-clock.ts";
import type { Send } from "./wire.ts";

/** What the store needs from its surroundings. */
export interface RedisCacheParts {
  readonly keyspace: Keyspace;
  readonly send: Send;
  readonly tasks: Tasks;
  readonly serverClock: ServerClock;
}

/** Most records of the log that are read to prove that a tag has not moved. */
const MOST_RECORDS_SEARCHED = 1_000;

/** How much longer than an entry its tags are known at least. */
const TAG_OUTLIVES_ENTRY_MS = 60_000;

/** How often `begin` looks past an entry that came in while it asked; who finds another one each time comes back later. */
const MOST_LOOKS = 3;
const LOOK_AGAIN_MS = 5;

/** Makes the cache entries of one realm, in Redis. */
export function createRedisCacheStore({ keyspace, send, tasks, serverClock }: RedisCacheParts): CacheStore {
  const readBatch = createReadBatch({ head: keyspace.head, send });

  /** Bytes to an entry that has not expired. What cannot be read is removed, so that it is a miss only once. */
  function decode(key: string, bytes: Buffer | undefined): StoredEntry | undefined {
    if (!bytes) return undefined;
    const found = readEntryBytes(bytes);
    if (!found) {
      // Should it fail, the next reader does it.
      tasks.track(send(["UNLINK", keyspace.entry(key)]).catch(() => undefined));
      return undefined;
    }
    const { position, tags, value, expiresAtMs } = found;
    const ttlLeftMs = expiresAtMs - serverClock.latestMs();
    return ttlLeftMs > 0 ? { key, position, tags, value, ttlLeftMs } : undefined;
  }

  async function judgeThere(entries: readonly StoredEntry[]): Promise<readonly ReadReply[]> {
    const { position: judgedAt, verdicts } = await judgeClaims(send, keyspace, entries);
    return entries.map((entry, index) =>
      verdicts[index] === "valid" ? { state: "valid", entry, judgedAt } : invalid(entry, judgedAt),
    );
  }

  async function read(keys: readonly string[], judge?: LocalJudge): Promise<readonly ReadReply[]> {
    const { head: headText, values } = await readBatch(keys.map(keyspace.entry));
    const head = headText ? readPosition("read", headText) : await readHead(send, keyspace);
    const unsure: { readonly index: number; readonly entry: StoredEntry }[] = [];
    const replies = values.map((bytes, index): ReadReply => {
      const entry = decode(keys[index]!, bytes);
      if (!entry) return { state: "absent" };
      if (entry.position.epoch !== head.epoch) return invalid(entry, head);
      const verdict = judge?.(entry, head) ?? "unknown";
      if (verdict === "valid") return { state: "valid", entry, judgedAt: head };
      if (verdict === "unknown") unsure.push({ index, entry });
      return invalid(entry, head);
    });
    if (unsure.length > 0) {
      const judged = await judgeThere(unsure.map(({ entry }) => entry));
      for (const [place, { index }] of unsure.entries()) replies[index] = judged[place]!;
    }
    return replies;
  }

  /** Asks for the log's end and the lease in one go, in this order: the position is not newer than the lease. */
  async function askForLease({ key, leaseMs, seen }: BeginInput) {
    const lease = randomWord(12);
    const [position, reply] = await Promise.all([
      readHead(send, keyspace),
      runScript(send, "lease", {
        keys: [keyspace.entry(key), keyspace.lease(key)],
        args: [lease, Math.ceil(leaseMs), seen ? formatPosition(seen) : ""],
        options: { bytes: true },
      }),
    ]);
    const [state, detail] = reply as readonly [Buffer, (Buffer | number)?];
    return { state: String(state), detail, lease, position };
  }

  async function begin(input: BeginInput): Promise<BeginReply> {
    let { seen } = input;
    for (let look = 0; look < MOST_LOOKS; look++) {
      const { state, detail, lease, position } = await askForLease({ ...input, seen });
      if (state === "granted") return { state, lease, position };
      if (state === "busy") return { state, leaseLeftMs: Math.max(0, Number(detail)) };
      if (!Buffer.isBuffer(detail)) throw damaged("begin", state);
      const entry = decode(input.key, detail);
      const [reply] = entry ? await judgeThere([entry]) : [];
      if (reply?.state === "valid") return reply;
      seen = entry?.position ?? readEntryBytes(detail)?.position;
    }
    return { state: "busy", leaseLeftMs: LOOK_AGAIN_MS };
  }

  async function abandon(key: string, lease: string): Promise<void> {
    await runScript(send, "abandon", { keys: [keyspace.lease(key)], args: [lease] });
  }

  async function admit({ position, tags, ttlMs }: CommitInput): Promise<string> {
    const tagTtlMs = Math.ceil(ttlMs) + TAG_OUTLIVES_ENTRY_MS;
    return String(
      await runScript(send, "admit", {
        keys: [keyspace.head, keyspace.log, ...tags.map(keyspace.tag)],
        args: [
          ...[position.epoch, position.seq, tagTtlMs, Math.max(tagTtlMs, TAG_TTL_MS)],
          ...[MOST_RECORDS_SEARCHED, Buffer.byteLength(keyspace.tag(""))],
        ],
      }),
    );
  }

  async function store({ key, lease, position, tags, value, ttlMs }: CommitInput): Promise<CommitReply> {
    const state = await runScript(send, "store", {
      keys: [keyspace.entry(key), keyspace.lease(key)],
      args: [lease ?? "", position.epoch, position.seq, Math.ceil(ttlMs), joinLines(tags), value],
    });
    return state === "stored" ? { state } : { state: "refused", reason: "superseded" };
  }

  async function commit(input: CommitInput): Promise<CommitReply> {
    const { key, lease } = input;
    try {
      const verdict = await admit(input);
      if (verdict === "admitted") return await store(input);
      if (lease) await abandon(key, lease);
      return { state: "refused", reason: verdict === "epoch" ? "epoch" : "changed" };
    } catch (error) {
      // Others wait for the lease; it would end by itself, but later.
      if (lease) tasks.track(abandon(key, lease).catch(() => undefined));
      throw error;
    }
  }

  return { read, begin, commit, abandon };
}

function invalid(entry: StoredEntry, head: Position): ReadReply {
  const reason = entry.position.epoch === head.epoch ? "changed" : "epoch";
  return { state: "invalid", reason, position: entry.position };
}
