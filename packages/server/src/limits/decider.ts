import { LiveError, isLiveError } from "@livecache/wire";
import type { ErrorCode } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { LimitAct, LimitVerdict } from "../base/limit-state.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeLog } from "../ports/change-log.ts";
import type { LimitInput, LimitStore } from "../ports/limit-store.ts";
import { createCarryOver } from "./carry-over.ts";
import type { Limit } from "./define-limit.ts";
import { checkCall, readCost } from "./limit-call.ts";
import type { LimitCall, TakeCall } from "./limit-call.ts";
import { createLocalShare } from "./local-share.ts";
import { createNodeCount } from "./node-count.ts";

/** How a limit decided. */
export interface LimitReply extends LimitVerdict {
  /** What the policy allows in a window. */
  readonly limit: number;
  /** `"local"`: the ground did not answer, and this node decided: by its share, or, for a strict limit, against it. */
  readonly scope: "cluster" | "local";
}

/** What limits need from the node. */
export interface LimitsParts {
  readonly store: LimitStore;
  readonly changeLog: Pick<ChangeLog, "lagging">;
  /** Whether the ground answers. */
  readonly isHere: () => boolean;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  /** Most subjects that this node knows something of. Default 10,000. */
  readonly maxSubjects?: number;
}

const MAX_SUBJECTS = 10_000;

/** Failures after which this node decides by itself. */
const AWAY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "LIVE_GROUND_AWAY",
  "LIVE_GROUND_TIMEOUT",
  "LIVE_GROUND_BUSY",
  "LIVE_GROUND_REFUSED",
]);

/** When a strict limit that could not be asked is worth asking again. */
const ASK_AGAIN_MS = 1_000;

type Act = Pick<LimitAct, "kind" | "points">;
type Ask = (input: LimitInput) => Promise<LimitVerdict>;

/** Asks the ground, and decides by this node's share where it does not answer; of strict limits it allows nothing then. */
export interface Decider {
  /** Throws `LIVE_OPTIONS_INVALID`, `LIVE_INPUT_INVALID` or `LIVE_CLOSED`. */
  begin(what: string, call: LimitCall): void;
  /** Asks the ground, together with what it has not been told yet. */
  decide(call: LimitCall, act: Act, ask: Ask): Promise<LimitReply>;
  take(call: TakeCall): Promise<LimitReply>;
  forget(call: LimitCall): Promise<Pick<LimitReply, "scope">>;
  figures(): { readonly local: number; readonly known: number; readonly lost: number };
}

/** Makes it. */
export function createDecider(parts: LimitsParts): Decider {
  const { store, clock, isHere, signal, maxSubjects = MAX_SUBJECTS } = parts;
  const nodes = createNodeCount(parts);
  const nowMs = (): number => Math.floor(clock.now());
  const share = createLocalShare({ nowMs, nodes: nodes.known, maxSubjects });
  const carryOver = createCarryOver({ ...parts, share });
  const checkName = createNameCheck();
  let local = 0;

  function begin(what: string, call: LimitCall): void {
    if (signal.aborted) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
    checkCall(what, call);
    checkName(call.policy);
    nodes.refresh();
  }

  function decideHere(call: LimitCall, { kind, points }: Act): LimitReply {
    local++;
    const { policy } = call;
    const verdict = share.decide(call, { kind: policy.strict && kind === "take" ? "peek" : kind, points });
    if (share.owes()) carryOver.schedule();
    return replyOf(policy, policy.strict ? refusalOf(verdict) : verdict, "local");
  }

  async function decide(call: LimitCall, act: Act, ask: Ask): Promise<LimitReply> {
    if (!isHere()) return decideHere(call, act);
    const { policy, subject } = call;
    const carried = share.collect(call);
    try {
      const verdict = await ask({ name: policy.name, subject, rule: policy, carried });
      share.note(call, act, verdict);
      return replyOf(policy, verdict, "cluster");
    } catch (error) {
      if (carried > 0) share.owe(call, carried);
      if (!isAway(error)) throw error;
      // What is given back may have been given back: once more would be too much.
      const isGivenBack = act.points < 0 && error.code === "LIVE_GROUND_TIMEOUT";
      return decideHere(call, isGivenBack ? { kind: act.kind, points: 0 } : act);
    }
  }

  return {
    begin,
    decide,
    async take(call) {
      begin("limits.take", call);
      const cost = readCost("limits.take", call.cost, call.policy);
      return decide(call, { kind: "take", points: cost }, (input) => store.take({ ...input, cost }));
    },
    async forget(call) {
      begin("limits.forget", call);
      share.forget(call);
      try {
        if (!isHere()) return { scope: "local" };
        await store.forget({ name: call.policy.name, subject: call.subject });
        return { scope: "cluster" };
      } catch (error) {
        if (!isAway(error)) throw error;
        return { scope: "local" };
      }
    },
    figures: () => ({ local, ...share.figures() }),
  };
}

function isAway(error: unknown): error is LiveError {
  return isLiveError(error) && AWAY.has(error.code);
}

/**
 * Without the ground nobody knows what other nodes allow, so nothing can be allowed of a strict limit. It is no refusal of the limit: it begins
 * no block, and may be over at once.
 */
function refusalOf({ blocked, retryAfterMs, resetMs }: LimitVerdict): LimitVerdict {
  const waitMs = blocked ? retryAfterMs : ASK_AGAIN_MS;
  return { allowed: false, remaining: 0, retryAfterMs: waitMs, resetMs: Math.max(resetMs, waitMs), blocked };
}

function replyOf({ limit }: Limit, verdict: LimitVerdict, scope: LimitReply["scope"]): LimitReply {
  const { allowed, remaining, retryAfterMs, resetMs, blocked } = verdict;
  return { allowed, limit, remaining, retryAfterMs, resetMs, blocked, scope };
}

/** How many names are remembered, to notice that two limits share one. */
const MAX_NAMES = 1_000;

/** Two limits of one name would count each other's takings. */
function createNameCheck(): (policy: Limit) => void {
  const byName = new Map<string, Limit>();
  return (policy) => {
    const known = byName.get(policy.name);
    if (known === policy) return;
    if (!known) {
      if (byName.size < MAX_NAMES) byName.set(policy.name, policy);
      return;
    }
    if (JSON.stringify(known) === JSON.stringify(policy)) return;
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      `limits: two limits are named "${policy.name}", and they differ. Define it once, or give each a name of its own.`,
    );
  };
}
