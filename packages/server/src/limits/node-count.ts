import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeLog } from "../ports/change-log.ts";

/** How many nodes there are. */
export interface NodeCount {
  /** As many as the ground last said, or said before that if those were more; 1 before it has said anything. */
  known(): number;
  /** Asks, unless that was done lately. */
  refresh(): void;
}

/** How often it is asked at most. */
const EVERY_MS = 10_000;

/** A position that no node has applied: whoever lags behind it is there. */
const NEVER = { epoch: "", seq: Number.MAX_SAFE_INTEGER };

/** Counts the nodes that follow the log. It asks only while somebody is interested, and never waits. */
export function createNodeCount({
  changeLog,
  clock,
  tasks,
}: {
  readonly changeLog: Pick<ChangeLog, "lagging">;
  readonly clock: Pick<Clock, "now">;
  readonly tasks: Tasks;
}): NodeCount {
  let askedAtMs = -Infinity;
  let last = 1;
  let before = 1;

  async function ask(): Promise<void> {
    try {
      const found = await changeLog.lagging(NEVER);
      // Nodes that were away for a moment are counted: those that come back after an outage come back one by one.
      before = last;
      last = Math.max(1, found);
    } catch {
      // What was last known is as good as it gets.
    }
  }

  return {
    known: () => Math.max(last, before),
    refresh() {
      if (clock.now() - askedAtMs < EVERY_MS) return;
      askedAtMs = clock.now();
      tasks.track(ask());
    },
  };
}
