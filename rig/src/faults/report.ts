import type { Finding } from "../checkers/finding.ts";
import type { LatencyFigures } from "../checkers/latency.ts";
import type { FaultFigures } from "./judge-run.ts";

/** How many findings of each checker are shown. */
const MOST_SHOWN = 5;

/** One page on a run, for people. */
export function report(figures: FaultFigures): string {
  const { seed, nodes, seconds, faults, baseline, during, events, switching, counts, findings } = figures;
  const struck = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const requests = baseline.count + Object.values(during).reduce((sum, { count }) => sum + count, 0);
  const { delivered, lost, duplicated, reordered, unconverged, resumed, resynced } = events;
  return [
    `seed ${seed}: ${seconds} s, ${nodes} nodes, ${struck} faults of ${Object.keys(faults).length} kinds, ${requests} requests timed`,
    ...(figures.starved > 0
      ? [
          `others kept the processor for ${Math.round(figures.starved * 100)} % of the time; nothing is timed then`,
        ]
      : []),
    `events: ${delivered} delivered, ${lost} lost, ${duplicated} twice, ${reordered} out of order, ${unconverged} unconverged; clients came back ${resumed + resynced} times, ${resynced} had to reload`,
    `nodes noticed outages within ${switching.over} ms, and their ends within ${switching.back} ms (${switching.measured} measured); at most ${figures.rssMiB} MiB`,
    "",
    row(["", "faults", "requests", "p50", "p99", "max"]),
    timesRow("none", 0, baseline),
    ...Object.entries(during)
      .sort(([, a], [, b]) => b.max - a.max)
      .map(([name, times]) => timesRow(name, faults[name] ?? 0, times)),
    "",
    ...Object.entries(counts)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, count]) => `${name}: ${count}`),
    "",
    ...figures.warnings.map((warning) => `warned: ${warning}`),
    findings.length === 0 ? "nothing was found" : `FOUND ${findings.length}; histories: ${figures.histories}`,
    ...shown(findings),
  ].join("\n");
}

function row(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) => (index === 0 ? String(cell).padEnd(18) : String(cell).padStart(9)))
    .join("");
}

function timesRow(name: string, faults: number, { count, p50, p99, max }: LatencyFigures): string {
  return row([name, faults, count, p50, p99, max]);
}

function shown(findings: readonly Finding[]): readonly string[] {
  const byChecker = new Map<string, Finding[]>();
  for (const finding of findings) {
    byChecker.set(finding.checker, [...(byChecker.get(finding.checker) ?? []), finding]);
  }
  return [...byChecker].flatMap(([checker, all]) => [
    `${checker}: ${all.length}`,
    ...all.slice(0, MOST_SHOWN).map(({ atMs, text }) => `  at ${Math.round(atMs)}: ${text}`),
  ]);
}
