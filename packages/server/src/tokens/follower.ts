import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { ALL_SHARDS } from "../base/revocation-shards.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Revocation, RevocationStore } from "../ports/revocation-store.ts";
import { createReconciler } from "./reconcile.ts";
import type { RevokedSet } from "./revoked-set.ts";

/** What following needs from its surroundings. */
export interface FollowerParts {
  readonly node: string;
  readonly store: RevocationStore;
  readonly set: RevokedSet;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly onLearned: (revoked: readonly Revocation[]) => void;
  /** The ground holds everything that this node knew when it was asked, at `askedAtMs` of the injected clock. */
  readonly onEqual: (askedAtMs: number) => void;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Keeps one node's set equal to the ground's, and knows since when it is. */
export interface Follower {
  /** Records may have been missed: nothing is fresh until the set has been read anew. */
  reset(): void;
  /** Everything that the log held at `askedAtMs` was applied. */
  heard(askedAtMs: number): void;
  /** Compares at once. */
  wake(): void;
  /** When this node last knew everything, on the injected clock; minus infinity for never. */
  freshAtMs(): number;
}

/** How often the ground is asked whether its set is whole, although nothing seems to have happened: less than it takes a loss to settle. */
const LOOK_EVERY_MS = 2_000;

/** How often both sets are compared all the same, which also sweeps what has expired. */
const COMPARE_EVERY_MS = 30_000;

/** The pause while the ground's set is not whole yet, or does not answer. */
const RETRY_MS = 250;

/** Makes a follower. It works in the background until its signal is aborted. */
export function createFollower(parts: FollowerParts): Follower {
  const { set, clock, signal, warn } = parts;
  const { reconcile } = createReconciler(parts);
  let freshAtMs = Number.NEGATIVE_INFINITY;
  /** Whether everything before the records that are being told is known. */
  let isWhole = false;
  let comparedAtMs = Number.NEGATIVE_INFINITY;
  let generation = 0;
  let waking = new AbortController();

  /** One comparison. Answers how long to pause. */
  async function compare(): Promise<number> {
    const began = generation;
    const askedAtMs = clock.now();
    const { isSettled, serverMs, restored } = await reconcile();
    if (restored > 0) warn("the ground had lost revocations, and has them again", { restored });
    for (let shard = 0; shard < ALL_SHARDS; shard++) set.sweep(shard, serverMs);
    parts.onEqual(askedAtMs);
    if (began !== generation) return 0;
    isWhole = isSettled;
    if (!isSettled) return RETRY_MS;
    freshAtMs = Math.max(freshAtMs, askedAtMs);
    comparedAtMs = askedAtMs;
    return LOOK_EVERY_MS;
  }

  /** Compares when it is time, or when a glance shows that it is needed. Answers how long to pause. */
  async function look(): Promise<number> {
    const isDue = !isWhole || clock.now() - comparedAtMs >= COMPARE_EVERY_MS;
    if (isDue || !(await parts.store.isSettled())) return compare();
    return LOOK_EVERY_MS;
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const woken = waking.signal;
      const pauseMs = await look().catch(() => RETRY_MS);
      await sleep(clock, pauseMs, woken);
    }
  }

  function wake(): void {
    waking.abort();
    waking = new AbortController();
  }

  signal.addEventListener("abort", wake, { once: true });
  parts.tasks.track(run());
  return {
    reset() {
      generation++;
      isWhole = false;
      wake();
    },
    heard(askedAtMs) {
      if (isWhole) freshAtMs = Math.max(freshAtMs, askedAtMs);
    },
    wake() {
      comparedAtMs = Number.NEGATIVE_INFINITY;
      wake();
    },
    freshAtMs: () => freshAtMs,
  };
}
