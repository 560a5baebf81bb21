import { LRUCache } from "lru-cache";
import { LimitState } from "../base/limit-state.ts";
import type { LimitAct, LimitVerdict } from "../base/limit-state.ts";
import type { LimitRule } from "../base/limit-rule.ts";
import type { Limit } from "./define-limit.ts";
import type { LimitCall } from "./limit-call.ts";

/** What this node knows of one subject. */
interface Known {
  readonly call: LimitCall;
  /** What the ground last said was left, and when. */
  left: number | undefined;
  leftAtMs: number;
  blockedUntilMs: number;
  /** What this node has taken of its share since. */
  share: LimitState | undefined;
  /** What it has taken, and nobody else knows of. */
  owed: LimitState | undefined;
  decidedAtMs: number;
}

/** What one node decides with while the ground is away. */
export interface LocalShare {
  /** Notes what the ground said of a subject. */
  note(call: LimitCall, verdict: LimitVerdict): void;
  /** Decides by this node's share. What is taken is owed to the ground. */
  decide(call: LimitCall, act: Pick<LimitAct, "kind" | "points">): LimitVerdict;
  /**
   * Takes from the share of a subject about which this node has decided so lately that others may not have told yet what they took; nothing
   * is owed for it. `undefined` for every other subject.
   */
  settle(call: LimitCall, points: number): LimitVerdict | undefined;
  /** Hands over what is owed for a subject: whoever asks must tell the ground. */
  collect(call: LimitCall): number;
  /** Takes back what could not be told. */
  owe(call: LimitCall, points: number): void;
  /** The subjects for which something is owed. */
  debtors(): readonly LimitCall[];
  owes(): boolean;
  forget(call: LimitCall): void;
  /** How many subjects are known, and of how many more it was lost what is owed. */
  figures(): { readonly known: number; readonly lost: number };
}

/** What {@link createLocalShare} needs. */
export interface LocalShareParts {
  readonly nowMs: () => number;
  readonly nodes: () => number;
  readonly maxSubjects: number;
}

/** How long after a decision of its own a node still goes by it, for strict limits: all others have told by then. */
const SETTLING_MS = 5_000;

/** Makes the share of one node. The least recently used subjects are forgotten first. */
export function createLocalShare({ nowMs, nodes, maxSubjects }: LocalShareParts): LocalShare {
  let lost = 0;
  const debtors = new Map<string, LimitCall>();
  const subjects = new LRUCache<string, Known>({
    max: maxSubjects,
    dispose(known, key, reason) {
      if (reason === "evict" && known.owed) lost++;
      if (reason !== "set") debtors.delete(key);
    },
  });

  function know(call: LimitCall): Known {
    const key = keyOf(call);
    let known = subjects.get(key);
    if (!known) {
      known = {
        call,
        left: undefined,
        leftAtMs: 0,
        blockedUntilMs: 0,
        share: undefined,
        owed: undefined,
        decidedAtMs: -Infinity,
      };
      subjects.set(key, known);
    }
    return known;
  }

  function owe({ policy, subject }: LimitCall, points: number): void {
    const call = { policy, subject };
    const known = know(call);
    known.owed ??= new LimitState();
    known.owed.decide(policy, { kind: "charge", points, carried: 0, nowMs: nowMs() });
    debtors.set(keyOf(call), call);
  }

  return {
    note({ policy, subject }, { remaining, blocked, retryAfterMs }) {
      const known = know({ policy, subject });
      const now = nowMs();
      known.left = remaining;
      known.leftAtMs = now;
      known.blockedUntilMs = blocked ? now + retryAfterMs : 0;
      if (!policy.strict || now - known.decidedAtMs >= SETTLING_MS) known.share = undefined;
    },
    decide(call, { kind, points }) {
      const { policy } = call;
      const known = know(call);
      const rule = shareOf(policy, nodes());
      const now = nowMs();
      known.share ??= beginShare(known, rule, nodes());
      known.decidedAtMs = now;
      const verdict = known.share.decide(rule, { kind, points, carried: 0, nowMs: now });
      if (kind === "charge" || (kind === "take" && verdict.allowed)) owe(call, points);
      return verdict;
    },
    settle(call, points) {
      const known = subjects.peek(keyOf(call));
      const now = nowMs();
      if (!known?.share || now - known.decidedAtMs >= SETTLING_MS) return undefined;
      const rule = shareOf(call.policy, nodes());
      return known.share.decide(rule, { kind: "take", points, carried: 0, nowMs: now });
    },
    collect(call) {
      const key = keyOf(call);
      if (!debtors.delete(key)) return 0;
      const known = subjects.peek(key);
      const owed = known?.owed?.used(call.policy, nowMs()) ?? 0;
      if (known) known.owed = undefined;
      return owed;
    },
    owe,
    debtors: () => [...debtors.values()],
    owes: () => debtors.size > 0,
    forget: (call) => void subjects.delete(keyOf(call)),
    figures: () => ({ known: subjects.size, lost }),
  };
}

/** The part of a limit that one of several nodes may give out by itself: at least 1, so that nobody is shut out altogether. */
function shareOf({ algorithm, limit, windowMs, burst, blockMs }: Limit, nodes: number): LimitRule {
  const part = (whole: number): number => Math.max(1, Math.floor(whole / nodes));
  return { algorithm, limit: part(limit), windowMs, burst: part(burst), blockMs };
}

/** A share in which is used what this node cannot give out because the ground said that it is gone. */
function beginShare({ left, leftAtMs, blockedUntilMs }: Known, rule: LimitRule, nodes: number): LimitState {
  const share = new LimitState();
  if (left === undefined) return share;
  const points = Math.max(0, rule.burst - Math.floor(left / nodes));
  share.decide(rule, { kind: "charge", points, carried: 0, nowMs: leftAtMs });
  const blockMs = blockedUntilMs - leftAtMs;
  if (blockMs > 0) share.decide(rule, { kind: "block", points: blockMs, carried: 0, nowMs: leftAtMs });
  return share;
}

function keyOf({ policy, subject }: LimitCall): string {
  return `${policy.name}:${subject}`;
}
