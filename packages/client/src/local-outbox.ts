import { storedOutbox } from "./outbox.ts";
import type { Outbox, QueuedMessage } from "./outbox.ts";

/** How a message is kept: with its place in the order. */
interface Kept {
  readonly at: number;
  readonly message: QueuedMessage;
}

/**
 * Keeps messages in the browser's `localStorage`, so that they survive a reload. They are for one person: name it after who is signed
 * in. Where there is no such storage, as on a server, nothing is kept.
 */
export function localOutbox(name: string): Outbox {
  const prefix = `livecache:${name}:`;
  const storage = browserStorage();
  let last = 0;
  return storedOutbox({
    all: () =>
      Object.keys(storage ?? {})
        .filter((key) => key.startsWith(prefix))
        .map((key) => JSON.parse(storage!.getItem(key)!) as Kept)
        .sort((a, b) => a.at - b.at)
        .map(({ message }) => message),
    put(message) {
      last = Math.max(last + 1, Date.now());
      storage?.setItem(prefix + message.id, JSON.stringify({ at: last, message } satisfies Kept));
    },
    delete: (id) => storage?.removeItem(prefix + id),
  });
}

/** Browsers may forbid it, by an exception. */
function browserStorage(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
