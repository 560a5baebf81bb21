import { LiveError } from "@livecache/wire";
import type { LiveError as Failure } from "@livecache/wire";
import { report } from "./audience.ts";

/** A message that the server has not answered yet, as it is kept. */
export interface QueuedMessage {
  /** The server handles a message of one id once, however often it is sent. */
  readonly id: string;
  readonly channel: string;
  readonly name: string;
  readonly data: unknown;
}

/** Where messages wait that should outlive the page. A failing storage is reported, and the messages wait in memory all the same. */
export interface OutboxStorage {
  /** The messages that were put and not deleted, in the order of putting. Read once, when the client is made. */
  all(): readonly QueuedMessage[] | Promise<readonly QueuedMessage[]>;
  put(message: QueuedMessage): unknown;
  delete(id: string): unknown;
}

/** A message on its way, and whom its answer is for. */
export interface Outgoing extends QueuedMessage {
  resolve(reply: unknown): void;
  reject(error: Failure): void;
}

/** The messages of one client that are on their way. */
export interface Outbox {
  /** Resolves when what an earlier page left behind has been taken in. */
  readonly ready: Promise<void>;
  /**
   * Takes a message in. Throws `LIVE_LIMIT_REACHED` when 100 wait already, and `LIVE_INPUT_INVALID` for what JSON cannot carry.
   */
  put(message: QueuedMessage): void;
  /** The server has answered. */
  done(id: string): void;
  /** The client is closed: what is stored stays there. */
  close(): void;
}

/** Most messages of a client that wait for their answers. */
export const MAX_WAITING = 100;

/** Makes an empty outbox; `restored` is given what an earlier page left behind. */
export function createOutbox(
  storage: OutboxStorage | undefined,
  restored: (message: QueuedMessage) => void,
): Outbox {
  const waiting = new Set<string>();
  let closed = false;
  const keep = async (work: (kept: OutboxStorage) => unknown): Promise<void> => {
    try {
      if (storage) await work(storage);
    } catch (error) {
      report(error);
    }
  };
  const ready = keep(async (kept) => {
    for (const message of await kept.all()) {
      if (waiting.has(message.id)) continue;
      waiting.add(message.id);
      restored(message);
    }
  });
  return {
    ready,
    put(message) {
      if (waiting.size >= MAX_WAITING) {
        throw new LiveError(
          "LIVE_LIMIT_REACHED",
          `send: ${waiting.size} messages wait for the server already, at most ${MAX_WAITING} may. Send this one later.`,
        );
      }
      waiting.add(message.id);
      void keep((kept) => kept.put(message));
    },
    done(id) {
      waiting.delete(id);
      if (!closed) void keep((kept) => kept.delete(id));
    },
    close() {
      closed = true;
    },
  };
}

/** A name for a message that nobody else gives; `crypto.randomUUID` is missing on pages without TLS. */
export function messageId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36)).join("");
}
