import type { Live } from "livecache";

/** Tells screens that something moved, at a pace that they can follow. */
export interface Telling {
  /** The function that tells of one tag. */
  of(tag: string): () => void;
  close(): void;
}

/** Shortest time between two changes of the same tag. */
const PACE_MS = 100;

/** The first move is told at once, those of the next moments together at their end. */
export function tellGently(live: Pick<Live, "change">): Telling {
  const waiting = new Map<string, NodeJS.Timeout>();
  const again = new Set<string>();
  let isOver = false;

  function tell(tag: string): void {
    if (isOver) return;
    if (waiting.has(tag)) {
      again.add(tag);
      return;
    }
    waiting.set(
      tag,
      setTimeout(() => {
        waiting.delete(tag);
        if (again.delete(tag)) tell(tag);
      }, PACE_MS),
    );
    // It fails only when everything is being closed.
    live.change({ tags: [tag] }).catch(() => undefined);
  }

  return {
    of: (tag) => () => tell(tag),
    close() {
      isOver = true;
      for (const timer of waiting.values()) clearTimeout(timer);
    },
  };
}
