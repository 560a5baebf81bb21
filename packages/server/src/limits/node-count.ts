import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeLog } from "../ports/change-log.ts";

/** How many nodes there are. */
export interface NodeCount {
  /** The most of the last six answers of the ground; those that have not been given yet count as 4. */
  known(): number;
  /** Asks, unless that was done lately. */
  refresh(): void;
}

/** How often it is asked at most. */
const EVERY_MS = 10_000;

/** How soon it is asked again when no answer came. */
const RETRY_MS = 500;

/**
 * How many answers count. Under load, nodes drop out of the register and still decide; and after a loss of data the register fills anew. So a
 * lower number is believed only when it has been said for a while.
 */
const REMEMBERED = 6;

/** Believed of an answer that is missing: nodes that start together register one by one, so the first answers may be too low. */
const ASSUMED_NODES = 4;

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
  let askAtMs = -Infinity;
  let known = ASSUMED_NODES;
  const answers = Array.from({ length: REMEMBERED }, () => ASSUMED_NODES);

  async function ask(): Promise<void> {
    try {
      answers.push(await changeLog.lagging(NEVER));
      answers.shift();
      known = Math.max(1, ...answers);
    } catch {
      // What was last known is as good as it gets.
      askAtMs = clock.now() + RETRY_MS;
    }
  }

  return {
    known: () => known,
    refresh() {
      if (clock.now() < askAtMs) return;
      askAtMs = clock.now() + EVERY_MS;
      tasks.track(ask());
    },
  };
}
