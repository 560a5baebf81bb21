import { report } from "./audience.ts";

/** A message that the server has not answered yet. */
export interface QueuedMessage {
  /** The server handles a message of one id once, however often it is sent. */
  readonly id: string;
  readonly channel: string;
  readonly name: string;
  readonly data: unknown;
}

/** Where messages wait that should outlive the page. */
export interface OutboxStorage {
  /** The messages that were put and not deleted, in the order of putting. Read once, when the client is made. */
  all(): readonly QueuedMessage[] | Promise<readonly QueuedMessage[]>;
  put(message: QueuedMessage): unknown;
  delete(id: string): unknown;
}

/** An outbox as the client uses it: nothing of it throws or rejects. */
export interface Outbox {
  /** Hands over what an earlier page left behind, in its order; resolves when that is done. */
  open(restore: (message: QueuedMessage) => void): Promise<void>;
  put(message: QueuedMessage): void;
  delete(id: string): void;
}

/** Makes an outbox of a storage. When that fails it is reported, and the messages wait in memory all the same. */
export function storedOutbox(storage: OutboxStorage): Outbox {
  async function attempt(work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      report(error);
    }
  }
  return {
    open: (restore) => attempt(async () => (await storage.all()).forEach(restore)),
    put: (message) => void attempt(() => storage.put(message)),
    delete: (id) => void attempt(() => storage.delete(id)),
  };
}
