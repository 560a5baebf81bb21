import type { ClientParts } from "./client-parts.ts";
import type { Cancel } from "./clock.ts";
import { createQuery } from "./query.ts";
import type { Query } from "./query.ts";
import { LOADING } from "./query-snapshot.ts";
import type { QuerySnapshot } from "./query-snapshot.ts";

/**
 * A live view of one path of the server: a store in the shape that React's `useSyncExternalStore` and other frameworks take. Its
 * methods need no `this`.
 */
export interface LiveQuery<T = unknown> {
  readonly path: string;
  /**
   * Calls `listener` after each change of the snapshot. The first subscriber of a path begins the work, all share it, and it ends a
   * while (`lingerMs`) after the last has left. Call the returned function to leave.
   */
  subscribe(listener: () => void): () => void;
  /** What is known now; the same object until something changes. */
  getSnapshot(): QuerySnapshot<T>;
  /** Fetches now, also while the page is hidden. Never rejects: the outcome is in the snapshot once the promise resolves. */
  refetch(): Promise<void>;
}

/** The live queries of one client, one per path. */
export interface QueryStore {
  /** Making the view costs nothing and fetches nothing. */
  view<T>(path: string): LiveQuery<T>;
  /** Everything stands still from now on; snapshots stay readable. */
  close(): void;
}

/** Makes an empty store. */
export function createQueryStore(parts: ClientParts): QueryStore {
  const { connection, clock, timing } = parts;
  const queries = new Map<string, Query>();
  let closed = false;
  let polling: Cancel | undefined;

  function acquire(path: string): Query | undefined {
    if (closed) return undefined;
    connection.start();
    polling ??= pollLater();
    let query = queries.get(path);
    if (!query) {
      query = createQuery(path, parts, () => {
        if (!closed) queries.delete(path);
      });
      queries.set(path, query);
    }
    return query;
  }

  function pollLater(): Cancel {
    return clock.after(timing.pollMs, () => {
      queries.forEach((query) => query.poll());
      polling = queries.size > 0 ? pollLater() : undefined;
    });
  }

  return {
    view: <T>(path: string): LiveQuery<T> => ({
      path,
      subscribe: (listener) => acquire(path)?.subscribe(listener) ?? (() => {}),
      getSnapshot: () => (queries.get(path)?.snapshot ?? LOADING) as QuerySnapshot<T>,
      refetch: async () => acquire(path)?.refetch(),
    }),
    close() {
      closed = true;
      polling?.();
      queries.forEach((query) => query.end());
    },
  };
}
