import type { NodeReport } from "@livecache/wire";
import { lasting } from "../terminal/words.ts";
import { passed } from "./finding.ts";
import type { CheckCode, Finding } from "./finding.ts";

/** What nodes say of their ground. Pure. */
export function checkGrounds(nodes: readonly NodeReport[]): readonly Finding[] {
  const away = nodes.filter(({ ground }) => ground.state === "away");
  const advice = new Map(nodes.flatMap(({ ground }) => ground.advice.map((one) => [one.code, one] as const)));
  return [
    away.length === 0
      ? passed("ground-away")
      : {
          code: "ground-away",
          level: "problem",
          what: away
            .map(({ node, ground }) => `${node}: ${ground.cause ?? "away"}, for ${lasting(ground.forMs)}`)
            .join("; "),
          why: "nodes go on with what they have; changes wait, nobody new can sign in",
          fix: "livecache doctor --redis-url <url> looks at Redis itself",
        },
    ...[...advice.values()].map(adviceFinding),
  ];
}

/** Advice of a ground as a finding. */
export function adviceFinding(advice: {
  readonly code: string;
  readonly isWarning: boolean;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}): Finding {
  const { code, isWarning, what, why, fix } = advice;
  return {
    code: `redis-${code}` as CheckCode,
    level: isWarning ? "warning" : "note",
    what: `Redis: ${what}`,
    why,
    fix,
  };
}
