import { isLiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeInput, ChangeLog } from "../ports/change-log.ts";

/** Bounds of the journal: how much may wait. */
export interface JournalLimits {
  readonly maxChanges: number;
  readonly maxBytes: number;
}

/**
 * Changes made on this node that the ground has not acknowledged: it was away, or did not answer. They are told to it in the
 * order they were made, before this node trusts the ground again. The journal lives in memory: it dies with the process.
 */
export interface Journal {
  /** Whether nothing waits. */
  isEmpty(): boolean;
  /** Adds a change. Beyond the bounds everything waiting is replaced by one statement: "anything may have changed". */
  add(change: ChangeInput): void;
}

/** What the journal needs from its surroundings. */
export interface JournalParts {
  readonly changeLog: ChangeLog;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly limits: JournalLimits;
  /** A waiting change now stands at `position`. */
  readonly onAppended: (position: Position) => void;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** How long the journal waits before it tries the ground again. */
const RETRY_MS = 100;

/** Makes an empty journal. It works in the background from the first change added until all are told. */
export function createJournal(parts: JournalParts): Journal {
  const { changeLog, clock, tasks, limits, signal, warn } = parts;
  let waiting: ChangeInput[] = [];
  let waitingBytes = 0;
  let everything = false;
  let flushing = false;

  function drop(change: ChangeInput): void {
    if (waiting[0] !== change) return;
    waiting.shift();
    waitingBytes -= sizeOf(change);
  }

  /** Tells the ground one thing that waits; `false` when it did not take it. */
  async function tellNext(): Promise<boolean> {
    const next = waiting[0];
    try {
      if (everything) {
        const { epoch } = await changeLog.position();
        await changeLog.renewEpoch(epoch);
        everything = false;
      } else if (next) {
        parts.onAppended(await changeLog.append(next));
        drop(next);
      }
      return true;
    } catch (error) {
      if (isLiveError(error) && error.retryable) return false;
      warn("A waiting change was refused by the ground and is given up", { changeId: next?.changeId, error });
      if (next) drop(next);
      everything = true;
      return false;
    }
  }

  async function flush(): Promise<void> {
    flushing = true;
    while (!signal.aborted && (everything || waiting.length > 0)) {
      const told = await tellNext();
      if (!told) await sleep(clock, RETRY_MS, signal);
    }
    flushing = false;
  }

  return {
    isEmpty: () => !everything && waiting.length === 0,
    add(change) {
      waitingBytes += sizeOf(change);
      waiting.push(change);
      if (waiting.length > limits.maxChanges || waitingBytes > limits.maxBytes) {
        warn("Too many changes wait for the ground; all caches will be emptied when it is back", {
          changes: waiting.length,
          bytes: waitingBytes,
        });
        waiting = [];
        waitingBytes = 0;
        everything = true;
      }
      if (!flushing) tasks.track(flush());
    },
  };
}

function sizeOf({ tags, events }: ChangeInput): number {
  const tagBytes = tags.reduce((sum, tag) => sum + tag.length, 0);
  return tagBytes + events.reduce((sum, { body, channel }) => sum + body.length + channel.length, 0);
}
