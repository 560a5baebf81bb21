import type { Signals } from "../base/signals.ts";
import type { Limits } from "../limits/limits.ts";

/** The same limits, whose refusals are told. */
export function tellLimits(limits: Limits, signals: Pick<Signals, "tell">): Limits {
  return {
    ...limits,
    async take(call) {
      const reply = await limits.take(call);
      if (!reply.allowed) {
        const { policy, subject } = call;
        signals.tell("limit", { limit: policy.name, subject, retryAfterMs: reply.retryAfterMs });
      }
      return reply;
    },
  };
}
