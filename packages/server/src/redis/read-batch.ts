import { parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Send } from "./wire.ts";

/**
 * What one batched read of keys came to. One server reads all of it at one moment. Those of a cluster do not, and need not: an entry
 * says itself from when it is, and is judged as of the head, whichever was read first. `head` is undefined when there is none that can be read.
 */
export interface BatchReply {
  readonly head: Position | undefined;
  readonly values: readonly (Buffer | undefined)[];
}

/** Reads string keys together with the head of the log. Rejects as `send` does. */
export type ReadBatch = (keys: readonly string[]) => Promise<BatchReply>;

/** Most keys in one MGET: beyond, another one follows, so that no single command holds the server for long. */
const MOST_KEYS = 500;

interface Waiting {
  readonly keys: readonly string[];
  readonly resolve: (reply: BatchReply) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes a reader that puts everything asked for in one turn of the event loop into one MGET. The cost of a command in the client
 * is far above the cost of a key, so a busy node gets several times as much out of one connection. Who asks while nothing is on
 * its way is not kept waiting for others: the command goes out as soon as what runs now has asked for all it wants.
 */
export function createReadBatch({ head, send }: { head: string; send: Send }): ReadBatch {
  let waiting: Waiting[] = [];
  let waitingKeys = 0;
  let inFlight = 0;

  /** Counted down before anybody is told: who asks again at once finds nothing on its way. */
  async function ask(command: readonly string[]): Promise<readonly (Buffer | null)[]> {
    inFlight++;
    try {
      return (await send(command, { bytes: true })) as readonly (Buffer | null)[];
    } finally {
      inFlight--;
    }
  }

  async function fetch(batch: readonly Waiting[]): Promise<void> {
    const keys = batch.flatMap((one) => one.keys);
    const reply = await ask(["MGET", head, ...keys]);
    const position = parsePosition(reply[0]?.toString("latin1"));
    let at = 1;
    for (const one of batch) {
      one.resolve({ head: position, values: one.keys.map(() => reply[at++] ?? undefined) });
    }
  }

  function flush(): void {
    const batch = waiting;
    waiting = [];
    waitingKeys = 0;
    if (batch.length === 0) return;
    fetch(batch).catch((error: unknown) => {
      for (const { reject } of batch) reject(error);
    });
  }

  return (keys) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) {
        if (inFlight === 0) process.nextTick(flush);
        else setImmediate(flush);
      }
      waiting.push({ keys, resolve, reject });
      waitingKeys += keys.length;
      if (waitingKeys >= MOST_KEYS) flush();
    });
}
