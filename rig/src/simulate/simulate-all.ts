import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { sumFigures } from "./figures.ts";
import type { SimulationFigures, ThreadFigures } from "./figures.ts";
import type { SitePlantName } from "./plants.ts";
import { batchOf, BATCH } from "./run-batch.ts";
import type { PlayName } from "./schedule.ts";

/** What is to be simulated. */
export interface SimulationOptions {
  /** Default: drawn from the seeds. */
  readonly plays?: readonly PlayName[] | undefined;
  readonly plant?: SitePlantName | undefined;
  /** Default: as many as the machine has cores. */
  readonly threads?: number | undefined;
  /** Ends a thread with the first batch in which it found something. */
  readonly stopAtFirst?: boolean | undefined;
}

/** The seeds of one thread. */
export interface ThreadShare extends Omit<SimulationOptions, "threads"> {
  readonly ranges: readonly { readonly first: number; readonly end: number }[];
}

/** Plays schedules with the seeds from `firstSeed` on, on all cores. Equal seeds make equal schedules, however many threads there are. */
export async function simulateAll(
  schedules: number,
  firstSeed: number,
  { threads = availableParallelism(), ...options }: SimulationOptions = {},
): Promise<SimulationFigures> {
  const startedAt = performance.now();
  const end = firstSeed + schedules;
  const batches: { first: number; end: number }[] = [];
  for (let from = batchOf(firstSeed); from < end; from += BATCH) {
    batches.push({ first: Math.max(from, firstSeed), end: Math.min(from + BATCH, end) });
  }
  const count = Math.min(threads, batches.length);
  const shares = Array.from({ length: count }, (_, thread): ThreadShare => {
    return { ...options, ranges: batches.filter((_batch, index) => index % count === thread) };
  });
  const parts = await Promise.all(shares.map(runThread));
  return sumFigures(parts, (performance.now() - startedAt) / 1_000);
}

function runThread(share: ThreadShare): Promise<ThreadFigures> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./thread.js", import.meta.url), { workerData: share });
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", (code) => reject(new Error(`a thread ended with code ${code} before it answered`)));
  });
}
