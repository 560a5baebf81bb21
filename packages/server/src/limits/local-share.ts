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
  /** What this node has allowed, by the ground's word or by itself. */
  allowed: LimitState | undefined;
  /** What it has taken, and nobody else knows of. */
  owed: LimitState | undefined;
}

type Act = Pick<LimitAct, "kind" | "points">;

/**
 * What one node decides with while the ground does not answer. In any window it allows a subject no more by itself than its share, and nothing
 * that would make all it has allowed, by the ground's word or by itself, more than that.
 */
export interface LocalShare {
  /** Notes what the ground said of a subject. */
  note(call: LimitCall, act: Act, verdict: LimitVerdict): void;
  /** Decides by this node's share. What is taken is owed to the ground. */
  decide(call: LimitCall, act: Act): LimitVerdict;
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

/** Makes the share of one node. The least recently used subjects are forgotten first. */
export function createLocalShare({ nowMs, nodes, maxSubjects }: LocalShareParts): LocalShare {
  let lost = 0;
  const debtors = new Map<string, LimitCall>();
  const subjects = new LRUCache<string, Known>({
    // Counted like this nothing is set aside for those who may never come: nodes are made quickly.
    maxSize: maxSubjects,
    sizeCalculation: () => 1,
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
        allowed: undefined,
        owed: undefined,
      };
      subjects.set(key, known);
    }
    return known;
  }

  const instant = (): Instant => ({ nowMs: nowMs(), nodes: nodes() });

  function owe({ policy, subject }: LimitCall, points: number): void {
    if (points === 0) return;
    const call = { policy, subject };
    const known = know(call);
    known.owed ??= new LimitState();
    known.owed.decide(policy, { kind: "charge", points, carried: 0, nowMs: nowMs() });
    debtors.set(keyOf(call), call);
  }

  return {
    note({ policy, subject }, act, verdict) {
      const known = know({ policy, subject });
      const at = instant();
      known.left = verdict.remaining;
      known.leftAtMs = at.nowMs;
      known.blockedUntilMs = verdict.blocked ? at.nowMs + verdict.retryAfterMs : 0;
      known.share = undefined;
      if (takes(act, verdict)) noteAllowed(known, act.points, at);
    },
    decide(call, act) {
      const verdict = decideAlone(know(call), act, instant());
      if (takes(act, verdict)) owe(call, act.points);
      return verdict;
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

interface Instant {
  readonly nowMs: number;
  readonly nodes: number;
}

/** Decides by the share, in which all that this node has allowed counts, and notes what is allowed. */
function decideAlone(known: Known, act: Act, at: Instant): LimitVerdict {
  const { policy } = known.call;
  const { nowMs, nodes } = at;
  const rule = shareOf(policy, nodes);
  const share = (known.share ??= beginShare(known, rule, nodes));
  const own = known.allowed?.used(ownRule(policy, nodes), nowMs) ?? 0;
  const missing = own - share.used(rule, nowMs);
  if (missing > 0) share.decide(rule, { kind: "charge", points: missing, carried: 0, nowMs });
  const { kind, points } = act;
  const verdict = share.decide(rule, { kind, points, carried: 0, nowMs });
  if (takes(act, verdict)) noteAllowed(known, points, at);
  return verdict;
}

function noteAllowed(known: Known, points: number, { nowMs, nodes }: Instant): void {
  if (points < 0 && !known.allowed) return;
  known.allowed ??= new LimitState();
  known.allowed.decide(ownRule(known.call.policy, nodes), { kind: "charge", points, carried: 0, nowMs });
}

/** The part of a limit that one of several nodes may give out by itself: at least 1, so that nobody is shut out altogether. */
function shareOf({ algorithm, limit, windowMs, burst, blockMs }: Limit, nodes: number): LimitRule {
  const part = (whole: number): number => Math.max(1, Math.floor(whole / nodes));
  return { algorithm, limit: part(limit), windowMs, burst: part(burst), blockMs };
}

/** Whether an act changed what is used. */
function takes({ kind }: Act, { allowed }: LimitVerdict): boolean {
  return kind === "charge" || (kind === "take" && allowed);
}

/** By what is counted what a node has allowed: nothing of it is forgotten sooner than a share comes back, however much it is. */
function ownRule({ algorithm, limit, windowMs, burst }: Limit, nodes: number): LimitRule {
  const back = algorithm === "gcra" ? Math.max(1, Math.floor(limit / nodes)) : limit;
  return { algorithm, limit: back, windowMs, burst, blockMs: 0 };
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
