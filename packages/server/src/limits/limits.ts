import type { Duration } from "../base/duration.ts";
import { createDecider } from "./decider.ts";
import type { Decider, LimitReply, LimitsParts } from "./decider.ts";
import { span } from "./define-limit.ts";
import { readCost, readPoints } from "./limit-call.ts";
import type { ChargeCall, LimitCall, TakeCall } from "./limit-call.ts";

/** What limits have done on this node. */
export interface LimitFigures {
  readonly allowed: number;
  readonly refused: number;
  /** Decided by this node alone. */
  readonly local: number;
  /** Subjects that this node knows something of, at most 10,000. */
  readonly known: number;
  /** Subjects that were pushed out while it was not told yet what was taken of their limits. */
  readonly lost: number;
}

/**
 * Rate limits over all nodes. Every method decides in one atomic step in the ground, and answers within the ground's deadline. While the ground
 * does not answer this node decides by its share, the limit by the number of nodes, and tells the ground afterwards what was taken; nothing
 * waits. So in any window all nodes together allow no more than the limit, and one share each. Of a strict limit nothing is allowed then, so
 * that it is never more than the limit.
 *
 * Every method rejects with `LIVE_OPTIONS_INVALID` for a policy that `defineLimit` did not make, or that differs from another of its
 * name; with `LIVE_INPUT_INVALID` for what is no subject, cost or points; and with `LIVE_CLOSED`.
 */
export interface Limits {
  /** Takes `cost` of a subject's limit if it is left, all of it or nothing. */
  take(call: TakeCall): Promise<LimitReply>;
  /** Says what {@link take} would answer, and takes nothing. */
  peek(call: TakeCall): Promise<LimitReply>;
  /** Adds to what was taken, whatever is left; at most twice what may be taken at once counts. `allowed` says whether anything is left. */
  penalty(call: ChargeCall): Promise<LimitReply>;
  /** Gives back what was taken last. */
  reward(call: ChargeCall): Promise<LimitReply>;
  /** Refuses a subject everything for so long, 10 ms to 31 days. While the ground is away it holds on this node only. */
  block(call: LimitCall & { readonly for: Duration }): Promise<LimitReply>;
  /** Forgets what a subject has taken, and any block. While the ground is away it holds on this node only. */
  forget(call: LimitCall): Promise<Pick<LimitReply, "scope">>;
  figures(): LimitFigures;
}

/** Opens the limits of one node. */
export function createLimits(parts: LimitsParts): Limits {
  const { store } = parts;
  let made: Decider | undefined;
  /** Made when it is first used: a node without limits keeps no room for them. */
  const decider = (): Decider => (made ??= createDecider(parts));
  const counts = { allowed: 0, refused: 0 };
  return {
    async take(call) {
      const reply = await decider().take(call);
      if (reply.allowed) counts.allowed++;
      else counts.refused++;
      return reply;
    },
    async peek(call) {
      decider().begin("limits.peek", call);
      const cost = readCost("limits.peek", call.cost, call.policy);
      return decider().decide(call, { kind: "peek", points: cost }, (input) =>
        store.peek({ ...input, cost }),
      );
    },
    async penalty(call) {
      decider().begin("limits.penalty", call);
      const points = readPoints("limits.penalty", call.points);
      return decider().decide(call, { kind: "charge", points }, (input) =>
        store.charge({ ...input, points }),
      );
    },
    async reward(call) {
      decider().begin("limits.reward", call);
      const points = -readPoints("limits.reward", call.points);
      return decider().decide(call, { kind: "charge", points }, (input) =>
        store.charge({ ...input, points }),
      );
    },
    async block(call) {
      decider().begin("limits.block", call);
      const blockMs = span("limits.block: for", call.for);
      return decider().decide(call, { kind: "block", points: blockMs }, (input) =>
        store.block({ ...input, blockMs }),
      );
    },
    forget: async (call) => decider().forget(call),
    figures: () => ({ ...counts, ...decider().figures() }),
  };
}
