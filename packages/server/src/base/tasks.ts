/** The background work of one instance, so that closing can await all of it. */
export interface Tasks {
  /** Follows a promise that nobody awaits. Its failure goes to `onError`, never to the process. */
  track(work: Promise<unknown>): void;
  /** Resolves when everything tracked has ended, including what was tracked meanwhile. */
  settled(): Promise<void>;
}

/** Makes an empty set of background work. */
export function createTasks(onError: (error: unknown) => void): Tasks {
  const running = new Set<Promise<unknown>>();
  return {
    track(work) {
      const guarded = work.catch(onError).finally(() => running.delete(guarded));
      running.add(guarded);
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
