import type { ClientParts } from "./client-parts.ts";
import type { Cancel } from "./clock.ts";
import { Query } from "./query.ts";
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
export class QueryStore {
  readonly #parts: ClientParts;
  readonly #queries = new Map<string, Query>();
  #closed = false;
  #polling: Cancel | undefined;

  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  /** Making the view costs nothing and fetches nothing. */
  view<T>(path: string): LiveQuery<T> {
    return {
      path,
      subscribe: (listener) => this.#acquire(path)?.subscribe(listener) ?? (() => {}),
      getSnapshot: () => (this.#queries.get(path)?.snapshot ?? LOADING) as QuerySnapshot<T>,
      refetch: async () => this.#acquire(path)?.refetch(),
    };
  }

  /** Everything stands still from now on; snapshots stay readable. */
  close(): void {
    this.#closed = true;
    this.#polling?.();
    this.#queries.forEach((query) => query.end());
  }

  #acquire(path: string): Query | undefined {
    if (this.#closed) return undefined;
    this.#parts.connection.start();
    this.#polling ??= this.#pollLater();
    const known = this.#queries.get(path);
    if (known) return known;
    const query = new Query(path, this.#parts, () => {
      if (!this.#closed) this.#queries.delete(path);
    });
    this.#queries.set(path, query);
    return query;
  }

  #pollLater(): Cancel {
    const { clock, timing } = this.#parts;
    return clock.after(timing.pollMs, () => {
      this.#queries.forEach((query) => query.poll());
      this.#polling = this.#queries.size > 0 ? this.#pollLater() : undefined;
    });
  }
}
