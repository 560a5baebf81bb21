import { createProfiler } from "../../node/profiler.ts";
import { timeLatencies } from "../../node/timed.ts";
import type { Limiter, LimitSetting } from "./limiter.ts";
import { LIMITERS } from "./roster.ts";
import type { LimiterName } from "./roster.ts";

/** What is taken, and how. */
export interface TakePlan {
  /** Subjects are taken of in turn. */
  readonly subjects: number;
  readonly ms: number;
  readonly concurrency: number;
  /** What every take has to be answered. */
  readonly allowed: boolean;
}

/** What the process of a rate limit can be asked to do. */
export function createLimitActs() {
  let open: Limiter | undefined;
  let [name, redisUrl] = ["", ""];
  const limiter = (): Limiter => {
    if (!open) throw new Error("the limit is not set");
    return open;
  };

  return {
    ...createProfiler(),
    /** Says who this is; the limit is set by `limit`. */
    open(whose: string, url: string): void {
      [name, redisUrl] = [whose, url];
    },
    async limit(setting: LimitSetting): Promise<void> {
      await open?.close();
      open = await LIMITERS[name as LimiterName](redisUrl, setting);
    },
    /** Takes for a time, and times each. */
    async takes({ subjects, ms, concurrency, allowed }: TakePlan) {
      const { take } = limiter();
      const order = Array.from({ length: subjects }, (_, index) => `user-${index}`);
      let [done, wrong] = [0, 0];
      const each = async (subject: string): Promise<void> => {
        const verdict = await take(subject);
        done++;
        if (verdict !== allowed) wrong++;
      };
      const latencies = await timeLatencies(each, { keys: subjects, ms, concurrency }, order);
      if (wrong > 0) throw new Error(`void: ${wrong} of ${done} takes were answered ${String(!allowed)}`);
      return { ...latencies, done };
    },
    /** Takes so often of one subject, all at once; answers how many were allowed. */
    async allowed(subject: string, takes: number): Promise<number> {
      const { take } = limiter();
      const verdicts = await Promise.all(Array.from({ length: takes }, () => take(subject)));
      return verdicts.filter(Boolean).length;
    },
    /** How many takes this node has decided without asking Redis. */
    alone: () => limiter().alone?.() ?? 0,
    async close(): Promise<void> {
      await open?.close();
    },
  };
}
