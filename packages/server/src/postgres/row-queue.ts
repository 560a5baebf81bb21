import type { ChangeSink, SourceChange } from "../ports/change-source.ts";

/** A change on its way to the log. */
interface Entry {
  readonly change: SourceChange;
  /** Where the commit of its transaction begins, if nothing of that comes after it. */
  readonly lsn?: bigint;
}

/** Changes on their way to the log, in order. What comes while some are under way goes out together. */
export interface RowQueue {
  /** Adds one; resolves when there is room for the next. Rejects once one could not be taken. */
  push(entry: Entry): Promise<void>;
  /** Resolves when all have been taken. Rejects as `push`. */
  settled(): Promise<void>;
  isEmpty(): boolean;
}

/** What a queue needs. */
export interface RowQueueParts {
  readonly sink: Pick<ChangeSink, "take">;
  /** Told whenever the log has everything up to a commit. */
  readonly onTaken: (lsn: bigint) => void;
  /** Told when a change could not be taken: nothing more goes out. */
  readonly onFailed: (error: unknown) => void;
}

/** How many may wait. */
const MAX_WAITING = 200;

/** Makes an empty queue. */
export function createRowQueue({ sink, onTaken, onFailed }: RowQueueParts): RowQueue {
  let waiting: Entry[] = [];
  let running: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  async function drain(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        await sink.take(batch.map(({ change }) => change));
        const done = batch.findLast(({ lsn }) => lsn !== undefined);
        if (done) onTaken(done.lsn!);
      }
    } catch (error) {
      failure = { error };
      onFailed(error);
    }
    running = undefined;
  }

  async function settled(): Promise<void> {
    await running;
    if (failure) throw failure.error;
  }

  return {
    async push(entry) {
      if (failure) throw failure.error;
      waiting.push(entry);
      running ??= drain();
      if (waiting.length >= MAX_WAITING) await settled();
    },
    settled,
    isEmpty: () => running === undefined,
  };
}
