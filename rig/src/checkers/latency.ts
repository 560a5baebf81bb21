import type { Finding } from "./finding.ts";

/** How long one request took. */
export interface Latency {
  readonly what: string;
  readonly atMs: number;
  readonly tookMs: number;
}

/** Milliseconds, of some requests. */
export interface LatencyFigures {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Works out figures. */
export function latencyFigures(latencies: readonly Latency[]): LatencyFigures {
  const sorted = Float64Array.from(latencies, ({ tookMs }) => tookMs).sort();
  const at = (share: number): number =>
    Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** How much longer the slowest of a hundred may take in a fault than without one, and the longest that anything may take. */
export interface LatencyGoal {
  readonly p99Over: number;
  readonly max: number;
}

/** Finds requests that took longer than the goal, and faults in which too many were slow. Pure. */
export function checkLatency(
  baseline: readonly Latency[],
  faults: Readonly<Record<string, readonly Latency[]>>,
  goal: LatencyGoal,
): readonly Finding[] {
  const allowed = latencyFigures(baseline).p99 + goal.p99Over;
  return Object.entries(faults).flatMap(([kind, latencies]) => {
    const found: Finding[] = latencies
      .filter(({ tookMs }) => tookMs > goal.max)
      .map(({ what, atMs, tookMs }) => {
        return { checker: "deadlines", atMs, text: `${what} took ${Math.round(tookMs)} ms during ${kind}` };
      });
    const { p99, count } = latencyFigures(latencies);
    if (count >= 100 && p99 > allowed) {
      const text = `p99 ${p99} ms during ${kind}, at most ${Math.round(allowed)} may be`;
      found.push({ checker: "deadlines", atMs: latencies[0]!.atMs, text });
    }
    return found;
  });
}
