import { Router } from "express";
import { defineLimit } from "livecache";
import { limited } from "livecache/express";
import type { Comparison, Metrics } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";
import { medianOf } from "../meter.ts";
import { visitorOf } from "./guards.ts";

const READINGS = 25;
const comparisons = defineLimit({ name: "comparisons", limit: 12, window: "1m" });

/** How fast this node answers, from the cache and from the database. */
export function metricsRoutes({ live, meter, reader, readings }: AppParts): Router {
  const router = Router();

  router.get("/metrics", (_request, response) => {
    const ground = live.status().state;
    response.json({ node: live.node, ground, ...meter.figures() } satisfies Metrics);
  });

  // The same answer, made so often each way, one after the other as a page would ask.
  router.post("/metrics/comparison", limited(live, comparisons), async (request, response) => {
    const reading = readings.progress(visitorOf(request).userId);
    await reader.valueOf(reading);
    const databaseMs = await timesOf(reading.load);
    const cacheMs = await timesOf(() => reader.valueOf(reading));
    response.json({ readings: READINGS, cacheMs, databaseMs } satisfies Comparison);
  });

  return router;
}

/** The median of how long something takes, in milliseconds. */
async function timesOf(read: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < READINGS; index += 1) {
    const startedMs = performance.now();
    await read();
    times.push(performance.now() - startedMs);
  }
  return medianOf(times)!;
}
