import type { Finding } from "./stage.ts";

/** What a simulation came to. */
export interface SimulationFigures {
  readonly schedules: number;
  readonly found: number;
  /** The first few. */
  readonly findings: readonly Finding[];
  /** What happened, and how often: a simulation that meets nothing proves nothing. */
  readonly counts: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** By each thread. */
  readonly perSecond: number;
}

const MOST_FINDINGS_KEPT = 20;

/** What one thread found. */
export type ThreadFigures = Pick<SimulationFigures, "schedules" | "found" | "findings" | "counts">;

/** Adds up what several threads found, who worked for `seconds` beside each other. */
export function sumFigures(parts: readonly ThreadFigures[], seconds: number): SimulationFigures {
  const counts: Record<string, number> = {};
  for (const part of parts) {
    for (const [what, count] of Object.entries(part.counts)) counts[what] = (counts[what] ?? 0) + count;
  }
  const schedules = parts.reduce((sum, part) => sum + part.schedules, 0);
  return {
    schedules,
    found: parts.reduce((sum, part) => sum + part.found, 0),
    findings: parts.flatMap(({ findings }) => findings).slice(0, MOST_FINDINGS_KEPT),
    counts: Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))),
    seconds: Math.round(seconds * 10) / 10,
    perSecond: Math.round(schedules / seconds / parts.length),
  };
}

/** What a thread sends home of its findings. */
export function keepFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.slice(0, MOST_FINDINGS_KEPT);
}
