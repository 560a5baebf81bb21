import type { SeededRandom } from "../random.ts";

/** Everything that touches freshness and can be part of an interleaving. */
export const FEATURES = [
  /** Changes that only make stale. */
  "soft",
  /** Readers who are answered past the TTL while it is loaded anew. */
  "swr",
  /** Readers who are answered past the TTL when the load fails, and loads that fail. */
  "grace",
  /** Readers who wait for a load only so long. */
  "timeouts",
  /** Values loaded anew ahead of the end of their TTL. */
  "refresh",
  "jitter",
  /** TTLs that end within the interleaving. */
  "short-ttl",
  /** Readers who want what is true as of the read. */
  "fresh",
  /** What a value depends on is found out by its load, and is another thing the next time. */
  "late-tags",
  /** Loads whose value may not be stored, or not even be shared. */
  "skip-store",
  "set",
  "delete",
  "pattern",
  /** Loads that read a lagging replica, and changes that are said twice for that. */
  "again",
  /** Node memories that hold two entries. */
  "tiny-near",
  /** Nodes that forget which tags moved. */
  "tiny-board",
  "three-nodes",
  /** Calls that are lost before or after they took effect. */
  "loss",
  /** Nodes that hear nothing of the log for a while. */
  "cut",
  /** Nodes whose log starts again after that, with a hole. */
  "restart",
  /** The ground away for a node, and back. */
  "away",
  /** A ground that forgets tags. */
  "evict-tags",
  /** A ground that forgets entries. */
  "evict-entries",
  /** A ground that starts another epoch. */
  "epoch",
] as const;
export type Feature = (typeof FEATURES)[number];

/** Out of 10,000 seeds, how many have a feature that slows an interleaving down a hundredfold, or hides the others. */
const RARE: Partial<Record<Feature, number>> = {
  "tiny-board": 2,
  loss: 1_500,
  away: 1_200,
  epoch: 1_200,
  again: 1_200,
};

/** The combination of features of one interleaving: about a third of all, the costly ones seldom. */
export function drawFeatures(random: SeededRandom): ReadonlySet<Feature> {
  return new Set(FEATURES.filter((feature) => random.integer(10_000) < (RARE[feature] ?? 3_000)));
}

/** Reads `"soft,swr"`; `"all"` is `undefined`: drawn for each seed. Throws an error naming what it does not know. */
export function parseFeatures(text: string): readonly Feature[] | undefined {
  if (text === "all") return undefined;
  const names = text === "" ? [] : text.split(",");
  return names.map((name) => {
    const known = FEATURES.find((feature) => feature === name);
    if (!known)
      throw new Error(`no feature ${JSON.stringify(name)}; there are ${FEATURES.join(", ")}, or all`);
    return known;
  });
}
