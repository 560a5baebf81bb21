/**
 * Events that came without a cursor, because the server could not reach the ground: each comes once more, with its place. A change may
 * tell several events to one channel, so they are counted.
 */
export interface EarlyEvents {
  /** One of this change came without a cursor. */
  note(changeId: string): void;
  /** Whether an event that has a cursor now was handed on before, without one. Each counts once. */
  take(changeId: string): boolean;
}

/** As many changes as a server keeps while the ground is away. */
const MOST_CHANGES = 10_000;

/** Makes an empty account. */
export function createEarlyEvents(): EarlyEvents {
  const counts = new Map<string, number>();
  return {
    note(changeId) {
      counts.set(changeId, (counts.get(changeId) ?? 0) + 1);
      if (counts.size > MOST_CHANGES) counts.delete(counts.keys().next().value!);
    },
    take(changeId) {
      const count = counts.get(changeId);
      if (!count) return false;
      if (count > 1) counts.set(changeId, count - 1);
      else counts.delete(changeId);
      return true;
    },
  };
}
