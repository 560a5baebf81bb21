import { kinds, pause, singleOf } from "./fault-kind.ts";
import type { FaultKind } from "./fault-kind.ts";

const on = ["single"] as const;

/** How long before a kill is kept what Redis starts with after it. */
const OLD_BY_MS = [50, 1_500] as const;

function killed(withWhat: "nothing" | "all"): FaultKind["strike"] {
  return async (strike) => {
    const single = singleOf(strike);
    await single.redis.kill();
    return () => single.restart(withWhat);
  };
}

function frozen(forMs: FaultKind["forMs"]): FaultKind {
  return {
    ...{ on, forMs, reach: "all", outage: "silent" },
    async strike(strike) {
      const { redis } = singleOf(strike);
      redis.freeze();
      return () => redis.thaw();
    },
  };
}

/** What befalls the process of Redis, and its data. */
export const REDIS_FAULTS = kinds({
  "kill-empty": {
    on,
    forMs: [500, 2_500],
    reach: "all",
    loses: "once",
    outage: "told",
    strike: killed("nothing"),
  },
  "kill-kept": { on, forMs: [500, 2_500], reach: "all", outage: "told", strike: killed("all") },
  "kill-old": {
    ...{ on, forMs: [500, 2_500], reach: "all", loses: "once", outage: "told" },
    async strike(strike) {
      const { random } = strike;
      const single = singleOf(strike);
      await single.keep();
      await pause(OLD_BY_MS[0] + random.next() * (OLD_BY_MS[1] - OLD_BY_MS[0]));
      await single.redis.kill();
      return () => single.restart("kept");
    },
  },
  bounce: { on, forMs: [0, 100], reach: "all", strike: killed("all") },
  "bounce-empty": { on, forMs: [0, 100], reach: "all", loses: "once", strike: killed("nothing") },
  "freeze-short": frozen([200, 900]),
  "freeze-long": frozen([2_000, 3_500]),
  flushall: {
    ...{ on, forMs: [0, 500], reach: "all", loses: "once" },
    async strike(strike) {
      await singleOf(strike).redis.command("FLUSHALL");
      return () => undefined;
    },
  },
  "flush-scripts": {
    ...{ on, forMs: [0, 500], reach: "all" },
    async strike(strike) {
      await singleOf(strike).redis.command("SCRIPT FLUSH");
      return () => undefined;
    },
  },
});
