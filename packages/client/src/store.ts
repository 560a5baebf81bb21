import { Audience } from "./audience.ts";

/** Something that changes, in the shape that React's `useSyncExternalStore` and other frameworks take. Needs no `this`. */
export interface Store<Snapshot> {
  /** Calls `listener` after each change, and keeps the store working until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /** What is known now; the same object until something changes. */
  getSnapshot(): Snapshot;
}

/** A store, and the way to change it. */
export interface OpenStore<Snapshot> extends Store<Snapshot> {
  set(next: Snapshot): void;
}

/** Makes a store that works while somebody listens: `begin` starts it and answers what ends it. */
export function createStore<Snapshot>(first: Snapshot, begin: () => () => void): OpenStore<Snapshot> {
  const listeners = new Audience<() => void>();
  let snapshot = first;
  let end: (() => void) | undefined;
  return {
    subscribe(listener) {
      const remove = listeners.add(listener);
      end ??= begin();
      return () => {
        if (!remove() || listeners.size > 0) return;
        end?.();
        end = undefined;
      };
    },
    getSnapshot: () => snapshot,
    set(next) {
      snapshot = next;
      listeners.tell((listener) => listener());
    },
  };
}
