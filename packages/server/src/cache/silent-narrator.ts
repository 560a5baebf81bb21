import { REASONS } from "../base/reasons.ts";
import type { Narrator, PatternCounters } from "./narration.ts";

/** Counts everything under one pattern, and remembers nothing. */
export function createSilentNarrator(): Narrator {
  const answers = Object.fromEntries(REASONS.map((reason) => [reason, 0])) as PatternCounters["answers"];
  const counters = { pattern: "*", answers, loads: 0, loadErrors: 0, loadMsTotal: 0, loadMsMost: 0 };
  return { countersOf: () => counters, tell: () => undefined, remembers: () => undefined };
}
