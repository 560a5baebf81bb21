import { randomWord } from "../base/ids.ts";
import type { BeginInput, BeginReply, CacheStore, CommitInput, CommitReply } from "../ports/cache-store.ts";
import { TAG_TTL_MS } from "./change-log.ts";
import { readEntryBytes } from "./entry-bytes.ts";
import { createEntryReader } from "./entry-reader.ts";
import type { EntryReaderParts } from "./entry-reader.ts";
import { damaged } from "./failure.ts";
import { joinLines } from "./lines.ts";
import { createLoadLeases } from "./load-leases.ts";
import { runScript } from "./run-script.ts";
import { scanKeys } from "./scan-keys.ts";
import type { Walk } from "./servers.ts";

/** Most records of the log that are read to prove that a tag has not moved. */
const MOST_RECORDS_SEARCHED = 1_000;

/** How much longer than an entry its tags are known at least. */
const TAG_OUTLIVES_ENTRY_MS = 60_000;

/** How often `begin` looks past an entry that came in while it asked; who finds another one each time comes back later. */
const MOST_LOOKS = 3;
const LOOK_AGAIN_MS = 5;

/** What the store needs from its surroundings. */
export interface CacheStoreParts extends EntryReaderParts {
  readonly walk: Walk;
}

/** Makes the cache entries of one realm, in Redis. */
export function createRedisCacheStore(parts: CacheStoreParts): CacheStore {
  const { keyspace, send, walk } = parts;
  const entries = createEntryReader(parts);
  const leases = createLoadLeases(parts);

  async function begin(input: BeginInput): Promise<BeginReply> {
    let { seen } = input;
    for (let look = 0; look < MOST_LOOKS; look++) {
      const { state, detail, lease, position } = await leases.ask({ ...input, seen });
      if (state === "granted") return { state, lease, position };
      if (state === "busy") return { state, leaseLeftMs: Math.max(0, Number(detail)) };
      if (!Buffer.isBuffer(detail)) throw damaged("begin", state);
      const entry = entries.decode(input.key, detail);
      const [reply] = entry ? await entries.judge([entry]) : [];
      if (reply?.state === "valid" && reply.entry.ttlLeftMs > 0) return reply;
      seen = readEntryBytes(detail)?.id;
    }
    return { state: "busy", leaseLeftMs: LOOK_AGAIN_MS };
  }

  async function admit({ position, tags, keepMs }: CommitInput): Promise<string> {
    const tagTtlMs = Math.ceil(keepMs) + TAG_OUTLIVES_ENTRY_MS;
    const reply = await runScript(send, "admit", {
      keys: [keyspace.head, keyspace.log, ...tags.map(keyspace.tag)],
      args: [
        ...[position.epoch, position.seq, tagTtlMs, Math.max(tagTtlMs, TAG_TTL_MS)],
        ...[MOST_RECORDS_SEARCHED, Buffer.byteLength(keyspace.tag(""))],
      ],
    });
    return String(reply);
  }

  async function store(input: CommitInput, verdict: "valid" | "stale"): Promise<CommitReply> {
    const { key, lease, position, tags, value, ttlMs, keepMs } = input;
    const id = randomWord(8);
    const stamp = [position.epoch, position.seq];
    const state = await runScript(send, "store", {
      keys: [keyspace.entry(key), keyspace.lease(key)],
      args: [lease ?? "", id, ...stamp, Math.ceil(ttlMs), Math.ceil(keepMs), joinLines(tags), value],
    });
    return state === "stored" ? { state, id, verdict } : { state: "refused", reason: "superseded" };
  }

  async function admitAndStore(input: CommitInput): Promise<CommitReply> {
    const verdict = await admit(input);
    if (verdict === "valid" || verdict === "stale") return store(input, verdict);
    if (input.lease) await leases.abandon(input.key, input.lease);
    return { state: "refused", reason: verdict === "epoch" ? "epoch" : "changed" };
  }

  return {
    read: entries.read,
    begin,
    commit: (input) => leases.orGiveBack(admitAndStore(input), input),
    extend: leases.extend,
    abandon: leases.abandon,
    async discard(key, id) {
      await runScript(send, "discard", { keys: [keyspace.entry(key)], args: [id] });
    },
    keys: (query) => scanKeys(walk, keyspace, query),
  };
}
