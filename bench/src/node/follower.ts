import { setImmediate as nextTurn } from "node:timers/promises";

/** What a follower saw of one version. */
export interface Seen {
  readonly version: number;
  /** When an older version was answered last, in milliseconds of the machine's monotonic clock; 0 when that never happened. */
  readonly lastOldAtMs: number;
}

/** Reads one key all the time, as a busy node does, and notes until when it was answered an old version. */
export interface Follower {
  /** Resolves when `version` or a newer one was answered; with `undefined` when it was not within `withinMs`. */
  seen(version: number, withinMs: number): Promise<Seen | undefined>;
  stop(): void;
}

/** The monotonic clock that all processes of this machine share. */
export function machineNowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Starts following. One read is on its way at a time, and every turn of the event loop may begin one. */
export function follow(read: () => Promise<unknown>): Follower {
  const state = { current: -1, lastOldAtMs: 0, isStopped: false };
  let failure: unknown;

  async function loop(): Promise<void> {
    let lastAtMs = 0;
    while (!state.isStopped) {
      const { version } = (await read()) as { version: number };
      const nowMs = machineNowMs();
      if (version > state.current) {
        state.current = version;
        state.lastOldAtMs = lastAtMs;
      }
      lastAtMs = nowMs;
      await nextTurn();
    }
  }
  loop().catch((error: unknown) => (failure = error));

  return {
    async seen(version, withinMs) {
      const endsAtMs = machineNowMs() + withinMs;
      for (;;) {
        if (state.current >= version) return { version: state.current, lastOldAtMs: state.lastOldAtMs };
        if (failure) throw failure;
        if (machineNowMs() > endsAtMs) return undefined;
        await nextTurn();
      }
    },
    stop: () => void (state.isStopped = true),
  };
}
