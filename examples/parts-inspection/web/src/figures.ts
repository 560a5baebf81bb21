import type { NodesReport, PatternReport } from "@livecache/wire";

/** What all nodes said together at one moment. */
export interface Figures {
  readonly hits: number;
  readonly misses: number;
  readonly meanLoadMs: number;
  readonly sockets: number;
}

/** Adds the nodes up. */
export function figuresOf({ nodes }: NodesReport): Figures {
  const sum = (of: (node: NodesReport["nodes"][number]) => number): number =>
    nodes.reduce((total, node) => total + of(node), 0);
  const patterns = nodes.flatMap(({ cache }) => cache.patterns);
  const loads = patterns.reduce((total, one) => total + one.loads, 0);
  const loadMs = patterns.reduce((total, one) => total + one.loads * one.loadMsMean, 0);
  return {
    hits: sum(({ cache }) => cache.hits),
    misses: sum(({ cache }) => cache.misses),
    meanLoadMs: loads === 0 ? 0 : loadMs / loads,
    sockets: sum(({ live }) => live.connections),
  };
}

/** What was asked for under one pattern of keys, on all nodes. */
export interface PatternFigures {
  readonly pattern: string;
  readonly asked: number;
  readonly hits: number;
  readonly loads: number;
  readonly meanLoadMs: number;
}

/** The patterns of all nodes, the busiest first. */
export function patternFigures(nodes: NodesReport["nodes"]): PatternFigures[] {
  const byPattern = new Map<string, PatternReport[]>();
  for (const one of nodes.flatMap(({ cache }) => cache.patterns)) {
    byPattern.set(one.pattern, [...(byPattern.get(one.pattern) ?? []), one]);
  }
  return [...byPattern].map(([pattern, parts]) => add(pattern, parts)).sort((a, b) => b.asked - a.asked);
}

/** Answers that no load was needed for. */
const HITS = ["hit-near", "hit-far", "joined"];

function add(pattern: string, parts: readonly PatternReport[]): PatternFigures {
  const answers = parts.flatMap((part) => Object.entries(part.answers));
  const sum = (list: readonly (readonly [string, number])[]): number =>
    list.reduce((total, [, count]) => total + count, 0);
  const loads = parts.reduce((total, part) => total + part.loads, 0);
  const loadMs = parts.reduce((total, part) => total + part.loads * part.loadMsMean, 0);
  return {
    pattern,
    asked: sum(answers),
    hits: sum(answers.filter(([reason]) => HITS.includes(reason))),
    loads,
    meanLoadMs: loads === 0 ? 0 : loadMs / loads,
  };
}

/** The share of what was asked between each two samples that the cache answered; `undefined` where nothing was asked. */
export function sharesBetween(samples: readonly Figures[]): (number | undefined)[] {
  return samples.slice(1).map(({ hits, misses }, at) => {
    const before = samples[at]!;
    const asked = hits + misses - before.hits - before.misses;
    return asked > 0 ? (hits - before.hits) / asked : undefined;
  });
}
