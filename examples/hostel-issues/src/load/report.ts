import { totalErrors } from "./tally.ts";
import type { Tally } from "./tally.ts";

/** How a run ended: the last line of its output, as JSON. */
export interface Result {
  readonly seconds: number;
  readonly requests: number;
  readonly writes: number;
  /** Share of cached reads that were answered from a cache, 0 to 1. */
  readonly hitRate: number;
  readonly originLoads: number;
  readonly eventsDelivered: number;
  readonly screens: number;
  /** Screens that show what the server holds at the end. */
  readonly screensConverged: number;
  /** Longest time from the answer to a write until a screen showed it, and the median. */
  readonly worstStalenessMs: number;
  readonly medianStalenessMs: number;
  readonly staleReads: number;
  readonly errors: number;
}

/** Adds up a run. */
export function toResult(
  tally: Tally,
  run: Pick<Result, "seconds" | "screens" | "screensConverged">,
): Result {
  const stalenesses = tally.stalenessesMs.toSorted((a, b) => a - b);
  const reads = tally.hits + tally.originLoads;
  return {
    seconds: Math.round(run.seconds * 10) / 10,
    requests: tally.requests,
    writes: tally.writes,
    hitRate: reads === 0 ? 0 : Math.round((tally.hits / reads) * 1_000) / 1_000,
    originLoads: tally.originLoads,
    eventsDelivered: tally.eventsDelivered,
    screens: run.screens,
    screensConverged: run.screensConverged,
    worstStalenessMs: Math.round(stalenesses.at(-1) ?? 0),
    medianStalenessMs: Math.round(stalenesses[stalenesses.length >> 1] ?? 0),
    staleReads: tally.staleReads,
    errors: totalErrors(tally),
  };
}

/** The same for people. */
export function toTable(result: Result, tally: Tally): string {
  const rows: [string, string][] = [
    ["A day of hostel life in", `${result.seconds} s`],
    ["Requests", `${result.requests}, of which ${result.writes} writes`],
    ["Reads answered from a cache", `${(result.hitRate * 100).toFixed(1)} %`],
    ["Loads from the database", `${result.originLoads}`],
    ["Events delivered to sockets", `${result.eventsDelivered}`],
    ["Screens that show the final state", `${result.screensConverged} of ${result.screens}`],
    [
      "Staleness of a screen",
      `${result.medianStalenessMs} ms median, ${result.worstStalenessMs} ms at worst`,
    ],
    ["Reads older than their fence", `${result.staleReads}`],
    ["Errors", `${result.errors}`],
    ...[...tally.errors].map(([what, count]): [string, string] => [`  ${what}`, `${count}`]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join("\n");
}
