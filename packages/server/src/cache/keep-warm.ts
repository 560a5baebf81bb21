import { randomInt } from "node:crypto";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import type { Cancel, Clock } from "../base/clock.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import type { Tasks } from "../base/tasks.ts";
import type { WarmOptions, WarmSummary, Warming } from "./warm.ts";
import type { WarmSource } from "./warm-feed.ts";
import type { WarmItem } from "./warm-item.ts";

/** What {@link KeepWarming.keepWarm} is told. */
export interface KeepWarmOptions extends Pick<WarmOptions, "concurrency" | "onProgress"> {
  /** Answers what to have in the cache. Asked anew for each run. */
  readonly items: () => WarmSource<WarmItem> | Promise<WarmSource<WarmItem>>;
  /** Whether to begin at once. Default: yes. */
  readonly atStart?: boolean;
  /** The pause between the end of a run and the next one, 1 s to 7 d. Default: no further run. */
  readonly every?: Duration;
  /** The share of the pause, 0 to 0.5, by which it is shortened at most, so that nodes drift apart. Default 0.1. */
  readonly jitter?: number;
  /** Told after each run. Without it, runs with failures are told to the logger. */
  readonly onDone?: (summary: WarmSummary) => void;
}

/** What was set up by {@link KeepWarming.keepWarm}. */
export interface KeptWarm {
  /** Begins a run now, or joins the one under way. Rejects as `warm` does, and with what `items` rejects. */
  run(): Promise<WarmSummary>;
  /** Ends the run under way and begins no more. Resolves when it has ended. `live.close()` does the same. */
  stop(): Promise<void>;
}

/** Fills the cache at the start of a node, and again and again. */
export interface KeepWarming {
  /**
   * Warms at once and then with pauses, until `stop()` or `live.close()`. Runs of one node never overlap. Each node runs for itself;
   * of several that warm the same keys, one loads each key and the others find it there. Runs by schedule wait while the ground
   * is away, because nothing would be kept.
   *
   * What is there already is left as it is: with `refreshAt` in an item, a run has it loaded anew in the background after that share
   * of its TTL, so that it never runs out.
   *
   * @throws LiveError `LIVE_OPTIONS_INVALID` saying which option, what was received and what was expected
   */
  keepWarm(options: KeepWarmOptions): KeptWarm;
}

/** What keeping warm needs from its surroundings. */
export interface KeepWarmParts {
  readonly warm: Warming["warm"];
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Aborted when the node closes. */
  readonly signal: AbortSignal;
  /** Resolves when the ground is here, at once if it is; never after the node has closed. */
  readonly whenHere: (signal: AbortSignal) => Promise<void>;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

const BOUNDS_MS = { least: 1_000, most: 7 * 86_400_000 };

/** Makes what keeps the cache of one node warm. */
export function createKeepWarming(parts: KeepWarmParts): KeepWarming {
  return { keepWarm: (options) => keepWarm(parts, readOptions(options)) };
}

type Settings = ReturnType<typeof readOptions>;

function keepWarm(parts: KeepWarmParts, settings: Settings): KeptWarm {
  const { clock, tasks } = parts;
  const stopping = new AbortController();
  let current: Promise<WarmSummary> | undefined;
  let cancel: Cancel = () => undefined;

  async function runOnce(): Promise<WarmSummary> {
    const { items, concurrency, onProgress } = settings;
    const { signal } = stopping;
    const summary = await parts.warm(await items(), { ...concurrency, ...onProgress, signal });
    tell(parts, settings, summary);
    return summary;
  }

  function run(): Promise<WarmSummary> {
    cancel();
    current ??= runOnce().finally(() => {
      current = undefined;
      if (settings.everyMs !== undefined) schedule(settings.everyMs);
    });
    tasks.track(current.catch(() => undefined));
    return current;
  }

  function schedule(everyMs: number): void {
    if (stopping.signal.aborted) return;
    const shorter = everyMs * settings.jitter * (randomInt(1_000_000) / 1_000_000);
    cancel = clock.after(everyMs - shorter, begin);
  }

  function begin(): void {
    tasks.track(parts.whenHere(stopping.signal).then(() => (stopping.signal.aborted ? undefined : run())));
  }

  function end(): void {
    cancel();
    stopping.abort();
  }
  parts.signal.addEventListener("abort", end, { once: true, signal: stopping.signal });
  if (settings.atStart) begin();
  else if (settings.everyMs !== undefined) schedule(settings.everyMs);

  return {
    run,
    async stop() {
      end();
      await current?.catch(() => undefined);
    },
  };
}

function tell({ warn }: KeepWarmParts, { onDone }: Settings, summary: WarmSummary): void {
  if (onDone) return onDone(summary);
  const { failed, done, failures } = summary;
  if (failed > 0) warn(`warming: ${failed} of ${done} items failed`, { first: failures[0] });
}

const FIELDS = ["items", "atStart", "every", "jitter", "concurrency", "onProgress", "onDone"];

function readOptions(options: KeepWarmOptions) {
  refuseUnknown("keepWarm", options, FIELDS);
  const { items, atStart = true, every, jitter = 0.1, concurrency, onProgress, onDone } = options;
  if (typeof items !== "function") throw invalidOption("keepWarm: items", "a function", items);
  if (typeof atStart !== "boolean") throw invalidOption("keepWarm: atStart", "true or false", atStart);
  if (onDone !== undefined && typeof onDone !== "function") {
    throw invalidOption("keepWarm: onDone", "a function", onDone);
  }
  if (typeof jitter !== "number" || !(jitter >= 0 && jitter <= 0.5)) {
    throw invalidOption("keepWarm: jitter", "a share from 0 to 0.5", jitter);
  }
  const everyMs = every === undefined ? undefined : durationMs("keepWarm: every", every);
  if (everyMs !== undefined && (everyMs < BOUNDS_MS.least || everyMs > BOUNDS_MS.most)) {
    throw invalidOption("keepWarm: every", "a duration from 1s to 7d", every);
  }
  return {
    items,
    atStart,
    everyMs,
    jitter,
    onDone,
    concurrency: concurrency === undefined ? {} : { concurrency },
    onProgress: onProgress === undefined ? {} : { onProgress },
  };
}
