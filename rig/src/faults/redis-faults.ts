import { kinds, pause } from "./fault-kind.ts";
import type { FaultKind } from "./fault-kind.ts";

/** How long before a kill is kept what Redis starts with after it. */
const OLD_BY_MS = [50, 1_500] as const;

function killed(withWhat: "nothing" | "all"): FaultKind["strike"] {
  return async ({ site }) => {
    await site.redis.kill();
    return () => site.restart(withWhat);
  };
}

function frozen(forMs: FaultKind["forMs"]): FaultKind {
  return {
    ...{ forMs, reach: "all", outage: "silent" },
    async strike({ site }) {
      site.redis.freeze();
      return () => site.redis.thaw();
    },
  };
}

/** What befalls the process of Redis, and its data. */
export const REDIS_FAULTS = kinds({
  "kill-empty": { forMs: [500, 2_500], reach: "all", loses: true, outage: "told", strike: killed("nothing") },
  "kill-kept": { forMs: [500, 2_500], reach: "all", outage: "told", strike: killed("all") },
  "kill-old": {
    ...{ forMs: [500, 2_500], reach: "all", loses: true, outage: "told" },
    async strike({ site, random }) {
      await site.keep();
      await pause(OLD_BY_MS[0] + random.next() * (OLD_BY_MS[1] - OLD_BY_MS[0]));
      await site.redis.kill();
      return () => site.restart("kept");
    },
  },
  bounce: { forMs: [0, 100], reach: "all", strike: killed("all") },
  "bounce-empty": { forMs: [0, 100], reach: "all", loses: true, strike: killed("nothing") },
  "freeze-short": frozen([200, 900]),
  "freeze-long": frozen([2_000, 3_500]),
  flushall: {
    ...{ forMs: [0, 500], reach: "all", loses: true },
    async strike({ site }) {
      await site.redis.command("FLUSHALL");
      return () => undefined;
    },
  },
  "flush-scripts": {
    ...{ forMs: [0, 500], reach: "all" },
    async strike({ site }) {
      await site.redis.command("SCRIPT FLUSH");
      return () => undefined;
    },
  },
});
