import type { Finding } from "./finding.ts";

/** Who is in a channel, and who a node says is there, after nothing has happened for a while. */
export interface PresenceSample {
  readonly atMs: number;
  readonly node: string;
  readonly channel: string;
  readonly live: readonly string[];
  readonly shown: readonly string[];
}

/** Finds ghosts, and users who are there and not shown. Pure. */
export function checkPresence(samples: readonly PresenceSample[]): readonly Finding[] {
  return samples.flatMap(({ atMs, node, channel, live, shown }) => {
    const ghosts = without(shown, live).map((user) => `shows ${user}, who is not there`);
    const missing = without(live, shown).map((user) => `does not show ${user}, who is there`);
    return [...ghosts, ...missing].map((what): Finding => {
      return { checker: "presence", atMs, text: `${node} in ${channel}: ${what}` };
    });
  });
}

function without(all: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return [...new Set(all)].filter((one) => !known.has(one)).sort();
}
