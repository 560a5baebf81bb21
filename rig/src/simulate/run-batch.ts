import { openSite } from "./site.ts";
import type { SitePlant } from "./site.ts";
import { judgeDue, playSchedule } from "./schedule.ts";
import type { Pending, PlayName, ScheduleParts } from "./schedule.ts";
import type { Finding } from "./stage.ts";

/** Schedules that are played on one site, one after the other: opening one costs as much as playing forty. */
export const BATCH = 400;

/** What a batch came to. */
export interface BatchResult {
  readonly schedules: number;
  readonly findings: readonly Finding[];
  readonly counts: ReadonlyMap<string, number>;
}

/** How a batch is played. */
export interface BatchOptions {
  readonly plays?: readonly PlayName[] | undefined;
  readonly plant?: SitePlant | undefined;
  /** Ends with the first schedule in which something was found. */
  readonly stopAtFirst?: boolean | undefined;
  /** Traces the schedule with this seed. */
  readonly traced?: { readonly seed: number; readonly write: (line: string) => void } | undefined;
}

/** The seed that the site of a schedule begins with. */
export function batchOf(seed: number): number {
  return Math.floor(seed / BATCH) * BATCH;
}

/** Plays the schedules `first` up to, not including, `end`, which are of one batch; those of the batch before them are played, too. */
export async function playBatch(
  first: number,
  end: number,
  options: BatchOptions = {},
): Promise<BatchResult> {
  const begin = batchOf(first);
  const site = await openSite({ seed: begin, plant: options.plant });
  const pending: Pending[] = [];
  const counts = new Map<string, number>();
  const findings: Finding[] = [];
  const parts: ScheduleParts = { site, counts, pending, plays: options.plays };
  let schedules = 0;
  for (let seed = begin; seed < end; seed++) {
    if (options.stopAtFirst && findings.length > 0) break;
    schedules++;
    const isTraced = seed === options.traced?.seed;
    if (isTraced) site.setTrace(options.traced!.write);
    for (const found of await playSchedule(seed, parts)) findings.push(found);
    if (isTraced) site.setTrace(undefined);
  }
  const last = pending.at(-1);
  if (last) await site.pass(Math.max(0, last.atMs - site.clock.now()) + 1);
  await judgeDue(parts, findings);
  await site.close();
  return {
    schedules: Math.max(0, schedules - (first - begin)),
    findings: findings.filter(({ seed }) => seed >= first),
    counts,
  };
}
