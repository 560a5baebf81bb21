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
  /** Where this node has applied the log to. */
  readonly applied: () => Position | undefined;
  /** A waiting change now stands at `position`. */
  readonly onAppended: (position: Position) => void;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** How long the journal waits before it tries the ground again. */
const RETRY_MS = 100;

/** How many changes are told in one go: while some wait, every further change waits too, so telling must be faster than changing. */
const TOLD_AT_ONCE = 100;

/** How many of them may be such that have to be looked for: each costs the ground as much as was appended since, and others wait meanwhile. */
const LOOKED_FOR_AT_ONCE = 5;

/** Makes an empty journal. It works in the background from the first change added until all are told. */
export function createJournal(parts: JournalParts): Journal {
  const { changeLog, clock, tasks, limits, signal, warn } = parts;
  let waiting: ChangeInput[] = [];
  let waitingBytes = 0;
  let everything = false;
  let flushing = false;

  function drop(change: ChangeInput): void {
    const index = waiting.indexOf(change);
    if (index === -1) return;
    waiting.splice(index, 1);
    waitingBytes -= sizeOf(change);
  }

  /** The next attempt has to look for the change in the log: this one may have got there. */
  function noteUnknown(change: ChangeInput, retryAfter: Position | undefined): void {
    const index = waiting.indexOf(change);
    if (index !== -1 && !change.retryAfter) waiting[index] = { ...change, retryAfter };
  }

  /** Tells the ground one change; `false` when it did not take it. */
  async function tell(change: ChangeInput): Promise<boolean> {
    const before = parts.applied();
    try {
      parts.onAppended(await changeLog.append(change));
      drop(change);
      return true;
    } catch (error) {
      if (isLiveError(error) && error.retryable) {
        if (error.code === "LIVE_GROUND_TIMEOUT") noteUnknown(change, before);
        return false;
      }
      warn("A waiting change was refused by the ground and is given up", {
        changeId: change.changeId,
        error,
      });
      drop(change);
      everything = true;
      return false;
    }
  }

  async function tellEverything(): Promise<boolean> {
    try {
      const { epoch } = await changeLog.position();
      await changeLog.renewEpoch(epoch);
      everything = false;
      return true;
    } catch (error) {
      const mayPass = isLiveError(error) && error.retryable;
      if (!mayPass) warn("The ground refused to start anew after changes were given up", { error });
      return false;
    }
  }

  /** Tells the ground what has waited longest; `false` when it did not take all of it. It carries out in this order what comes in one go. */
  async function tellNext(): Promise<boolean> {
    if (everything) return tellEverything();
    const told = await Promise.all(nextGo(waiting).map(tell));
    return !told.includes(false);
  }

  const isEmpty = (): boolean => !everything && waiting.length === 0;

  async function flush(): Promise<void> {
    flushing = true;
    while (!signal.aborted && !isEmpty()) {
      const told = await tellNext();
      if (!told) await sleep(clock, RETRY_MS, signal);
    }
    flushing = false;
  }

  return {
    isEmpty,
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

function nextGo(waiting: readonly ChangeInput[]): readonly ChangeInput[] {
  let lookedFor = 0;
  const most = waiting.slice(0, TOLD_AT_ONCE);
  const end = most.findIndex(({ retryAfter }) => retryAfter && ++lookedFor > LOOKED_FOR_AT_ONCE);
  return end === -1 ? most : most.slice(0, end);
}

function sizeOf({ tags, events }: ChangeInput): number {
  const tagBytes = tags.reduce((sum, tag) => sum + tag.length, 0);
  return tagBytes + events.reduce((sum, { body, channel }) => sum + body.length + channel.length, 0);
}
