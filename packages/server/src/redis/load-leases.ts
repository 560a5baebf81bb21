import type { Position } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import type { BeginInput, CacheStore, CommitInput } from "../ports/cache-store.ts";
import { readHead } from "./change-log.ts";
import type { EntryReaderParts } from "./entry-reader.ts";
import { runScript } from "./run-script.ts";

/** What the ground said to who asked for the right to load. */
interface LeaseReply {
  readonly state: string;
  /** How long somebody else's right lasts, or the bytes of an entry that has come in. */
  readonly detail: Buffer | number | undefined;
  /** The caller's own, if it was granted. */
  readonly lease: string;
  readonly position: Position;
}

/** Rights to load of one realm, in Redis. */
export interface LoadLeases extends Pick<CacheStore, "extend" | "abandon"> {
  /** Asks for the log's end and the lease in one go, in this order: the position is not newer than the lease. */
  ask(input: BeginInput): Promise<LeaseReply>;
  /** Others wait for a lease of which nobody knows whether it was taken or given back. It would end by itself, but later. */
  orGiveBack<T>(work: Promise<T>, held: Pick<CommitInput, "key" | "lease">): Promise<T>;
}

/** Makes them. */
export function createLoadLeases({
  keyspace,
  send,
  tasks,
}: Pick<EntryReaderParts, "keyspace" | "send" | "tasks">): LoadLeases {
  async function abandon(key: string, lease: string): Promise<void> {
    await runScript(send, "abandon", { keys: [keyspace.lease(key)], args: [lease] });
  }

  async function orGiveBack<T>(work: Promise<T>, held: Pick<CommitInput, "key" | "lease">): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (held.lease) tasks.track(abandon(held.key, held.lease).catch(() => undefined));
      throw error;
    }
  }

  return {
    abandon,
    orGiveBack,
    async ask({ key, leaseMs, seen }) {
      const lease = randomWord(12);
      const asked = Promise.all([
        readHead(send, keyspace),
        runScript(send, "lease", {
          keys: [keyspace.entry(key), keyspace.lease(key)],
          args: [lease, Math.ceil(leaseMs), seen ?? ""],
          options: { bytes: true },
        }),
      ]);
      const [position, reply] = await orGiveBack(asked, { key, lease });
      const [state, detail] = reply as readonly [Buffer, (Buffer | number)?];
      return { state: String(state), detail, lease, position };
    },
    async extend(key, lease, leaseMs) {
      const call = { keys: [keyspace.lease(key)], args: [lease, Math.ceil(leaseMs)] };
      return (await runScript(send, "extend", call)) === 1;
    },
  };
}
