import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { RaceFigures } from "./figures.ts";
import { sumFigures } from "./figures.ts";
import type { SimOptions } from "./sim-world.ts";

/** The seeds that one worker simulates. */
export interface SimShare {
  readonly firstSeed: number;
  readonly interleavings: number;
  readonly options: SimOptions;
}

/** Simulates seeded interleavings in memory, on every core of the machine. */
export async function raceInMemory(
  interleavings: number,
  firstSeed: number,
  options: SimOptions = {},
): Promise<RaceFigures> {
  const startedAt = performance.now();
  const workers = Math.min(availableParallelism(), interleavings);
  const shares = Array.from({ length: workers }, (_, index): SimShare => {
    const from = Math.floor((interleavings * index) / workers);
    const to = Math.floor((interleavings * (index + 1)) / workers);
    return { firstSeed: firstSeed + from, interleavings: to - from, options };
  });
  const figures = await Promise.all(shares.map(runWorker));
  return { ...sumFigures(figures), seconds: Math.round((performance.now() - startedAt) / 100) / 10 };
}

function runWorker(share: SimShare): Promise<RaceFigures> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./sim-worker.js", import.meta.url), { workerData: share });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a worker ended with code ${code} before it answered`)));
  });
}
