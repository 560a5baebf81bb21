import { isLossBetween } from "./finding.ts";
import type { Finding, Loss } from "./finding.ts";

/** A call of `revoke`. */
export interface RevokeRecord {
  readonly token: string;
  readonly node: string;
  readonly callMs: number;
  readonly returnMs: number;
  /** `"pending"`: only this node knows of it, as far as it can say. `"unknown"`: nobody knows whether it happened. */
  readonly outcome: "done" | "pending" | "unknown";
}

/** A call of `check`, or a socket or request that was let in by one. */
export interface TokenCheckRecord {
  readonly token: string;
  readonly node: string;
  readonly callMs: number;
  readonly returnMs: number;
  readonly verdict: "valid" | "revoked" | "unknown";
}

/** A time in which a node was cut off from the ground, or did not run. */
export interface Absence {
  readonly node: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What is judged. `boundMs`: how old knowledge may be for "valid" to be said. */
export interface RevocationHistory {
  /** What the ground has lost, the nodes that revoked it give back: not while they are absent. */
  readonly losses?: readonly Loss[];
  readonly absences?: readonly Absence[];
  readonly revokes: readonly RevokeRecord[];
  readonly checks: readonly TokenCheckRecord[];
  readonly boundMs: number;
}

interface Ended {
  readonly firstCallMs: number;
  everywhereMs: number;
  readonly here: Map<string, number>;
}

/**
 * Finds tokens that were accepted too late: on the node that revoked it after `revoke` returned, elsewhere so much later as knowledge
 * may be old; and tokens that were refused although nobody had revoked them. Pure.
 */
export function checkRevocation(history: RevocationHistory): readonly Finding[] {
  const { revokes, checks } = history;
  const tokens = new Map<string, Ended>();
  for (const { token, node, callMs, returnMs, outcome } of revokes) {
    const known = tokens.get(token);
    const ended = known ?? { firstCallMs: callMs, everywhereMs: Infinity, here: new Map<string, number>() };
    tokens.set(token, known && known.firstCallMs > callMs ? { ...ended, firstCallMs: callMs } : ended);
    if (outcome === "unknown") continue;
    const kept = tokens.get(token)!;
    kept.here.set(node, Math.min(returnMs, kept.here.get(node) ?? Infinity));
    if (outcome === "done") kept.everywhereMs = Math.min(kept.everywhereMs, returnMs);
  }
  return checks.flatMap((check) => {
    const { token, node, callMs } = check;
    const fault = faultOf(check, tokens.get(token), history);
    return fault ? [{ checker: "revocation", atMs: callMs, text: `${token} on ${node}: ${fault}` }] : [];
  });
}

function faultOf(
  { node, callMs, returnMs, verdict }: TokenCheckRecord,
  ended: Ended | undefined,
  history: RevocationHistory,
): string | undefined {
  if (verdict === "revoked") {
    return !ended || ended.firstCallMs > returnMs ? "refused, and nobody had revoked it" : undefined;
  }
  if (verdict === "unknown" || !ended) return undefined;
  const here = ended.here.get(node) ?? Infinity;
  if (callMs > here) return `accepted ${Math.round(callMs - here)} ms after it was revoked there`;
  const lateMs = callMs - ended.everywhereMs;
  if (lateMs <= history.boundMs || mayBeForgotten(ended, returnMs, history)) return undefined;
  return `accepted ${Math.round(lateMs)} ms after it was revoked`;
}

/** Whether the ground may have lost it while those who revoked it could not give it back. */
function mayBeForgotten(
  { firstCallMs, here }: Ended,
  untilMs: number,
  { losses = [], absences = [] }: RevocationHistory,
): boolean {
  if (!isLossBetween(losses, firstCallMs, untilMs)) return false;
  return [...here.keys()].every((node) =>
    absences.some((absence) => absence.node === node && isLossBetween([absence], firstCallMs, untilMs)),
  );
}
