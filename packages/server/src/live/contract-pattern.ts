import { matchChannel } from "@livecache/wire";
import type { Contract } from "@livecache/wire";

/** A channel's name, read against the contract. */
export interface FoundPattern {
  readonly pattern: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the pattern of a channel's name; `undefined` when no channel of the contract has such a name. */
export type PatternFinder = (channel: string) => FoundPattern | undefined;

/**
 * Makes the finder of a contract. Where a name fits several patterns, the one with a fixed word in the leftmost place where they
 * differ is meant: `hostel/all` before `hostel/:hostelId`. So a name always has one pattern, and one rule of who may join.
 */
export function createPatternFinder(contract: Contract): PatternFinder {
  const patterns = Object.keys(contract.channels).sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return (channel) => {
    for (const pattern of patterns) {
      const params = matchChannel(pattern, channel);
      if (params) return { pattern, params };
    }
    return undefined;
  };
}

/** One digit per segment, 0 for a fixed word and 1 for a parameter. */
function rank(pattern: string): string {
  return pattern
    .split("/")
    .map((segment) => (segment.startsWith(":") ? "1" : "0"))
    .join("");
}
