import type { BeginInput, BeginReply, CacheStore } from "../ports/cache-store.ts";
import { createCommit } from "./commit.ts";
import { readEntryBytes } from "./entry-bytes.ts";
import { createEntryReader } from "./entry-reader.ts";
import type { EntryReaderParts } from "./entry-reader.ts";
import { damaged } from "./failure.ts";
import { createLoadLeases } from "./load-leases.ts";
import { runScript } from "./run-script.ts";
import { scanKeys } from "./scan-keys.ts";
import type { Walk } from "./servers.ts";

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
  const commit = createCommit(parts, leases);

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

  return {
    read: entries.read,
    begin,
    commit: (input) => leases.orGiveBack(commit(input), input),
    extend: leases.extend,
    abandon: leases.abandon,
    async discard(key, id) {
      await runScript(send, "discard", { keys: [keyspace.entry(key)], args: [id] });
    },
    keys: (query) => scanKeys(walk, keyspace, query),
  };
}
