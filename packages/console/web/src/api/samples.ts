import type { NodesReport } from "@livecache/wire";

/** What all nodes had counted at a time. */
export interface Sample {
  readonly atMs: number;
  /** By the name of the node: one that has just started, or does not answer, is not compared with itself. */
  readonly nodes: Readonly<Record<string, Counts>>;
}

interface Counts {
  readonly hits: number;
  readonly misses: number;
  readonly stale: number;
  readonly errors: number;
  readonly connections: number;
  readonly entries: number;
}

/** A figure at a time. */
export interface SamplePoint {
  readonly atMs: number;
  readonly value: number;
}

export function sampleOf({ nodes }: NodesReport, atMs: number): Sample {
  const counts = nodes.map(({ node, cache, live }): readonly [string, Counts] => {
    const { hits, misses, stale, errors, near } = cache;
    return [node, { hits, misses, stale, errors, connections: live.connections, entries: near.entries }];
  });
  return { atMs, nodes: Object.fromEntries(counts) };
}

/** What there was of something at each time, over all nodes. */
export function levelOf(samples: readonly Sample[], name: "connections" | "entries"): readonly SamplePoint[] {
  return samples.map(({ atMs, nodes }) => ({
    atMs,
    value: Object.values(nodes).reduce((sum, counts) => sum + counts[name], 0),
  }));
}

/** How much of it came to be between samples, over all nodes that stand in both. */
function growth(before: Sample, after: Sample, names: readonly (keyof Counts)[]): number {
  let sum = 0;
  for (const [node, counts] of Object.entries(after.nodes)) {
    const earlier = before.nodes[node];
    for (const name of names) if (earlier) sum += counts[name] - earlier[name];
  }
  return sum;
}

/** How often something happened in a second, over all nodes. */
export function rateOf(samples: readonly Sample[], names: readonly (keyof Counts)[]): readonly SamplePoint[] {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index]!;
    const seconds = Math.max(0.001, (sample.atMs - before.atMs) / 1_000);
    return { atMs: sample.atMs, value: growth(before, sample, names) / seconds };
  });
}

/** Which share of answers needed no load, where there were any. */
export function hitShareOf(samples: readonly Sample[]): readonly SamplePoint[] {
  return samples.slice(1).flatMap((sample, index) => {
    const before = samples[index]!;
    const hits = growth(before, sample, ["hits"]);
    const all = hits + growth(before, sample, ["misses"]);
    return all > 0 ? [{ atMs: sample.atMs, value: hits / all }] : [];
  });
}
