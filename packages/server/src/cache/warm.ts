import { LiveError } from "@livecache/wire";
import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import type { Clock } from "../base/clock.ts";
import type { Cache } from "./cache.ts";
import { openFeed } from "./warm-feed.ts";
import type { WarmSource } from "./warm-feed.ts";
import { endOf } from "./warm-item.ts";
import type { Ending, WarmItem } from "./warm-item.ts";

/** How the items so far have ended; together they are `done`. */
export interface WarmCounts {
  readonly done: number;
  /** Loaded by this call, and stored. */
  readonly loaded: number;
  /** Valid already, or loaded by somebody else meanwhile. */
  readonly alreadyThere: number;
  /** Loaded, but not kept: the loader said so, or the ground is away. */
  readonly notStored: number;
  readonly failed: number;
}

/** Told after each item. */
export interface WarmProgress extends WarmCounts {
  /** How many items there are: known for lists, sets and maps only. */
  readonly total: number | undefined;
  /** The item that has just ended (of a page, its path), and how long it took. */
  readonly key: string;
  readonly ms: number;
  /** What it failed with, if it did. */
  readonly error?: unknown;
}

/** How a warming ended. */
export interface WarmSummary extends WarmCounts {
  /** It was ended by its signal or by `close()` before all was done. */
  readonly aborted: boolean;
  readonly ms: number;
  /** The first 100 that failed. */
  readonly failures: readonly { readonly key: string; readonly error: unknown }[];
}

/** Options of {@link Warming.warm}. */
export interface WarmOptions {
  /** How many items are in work at a time, 1 to 64. Default 4: an origin has other things to do. */
  readonly concurrency?: number;
  /** Told after each item, in the order in which they end. What it throws ends the warming. */
  readonly onProgress?: (progress: WarmProgress) => void;
  /** Ends the warming: no further item is begun, and the summary says `aborted`. */
  readonly signal?: AbortSignal;
}

/** Fills the cache before anybody asks. */
export interface Warming {
  /**
   * Does for each item what `getOrSet` does: what is there already stays, and what is not is loaded once, however many nodes warm
   * the same keys at the same time. An item with a `url` is a page to GET instead. An async iterable is asked for no more rows than are in work.
   *
   * An item that fails is counted and told, and the others go on. Rejects when the source of the items, `toItem` or `onProgress`
   * throws, with `LIVE_OPTIONS_INVALID` or `LIVE_INPUT_INVALID` for wrong arguments, and with `LIVE_CLOSED`. While the ground is
   * away everything is loaded and nothing kept, and the summary says so: `notStored`.
   */
  warm(items: WarmSource<WarmItem>, options?: WarmOptions): Promise<WarmSummary>;
  /** The same for rows of any kind, each of which `toItem` turns into an item. */
  warm<Row>(
    rows: WarmSource<Row>,
    toItem: (row: Row) => WarmItem,
    options?: WarmOptions,
  ): Promise<WarmSummary>;
}

/** What warming needs from its surroundings. */
export interface WarmParts {
  readonly resolve: Cache["resolve"];
  readonly clock: Clock;
  /** Aborted when the node closes. */
  readonly signal: AbortSignal;
}

/** One warming as it is asked for, checked. */
interface Order {
  readonly rows: WarmSource<unknown>;
  readonly toItem: (row: unknown) => WarmItem;
  readonly concurrency: number;
  readonly onProgress: WarmOptions["onProgress"];
  readonly signal: AbortSignal | undefined;
}

/** Largest number of items in work at a time. */
const MAX_CONCURRENCY = 64;

/** How many failures a summary keeps. */
const MAX_FAILURES = 100;

/** So many items may end before others have their turn: hits in memory alone would hold the process. */
const ITEMS_PER_TURN = 64;

/** Makes the warming of one node. */
export function createWarming(parts: WarmParts): Warming {
  return {
    async warm<Row>(
      rows: WarmSource<Row>,
      second?: WarmOptions | ((row: Row) => WarmItem),
      third?: WarmOptions,
    ) {
      const toItem = typeof second === "function" ? second : (row: Row) => row as WarmItem;
      const options = (typeof second === "function" ? third : second) ?? {};
      if (parts.signal.aborted) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
      return run(parts, { rows, toItem: toItem as Order["toItem"], ...readOptions(options) });
    },
  };
}

function readOptions(options: WarmOptions): Pick<Order, "concurrency" | "onProgress" | "signal"> {
  refuseUnknown("warm", options, ["concurrency", "onProgress", "signal"]);
  const { concurrency = 4, onProgress, signal } = options;
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw invalidOption("warm: onProgress", "a function", onProgress);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidOption("warm: signal", "an AbortSignal", signal);
  }
  return {
    concurrency: wholeNumber("warm: concurrency", concurrency, [1, MAX_CONCURRENCY]),
    onProgress,
    signal,
  };
}

async function run(parts: WarmParts, order: Order): Promise<WarmSummary> {
  const { clock } = parts;
  const feed = openFeed(order.rows);
  const tally = createTally();
  const startedAtMs = clock.now();
  const stopping = whenAborted([parts.signal, order.signal]);
  const state = { isOver: false };

  async function warmOne(row: unknown): Promise<void> {
    const askedAtMs = clock.now();
    const { key, ending } = await endOf({ ...parts, signal: order.signal }, order.toItem(row));
    if (state.isOver) return;
    tally.count(key, ending);
    const error = ending.outcome === "failed" ? { error: ending.error } : {};
    order.onProgress?.({ ...tally.counts(), total: feed.total, key, ms: clock.now() - askedAtMs, ...error });
  }

  async function work(): Promise<void> {
    for (let taken = 1; !state.isOver; taken++) {
      const next = await feed.take();
      if (next.done || state.isOver) return;
      await warmOne(next.value);
      if (taken % ITEMS_PER_TURN === 0) await otherTurn();
    }
  }

  let ended: "done" | "aborted";
  try {
    if (order.signal?.aborted) ended = "aborted";
    else {
      const all = Promise.all(Array.from({ length: order.concurrency }, work)).then(() => "done" as const);
      ended = await Promise.race([all, stopping.aborted]);
    }
  } finally {
    state.isOver = true;
    stopping.release();
    feed.close();
  }
  const ms = clock.now() - startedAtMs;
  return { ...tally.counts(), aborted: ended === "aborted", ms, failures: tally.failures };
}

function createTally() {
  const counts = { done: 0, loaded: 0, alreadyThere: 0, notStored: 0, failed: 0 };
  const failures: { readonly key: string; readonly error: unknown }[] = [];
  return {
    failures,
    counts: (): WarmCounts => ({ ...counts }),
    count(key: string, ending: Ending): void {
      counts.done++;
      counts[ending.outcome]++;
      if (ending.outcome === "failed" && failures.length < MAX_FAILURES) {
        failures.push({ key, error: ending.error });
      }
    },
  };
}

/** Resolves when one of the signals is aborted; `release` lets go of them. */
function whenAborted(signals: readonly (AbortSignal | undefined)[]) {
  const letGo = new AbortController();
  const aborted = new Promise<"aborted">((resolve) => {
    for (const signal of signals) {
      signal?.addEventListener("abort", () => resolve("aborted"), { once: true, signal: letGo.signal });
    }
  });
  return { aborted, release: () => letGo.abort() };
}

function otherTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
