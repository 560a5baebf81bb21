import { formatPosition } from "@livecache/wire";
import type {
  CacheReport,
  GroundReport,
  LiveReport,
  NodeReport,
  PatternReport,
  Position,
} from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Ground } from "../ports/ground.ts";

/** What a report is made of. */
export interface NodeReportParts {
  readonly node: string;
  readonly ground: Pick<Ground, "kind" | "status" | "advice">;
  readonly clock: Clock;
  /** The ground's date. */
  readonly date: () => number;
  readonly applied: () => Position | undefined;
  readonly hasPending: () => boolean;
  readonly cache: () => CacheReport;
  readonly live: () => LiveReport;
}

/** Most patterns and channels that a report names. */
export const MOST_NAMED = 100;

/** Makes the report of one node; each call looks anew. */
export function createNodeReport(parts: NodeReportParts): () => NodeReport {
  const startedAtMs = parts.clock.now();
  return () => {
    const { rss, heapUsed } = process.memoryUsage();
    const applied = parts.applied();
    const cache = parts.cache();
    return {
      node: parts.node,
      pid: process.pid,
      startedAtMs: Math.round(parts.date() - (parts.clock.now() - startedAtMs)),
      nodeVersion: process.version,
      memory: { rssBytes: rss, heapUsedBytes: heapUsed },
      ground: groundReport(parts),
      ...(applied && { applied: formatPosition(applied) }),
      hasPending: parts.hasPending(),
      cache: { ...cache, patterns: busiest(cache.patterns) },
      live: parts.live(),
    };
  };
}

/** How a node sees its ground. */
export function groundReport({ ground, clock }: Pick<NodeReportParts, "ground" | "clock">): GroundReport {
  const status = ground.status();
  return {
    kind: ground.kind,
    state: status.state,
    forMs: Math.round(clock.now() - status.sinceMs),
    ...(status.state === "away" && { cause: status.cause }),
    advice: ground.advice(),
  };
}

function busiest(patterns: readonly PatternReport[]): readonly PatternReport[] {
  const asked = ({ answers }: PatternReport): number =>
    Object.values(answers).reduce((sum, count) => sum + count, 0);
  return patterns.toSorted((a, b) => asked(b) - asked(a)).slice(0, MOST_NAMED);
}
