import { parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { BatchReply, ReadBatch } from "./read-batch.ts";
import { slotOf } from "./slots.ts";
import type { Send } from "./wire.ts";

/** Most keys in one MGET. */
const MOST_KEYS = 500;

interface Waiting {
  readonly keys: readonly string[];
  readonly resolve: (reply: BatchReply) => void;
  readonly reject: (error: unknown) => void;
}

const BYTES = { bytes: true } as const;

/**
 * Makes a reader for keys that are spread over the slots of a cluster. Everything that is asked for in one turn of the process goes out
 * together, so that each server gets one batch; in it, the keys of one slot share a command, as the cluster demands it. The head is read
 * once for all. Of a caller's keys those count as absent whose server is away, as long as another one answered.
 */
export function createSpreadBatch({ head, send }: { head: string; send: Send }): ReadBatch {
  let waiting: Waiting[] = [];

  async function readHead(): Promise<Position | undefined> {
    const bytes = (await send(["GET", head], BYTES)) as Buffer | null;
    return parsePosition(bytes?.toString("latin1"));
  }

  /** Reads each key once. Nobody may be waiting for a value that cannot be read. */
  function readAll(keys: ReadonlySet<string>): Map<string, Promise<Buffer | null>> {
    const values = new Map<string, Promise<Buffer | null>>();
    for (const group of groupBySlot(keys)) {
      const reply = send(["MGET", ...group], BYTES) as Promise<readonly (Buffer | null)[]>;
      for (const [index, key] of group.entries()) {
        const value = reply.then((found) => found[index] ?? null);
        value.catch(() => undefined);
        values.set(key, value);
      }
    }
    return values;
  }

  function flush(): void {
    const batch = waiting;
    waiting = [];
    const position = readHead();
    position.catch(() => undefined);
    const values = readAll(new Set(batch.flatMap(({ keys }) => keys)));
    for (const { keys, resolve, reject } of batch) {
      answer(
        position,
        keys.map((key) => values.get(key)!),
      ).then(resolve, reject);
    }
  }

  return (keys) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) process.nextTick(flush);
      waiting.push({ keys, resolve, reject });
    });
}

async function answer(
  position: Promise<Position | undefined>,
  reads: readonly Promise<Buffer | null>[],
): Promise<BatchReply> {
  const head = await position;
  const outcomes = await Promise.allSettled(reads);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed && outcomes.every(({ status }) => status === "rejected")) throw failed.reason;
  return {
    head,
    values: outcomes.map((outcome) =>
      outcome.status === "fulfilled" ? (outcome.value ?? undefined) : undefined,
    ),
  };
}

function groupBySlot(keys: Iterable<string>): Iterable<readonly string[]> {
  const groups = new Map<number, string[][]>();
  for (const key of keys) {
    const slot = slotOf(key);
    const ofSlot = groups.get(slot);
    if (!ofSlot) groups.set(slot, [[key]]);
    else if (ofSlot.at(-1)!.length < MOST_KEYS) ofSlot.at(-1)!.push(key);
    else ofSlot.push([key]);
  }
  return [...groups.values()].flat();
}
