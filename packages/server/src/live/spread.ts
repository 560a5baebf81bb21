/** Below this number, watchers that are told together refetch at once. */
const FEW = 100;

/** How many refetches a second a node is let in for: less than a route of Express answers from memory, with the watch that follows. */
const REFETCHES_PER_SECOND = 4_000;

/** Longest spread: everybody is to show what is true within 2 s. */
const MAX_SPREAD_MS = 1_800;

/** Over how long so many watchers, told by one node at the same time, are to spread their refetches. */
export function spreadMsOf(watchers: number): number {
  if (watchers < FEW) return 0;
  return Math.min(MAX_SPREAD_MS, Math.ceil((watchers / REFETCHES_PER_SECOND) * 1_000));
}

/** Shortest pause between two bodies of one response. */
const LEAST_PAUSE_MS = 50;

const LONGEST_PAUSE_MS = 2_000;

/** How many bodies a second a node sends of one response. */
const BODIES_PER_SECOND = 10_000;

/** How long a node waits before it sends so many watchers the next body of the same response: changes meanwhile go together. */
export function pauseAfterPush(watchers: number): number {
  return Math.min(LONGEST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, (watchers / BODIES_PER_SECOND) * 1_000));
}
