import { isLiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeLog } from "../ports/change-log.ts";
import type { Channels } from "./channels.ts";
import type { WatchIndex } from "./watch-index.ts";

/** What recovering needs from its surroundings. */
export interface RecoveryParts {
  readonly changeLog: ChangeLog;
  readonly watches: WatchIndex;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Aborted when the hub closes. */
  readonly signal: AbortSignal;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** How many watches are judged in one question to the ground. */
const JUDGED_AT_ONCE = 200;

/** How long to wait before a ground that did not answer is asked again. */
const RETRY_MS = 500;

/**
 * Makes what runs after the node has lost sight of the log: the answer starts it. It judges every watch again and compares every
 * channel with the ground, in batches, in the background. Only one run is under way; a start meanwhile is followed by another
 * run. While the ground is away it tries again until it has an answer, and nothing is dropped.
 */
export function createRecovery(parts: RecoveryParts): () => void {
  const { changeLog, watches, channels, clock, signal } = parts;
  let wanted = false;
  let running = false;

  async function judgeWatches(): Promise<void> {
    const all = watches.all();
    for (let start = 0; start < all.length; start += JUDGED_AT_ONCE) {
      const batch = all.slice(start, start + JUDGED_AT_ONCE).filter((watch) => watches.has(watch));
      if (batch.length === 0) continue;
      const { position, verdicts } = await changeLog.judge(batch.map((watch) => watch.claim));
      for (const [index, watch] of batch.entries()) {
        if (verdicts[index] !== "valid") watches.stale(watch, { position });
      }
    }
  }

  async function attempt(): Promise<boolean> {
    try {
      await judgeWatches();
      await channels.check();
      return true;
    } catch (error) {
      if (!isLiveError(error) || !error.retryable) {
        parts.warn("live queries and channels could not be checked after an interruption; trying again", {
          error,
        });
      }
      return false;
    }
  }

  async function run(): Promise<void> {
    running = true;
    while (wanted && !signal.aborted) {
      wanted = false;
      const done = await attempt();
      if (done) continue;
      wanted = true;
      await sleep(clock, RETRY_MS, signal);
    }
    running = false;
  }

  return () => {
    wanted = true;
    if (!running) parts.tasks.track(run());
  };
}
