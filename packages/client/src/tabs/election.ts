/** As much of the browser's Web Locks as is used. */
export interface Locks {
  request(
    name: string,
    options: { readonly steal?: boolean; readonly signal?: AbortSignal },
    granted: () => Promise<void>,
  ): Promise<unknown>;
}

/** Holds a lock until `signal` is aborted, or until another tab takes it away. Resolves then; never rejects. */
async function hold(locks: Locks, name: string, { steal, signal, granted }: Holding): Promise<void> {
  try {
    // A lock that is taken by force is taken at once, so there is no wait that the signal could end.
    await locks.request(name, steal ? { steal } : { signal }, () => {
      if (!signal.aborted) granted();
      if (signal.aborted) return Promise.resolve();
      return new Promise((release) => signal.addEventListener("abort", () => release(), { once: true }));
    });
  } catch {
    // Aborted while waiting, or stolen.
  }
}

interface Holding {
  readonly steal?: boolean;
  readonly signal: AbortSignal;
  readonly granted: () => void;
}

/** What an election tells. */
export interface Candidate {
  /** This tab can be watched from now on; before that others would take it for dead. */
  standing(): void;
  elected(): void;
  /** Another tab has taken over by force, because this one did not answer. */
  deposed(): void;
}

/** One tab's part in choosing the tab that leads. The browser gives the lock of a tab that dies to the next. */
export interface Election {
  /** Takes over from a leader that does not answer. */
  seize(): void;
  /** Calls `gone` when the tab of this name has died. */
  watch(tab: string, gone: () => void): void;
  /** Stands no more. */
  close(): void;
}

/** Stands for election in the group of this name, as the tab of this name. */
export function standForElection(
  locks: Locks,
  { group, tab }: { readonly group: string; readonly tab: string },
  candidate: Candidate,
): Election {
  const ending = new AbortController();
  const { signal } = ending;
  const watched = new Set<string>();
  let waiting = new AbortController();

  async function stand(steal: boolean): Promise<void> {
    waiting.abort();
    waiting = new AbortController();
    let isElected = false;
    const { signal: mine } = waiting;
    await hold(locks, group, {
      steal,
      signal: mine,
      granted() {
        isElected = true;
        candidate.elected();
      },
    });
    if (!isElected || signal.aborted) return;
    candidate.deposed();
    void stand(false);
  }

  void hold(locks, `${group} ${tab}`, { signal, granted: () => candidate.standing() });
  void stand(false);
  return {
    seize: () => void stand(true),
    watch(other, gone) {
      if (watched.has(other)) return;
      watched.add(other);
      const seen = new AbortController();
      signal.addEventListener("abort", () => seen.abort(), { once: true });
      void hold(locks, `${group} ${other}`, {
        signal: seen.signal,
        granted() {
          watched.delete(other);
          seen.abort();
          gone();
        },
      });
    },
    close() {
      ending.abort();
      waiting.abort();
    },
  };
}
