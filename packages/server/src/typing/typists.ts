/** Most who are told of by name. */
const MAX_SHOWN = 50;

/** Most who are remembered in one channel; what more say is not heard. */
const MAX_HEARD = 500;

/** What was said of somebody: by which node, and for how long it counts. */
export interface Said {
  readonly node: string;
  readonly userId: string;
  /** 0: not any more. */
  readonly ttlMs: number;
}

/** Who types in one channel, as one node has heard. A user with several nodes types until none of them says so. */
export interface Typists {
  /** Takes in what was said at `nowMs`. */
  hear(said: Said, nowMs: number): void;
  /** Forgets those whose time is over. */
  sweep(nowMs: number): void;
  /** When the next one's time is over; `undefined` when nobody types. */
  nextEndMs(): number | undefined;
  /** Everybody, in the order of their ids. */
  users(): readonly string[];
}

/** What one of `users`, or somebody else, is shown: everybody else, at most 50, and how many there are besides. */
export function shownTo(
  userId: string | undefined,
  users: readonly string[],
): { readonly users: readonly string[]; readonly more?: number } {
  const others = users.filter((user) => user !== userId);
  if (others.length <= MAX_SHOWN) return { users: others };
  return { users: others.slice(0, MAX_SHOWN), more: others.length - MAX_SHOWN };
}

/** Makes an empty set. */
export function createTypists(): Typists {
  /** By node and user. */
  const ends = new Map<string, { readonly userId: string; readonly endsAtMs: number }>();

  return {
    hear({ node, userId, ttlMs }, nowMs) {
      const key = `${node} ${userId}`;
      if (ttlMs <= 0) ends.delete(key);
      else if (ends.has(key) || ends.size < MAX_HEARD) ends.set(key, { userId, endsAtMs: nowMs + ttlMs });
    },
    sweep(nowMs) {
      for (const [key, { endsAtMs }] of ends) if (endsAtMs <= nowMs) ends.delete(key);
    },
    nextEndMs: () =>
      ends.size === 0 ? undefined : Math.min(...Array.from(ends.values(), (end) => end.endsAtMs)),
    users: () => [...new Set(Array.from(ends.values(), ({ userId }) => userId))].sort(),
  };
}
