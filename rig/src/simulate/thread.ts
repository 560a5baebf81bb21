import { parentPort, workerData } from "node:worker_threads";
import { keepFirst } from "./figures.ts";
import type { ThreadFigures } from "./figures.ts";
import { SITE_PLANTS } from "./plants.ts";
import { BATCH, playBatch } from "./run-batch.ts";
import type { BatchResult } from "./run-batch.ts";
import type { ThreadShare } from "./simulate-all.ts";
import type { Finding } from "./stage.ts";

const { ranges, plays, plant, stopAtFirst } = workerData as ThreadShare;
// Errors are made by the thousand, as refusals of the ground; a seed can be run again where their stacks are wanted.
Error.stackTraceLimit = 0;
const findings: Finding[] = [];
const counts: Record<string, number> = {};
let schedules = 0;

/** What nobody awaited belongs to whoever played last. */
process.on("unhandledRejection", (error) => {
  findings.push({ seed: -1, rule: "unhandled rejection", details: String(error) });
});

function add(result: BatchResult): void {
  schedules += result.schedules;
  findings.push(...result.findings);
  for (const [what, count] of result.counts) counts[what] = (counts[what] ?? 0) + count;
}

for (const { first, end } of ranges) {
  for (let seed = first; seed < end; seed = Math.floor(seed / BATCH + 1) * BATCH) {
    const until = Math.min(end, Math.floor(seed / BATCH + 1) * BATCH);
    add(await playBatch(seed, until, { plays, stopAtFirst, plant: plant && SITE_PLANTS[plant].plant }));
    if (stopAtFirst && findings.length > 0) break;
  }
  if (stopAtFirst && findings.length > 0) break;
}
const sent: ThreadFigures = { schedules, counts, found: findings.length, findings: keepFirst(findings) };
parentPort!.postMessage(sent);
