import { serveNode } from "@livecache/rig";
import { createLimitActs } from "./limits/limit-acts.ts";
import { createGuardedActs } from "./routes/guarded-acts.ts";
import { createSessionActs } from "./sessions/session-acts.ts";
import { createTokenActs } from "./tokens/token-acts.ts";
import { createWatchActs } from "./tokens/watch-acts.ts";

const AREAS = {
  tokens: createTokenActs,
  watch: createWatchActs,
  sessions: createSessionActs,
  limits: createLimitActs,
  guarded: createGuardedActs,
} as const;

/** What a process is for. */
export type Area = keyof typeof AREAS;

/** What it can be asked to do then. */
export type ActsOf<A extends Area> = ReturnType<(typeof AREAS)[A]>;

// One contestant in a process of its own. This module is also read for its types, by a process that has no area.
const area = process.argv[2] as Area;
if (Object.hasOwn(AREAS, area) && process.send) {
  serveNode(AREAS[area]() as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>);
}
