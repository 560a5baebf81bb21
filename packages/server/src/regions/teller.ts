import { isLiveError } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { RegionReaped, RegionStore } from "../ports/region-store.ts";
import { createBacklog } from "./backlog.ts";
import type { Backlog, Entry } from "./backlog.ts";

/** What a teller needs from its surroundings. */
export interface TellerParts {
  readonly store: RegionStore;
  /** Name of the node. */
  readonly node: string;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  /** Notes every socket that is somewhere, because nothing that was told counts any more. */
  readonly noteAll: () => void;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Tells the ground where the sockets of a node are, under its lease. */
export interface Teller {
  readonly backlog: Backlog;
  /** Name under which the ground knows this node now. */
  life(): string;
  /** Renews the lease, and begins another life when the ground does not know it any more. Rejects as the ground does. */
  renew(): Promise<void>;
  /** Writes in the background until nothing is left. When the ground is away, the first flush after a renewal goes on. */
  flush(): void;
  /** The ground did not answer. */
  fail(error: unknown): void;
  /** Goes on under another name. */
  beginAgain(): void;
  /**
   * The ground has lost data: goes on under another name and tells everything anew. A lease may have outlived the loss that moves under it
   * have not; it is given up.
   */
  restate(): void;
  /** Gives the lease up, when the last write has ended. */
  retire(): Promise<void>;
}

/** After a node was killed its sockets are left out when its lease has run out. */
const LEASE_MS = 2_000;

/** How many moves are on their way at a time. */
const WRITTEN_AT_ONCE = 64;

/** Makes the teller of one node; it does nothing by itself. */
export function createTeller(parts: TellerParts): Teller {
  const { store, signal, warn } = parts;
  const backlog = createBacklog();
  const reaper = createReaper(parts);
  let lives = 1;
  let begun = false;
  let away = false;
  let flushing: Promise<void> | undefined;

  const life = (): string => `${parts.node}.${lives}`;

  function beginAgain(): void {
    lives++;
    begun = false;
    backlog.forget();
    parts.noteAll();
  }

  async function renew(): Promise<void> {
    const node = life();
    const { kept, silent } = await store.renew({ node, leaseMs: LEASE_MS, begins: !begun });
    away = false;
    reaper.heard(silent);
    if (signal.aborted || node !== life()) return;
    if (kept) begun = true;
    else beginAgain();
  }

  async function writeSome(): Promise<void> {
    const node = life();
    async function write(entry: Entry): Promise<void> {
      const moved = await store.move(backlog.toMove(entry, node));
      // Another write may have found out before, and of an earlier life nothing needs to be known.
      if (node !== life()) return;
      if (moved === "ended") beginAgain();
      else backlog.done(entry);
    }
    const outcomes = await Promise.allSettled(backlog.some(WRITTEN_AT_ONCE).map(write));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
  }

  async function drain(): Promise<void> {
    while (!backlog.isEmpty() && !signal.aborted) {
      if (!begun) await renew();
      if (begun) await writeSome();
    }
  }

  function fail(error: unknown): void {
    const isKnown = away || signal.aborted || (isLiveError(error) && error.retryable);
    away = true;
    reaper.lost();
    if (!isKnown) warn("where sockets are could not be told to the ground", { error });
  }

  function flush(): void {
    if (flushing || away || signal.aborted) return;
    flushing = drain()
      .catch(fail)
      .finally(() => (flushing = undefined));
    parts.tasks.track(flushing);
  }

  return {
    backlog,
    life,
    renew,
    fail,
    beginAgain,
    restate() {
      const [before, wasBegun] = [life(), begun];
      beginAgain();
      // At the latest its lease runs out.
      if (wasBegun) parts.tasks.track(store.retire(before).catch(() => undefined));
      flush();
    },
    flush,
    async retire() {
      await flushing;
      if (begun) await store.retire(life()).catch(() => undefined);
    },
  };
}

/**
 * How long this node has to have heard from the ground without a break before it declares others dead. Where the ground was away from
 * everybody, they are all silent when it is back, and need a moment to say that they live.
 */
const HEARD_FOR_MS = 3_000;

/** Finishes off nodes that the ground says are silent. */
function createReaper({ store, clock, tasks }: Pick<TellerParts, "store" | "clock" | "tasks">) {
  let heardSinceMs: number | undefined;
  let reaping: Promise<void> | undefined;

  async function reap(node: string): Promise<void> {
    let reaped: RegionReaped = "left";
    while (reaped === "left") reaped = await store.reap(node);
  }

  return {
    /** The ground has answered, and named a silent node or none. */
    heard(node: string | undefined): void {
      heardSinceMs ??= clock.now();
      if (node === undefined || reaping || clock.now() - heardSinceMs < HEARD_FOR_MS) return;
      // Should the ground go away, whoever is named next tries again.
      reaping = reap(node)
        .catch(() => undefined)
        .finally(() => (reaping = undefined));
      tasks.track(reaping);
    },
    /** The ground did not answer. */
    lost(): void {
      heardSinceMs = undefined;
    },
  };
}
