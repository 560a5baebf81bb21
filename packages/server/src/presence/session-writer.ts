import type { Cancel, Clock } from "../base/clock.ts";
import type { SocketRecord, SocketStore } from "../ports/socket-store.ts";

/** What writing needs from its surroundings. */
export interface SessionWriterParts {
  readonly store: SocketStore;
  /** Whether the ground answers. */
  readonly isHere: () => boolean;
  readonly clock: Clock;
  /** Follows work that nobody awaits. */
  readonly track: (work: Promise<unknown>) => void;
}

/** A record to be written, as it is when it is written. */
export interface Writable {
  /** On the monotonic clock; `undefined` before the first time. */
  writtenMs: number | undefined;
  record(): SocketRecord;
}

/** A socket that is gone. */
export type Gone = Pick<SocketRecord, "socketId" | "userId">;

/** Writes records many at a time, and again when the ground did not answer. While it is away nothing is written. */
export interface SessionWriter {
  /** The record is new, or another now. */
  put(session: Writable): void;
  beat(socketId: string, at: string): void;
  /** The socket is gone; its record is not to be written any more. */
  remove(session: Writable, gone: Gone): void;
  /** Writes who is gone up to now, and nothing after it. Never rejects. */
  close(): Promise<void>;
}

/** Commands for one socket are few; so many sockets are written at a time. */
const AT_ONCE = 50;

/** How long what is to be written is gathered. */
const GATHER_MS = 100;

/** A record is not written again sooner, and what failed is not tried again sooner. */
const WRITE_EVERY_MS = 5_000;

/** Most sockets that are gone and wait for the ground; beyond, their records end by themselves. */
const MOST_GONE = 10_000;

/** Makes a writer with nothing to write. */
export function createSessionWriter({ store, isHere, clock, track }: SessionWriterParts): SessionWriter {
  const changed = new Set<Writable>();
  const ended = new WeakSet<Writable>();
  const leavers = createLeavers(store);
  const beats = new Map<string, string>();
  const plan = createPlan(clock, () => track(flush()));
  let flushing = false;
  let closed = false;

  function isDue({ writtenMs }: Writable): boolean {
    return writtenMs === undefined || clock.now() - writtenMs >= WRITE_EVERY_MS;
  }

  async function put(): Promise<boolean> {
    const due: Writable[] = [];
    for (const session of changed) {
      if (due.length >= AT_ONCE) break;
      if (isDue(session)) due.push(session);
    }
    if (due.length === 0) return false;
    for (const session of due) {
      changed.delete(session);
      session.writtenMs = clock.now();
    }
    try {
      await store.put(due.map((session) => session.record()));
    } catch (error) {
      for (const session of due) if (!ended.has(session)) changed.add(session);
      throw error;
    }
    return true;
  }

  async function beat(): Promise<boolean> {
    const some = [...beats].slice(0, AT_ONCE);
    if (some.length === 0) return false;
    for (const [socketId] of some) beats.delete(socketId);
    await store.beat(some.map(([socketId, at]) => ({ socketId, at })));
    return true;
  }

  async function flush(): Promise<void> {
    if (closed || !isHere()) return;
    if (flushing) return plan.in(GATHER_MS);
    flushing = true;
    try {
      while ((await put()) || (await beat()) || (await leavers.removeSome()));
      if (changed.size > 0) plan.in(WRITE_EVERY_MS);
    } catch {
      plan.in(WRITE_EVERY_MS);
    } finally {
      flushing = false;
    }
  }

  return {
    put(session) {
      changed.add(session);
      plan.in(GATHER_MS);
    },
    beat(socketId, at) {
      beats.set(socketId, at);
      plan.in(GATHER_MS);
    },
    remove(session, who) {
      changed.delete(session);
      ended.add(session);
      beats.delete(who.socketId);
      // Of a socket that was never written there is nothing to remove.
      if (session.writtenMs !== undefined) leavers.add(who);
      plan.in(GATHER_MS);
    },
    async close() {
      closed = true;
      plan.cancel();
      if (!isHere()) return;
      try {
        while (await leavers.removeSome());
      } catch {
        // The records end by themselves.
      }
    },
  };
}

interface Leavers {
  add(gone: Gone): void;
  /** Removes some. `false`: there was none. Rejects as the ground does, and nobody is forgotten then. */
  removeSome(): Promise<boolean>;
}

function createLeavers(store: SocketStore): Leavers {
  const leavers: Gone[] = [];
  return {
    add(gone) {
      if (leavers.length < MOST_GONE) leavers.push(gone);
    },
    async removeSome() {
      const some = leavers.splice(0, AT_ONCE);
      if (some.length === 0) return false;
      try {
        await store.remove(some);
      } catch (error) {
        leavers.push(...some.slice(0, MOST_GONE - leavers.length));
        throw error;
      }
      return true;
    },
  };
}

interface Plan {
  /** To be done in so many milliseconds, or sooner when that was planned. */
  in(ms: number): void;
  cancel(): void;
}

function createPlan(clock: Clock, run: () => void): Plan {
  let planned: { readonly atMs: number; readonly cancel: Cancel } | undefined;
  const cancel = (): void => {
    planned?.cancel();
    planned = undefined;
  };
  return {
    in(ms) {
      const atMs = clock.now() + ms;
      if (planned && planned.atMs <= atMs) return;
      cancel();
      const start = (): void => {
        planned = undefined;
        run();
      };
      planned = { atMs, cancel: clock.after(ms, start) };
    },
    cancel,
  };
}
