import type { UploadProgress } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";

/** Shortest time between two messages of one upload. */
const TOLD_EVERY_MS = 100;

/** What telling needs from its surroundings. */
export interface TellerParts {
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly tell: (progress: UploadProgress) => Promise<void>;
  /** Told of the first failure. */
  readonly onFailed: (error: unknown) => void;
}

/** Tells how far one upload is. */
export interface ProgressTeller {
  /** The upload is so far by now; of several between two messages the last counts. */
  move(progress: UploadProgress): void;
  /** It is over: this is told last, and always. */
  end(progress: UploadProgress): void;
}

/** Makes a teller: one message after another, at most 10 a second. */
export function createProgressTeller({ clock, tasks, tell, onFailed }: TellerParts): ProgressTeller {
  let waiting: UploadProgress | undefined;
  let isTelling = false;
  let isOver = false;
  let hasFailed = false;

  async function tellAll(): Promise<void> {
    isTelling = true;
    while (waiting) {
      const progress = waiting;
      waiting = undefined;
      const pause = sleep(clock, TOLD_EVERY_MS);
      await tell(progress).catch((error: unknown) => {
        if (!hasFailed) onFailed(error);
        hasFailed = true;
      });
      await pause;
    }
    isTelling = false;
  }

  function move(progress: UploadProgress): void {
    if (isOver) return;
    waiting = progress;
    if (!isTelling) tasks.track(tellAll());
  }

  return {
    move,
    end(progress) {
      move(progress);
      isOver = true;
    },
  };
}
