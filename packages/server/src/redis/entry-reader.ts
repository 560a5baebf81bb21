import type { Position } from "@livecache/wire";
import type { Tasks } from "../base/tasks.ts";
import type { CacheStore, ReadReply, StoredEntry } from "../ports/cache-store.ts";
import type { Verdict } from "../ports/change-log.ts";
import { judgeClaims, readHead } from "./change-log.ts";
import { readEntryBytes } from "./entry-bytes.ts";
import type { EntryBytes } from "./entry-bytes.ts";
import type { Keyspace } from "./keyspace.ts";
import { createReadBatch } from "./read-batch.ts";
import { createSpreadBatch } from "./spread-batch.ts";
import type { ServerClock } from "./server-clock.ts";
import type { Send } from "./wire.ts";

/** What reading entries needs from its surroundings. */
export interface EntryReaderParts {
  readonly keyspace: Keyspace;
  readonly send: Send;
  readonly tasks: Tasks;
  readonly serverClock: ServerClock;
  /** Whether entries are on several servers. */
  readonly isSpread: boolean;
}

/** Reads and judges the entries of one realm. */
export interface EntryReader {
  readonly read: CacheStore["read"];
  /** Reads stored bytes; `undefined` for an entry that has expired or cannot be read. What cannot be read is removed. */
  decode(key: string, bytes: Buffer): StoredEntry | undefined;
  /** Judges entries in the ground. */
  judge(entries: readonly StoredEntry[]): Promise<readonly ReadReply[]>;
}

/** Makes the reader of a realm's entries. */
export function createEntryReader(parts: EntryReaderParts): EntryReader {
  const { keyspace, send, tasks, serverClock } = parts;
  const createBatch = parts.isSpread ? createSpreadBatch : createReadBatch;
  const readBatch = createBatch({ head: keyspace.head, send });

  function decode(key: string, bytes: Buffer): StoredEntry | undefined {
    const found = readEntryBytes(bytes);
    if (!found) {
      // Should it fail, the next reader does it.
      tasks.track(send(["UNLINK", keyspace.entry(key)]).catch(() => undefined));
      return undefined;
    }
    const nowMs = serverClock.latestMs();
    return found.keptUntilMs > nowMs ? new ReadEntry(key, found, nowMs) : undefined;
  }

  async function judgeThere(entries: readonly StoredEntry[]): Promise<readonly ReadReply[]> {
    const { position: judgedAt, verdicts } = await judgeClaims(send, keyspace, entries);
    return entries.map((entry, index) => replyOf(entry, verdicts[index] ?? "changed", judgedAt));
  }

  return {
    decode,
    judge: judgeThere,
    async read(keys, judge) {
      const { head: known, values } = await readBatch(keys.map(keyspace.entry));
      const head = known ?? (await readHead(send, keyspace));
      const unsure: { readonly index: number; readonly entry: StoredEntry }[] = [];
      const replies = values.map((bytes, index): ReadReply => {
        const entry = bytes && decode(keys[index]!, bytes);
        if (!entry) return { state: "absent" };
        if (entry.position.epoch !== head.epoch) return replyOf(entry, "changed", head);
        const verdict = judge?.(entry, head) ?? "unknown";
        if (verdict !== "unknown") return replyOf(entry, verdict, head);
        unsure.push({ index, entry });
        return replyOf(entry, "changed", head);
      });
      if (unsure.length > 0) {
        const judged = await judgeThere(unsure.map(({ entry }) => entry));
        for (const [place, { index }] of unsure.entries()) replies[index] = judged[place]!;
      }
      return replies;
    },
  };
}

/** An entry as the port answers it. A class, because an object written down with getters is made far slower. */
class ReadEntry implements StoredEntry {
  readonly key: string;
  readonly id: string;
  readonly position: Position;
  readonly ttlMs: number;
  readonly ttlLeftMs: number;
  readonly keptLeftMs: number;
  private readonly found: EntryBytes;

  constructor(key: string, found: EntryBytes, nowMs: number) {
    this.key = key;
    this.id = found.id;
    this.position = found.position;
    this.ttlMs = found.ttlMs;
    this.ttlLeftMs = found.freshUntilMs - nowMs;
    this.keptLeftMs = found.keptUntilMs - nowMs;
    this.found = found;
  }

  get tags(): readonly string[] {
    return this.found.tags;
  }

  get value(): Uint8Array {
    return this.found.value;
  }
}

function replyOf(entry: StoredEntry, verdict: Verdict, head: Position): ReadReply {
  if (verdict !== "changed") return { state: verdict, entry, judgedAt: head };
  return { state: "invalid", reason: entry.position.epoch === head.epoch ? "changed" : "epoch", entry };
}
