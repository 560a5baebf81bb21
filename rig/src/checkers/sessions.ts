import { isLossBetween } from "./finding.ts";
import type { Finding, Loss } from "./finding.ts";

/** One call about a session. */
export interface SessionRecord {
  readonly id: string;
  readonly node: string;
  readonly call: "create" | "end" | "read";
  readonly callMs: number;
  readonly returnMs: number;
  /**
   * Of `create` and `end`: `"done"`, `"refused"` (rejected), or `"unknown"`. Of `read`: `"there"`, `"copy"` (this node's own, because the
   * ground is away), `"gone"`, or `"refused"`.
   */
  readonly outcome: "done" | "refused" | "unknown" | "there" | "copy" | "gone";
}

/** What is judged. `losses`: when the ground may have lost data; what it forgot is no fault of the nodes. */
export interface SessionHistory {
  readonly records: readonly SessionRecord[];
  readonly losses: readonly Loss[];
}

/** How long a node may answer its own copy. */
const COPY_MS = 60_000;

interface Life {
  createdMs: number | undefined;
  createCallMs: number;
  firstEndCallMs: number;
  endedMs: number;
  readonly endedHere: Map<string, number>;
}

/**
 * Finds sessions that were answered after they had ended, on any node by the ground's word, on the ending node at all, elsewhere as a copy
 * for a minute; and sessions that were said to be gone although nobody had ended them and nothing was lost. Pure.
 */
export function checkSessions({ records, losses }: SessionHistory): readonly Finding[] {
  const lives = new Map<string, Life>();
  for (const record of records) note(lives, record);
  return records.flatMap((record): Finding[] => {
    const life = lives.get(record.id);
    const fault = record.call === "read" && life ? faultOf(record, life, losses) : undefined;
    return fault
      ? [{ checker: "sessions", atMs: record.callMs, text: `${record.id} on ${record.node}: ${fault}` }]
      : [];
  });
}

function note(lives: Map<string, Life>, { id, node, call, callMs, returnMs, outcome }: SessionRecord): void {
  let life = lives.get(id);
  if (!life) {
    const never = { createdMs: undefined, createCallMs: 0, firstEndCallMs: Infinity, endedMs: Infinity };
    lives.set(id, (life = { ...never, endedHere: new Map() }));
  }
  if (call === "create" && outcome === "done") {
    life.createdMs = returnMs;
    life.createCallMs = callMs;
  }
  if (call !== "end") return;
  life.firstEndCallMs = Math.min(life.firstEndCallMs, callMs);
  if (outcome === "done") life.endedMs = Math.min(life.endedMs, returnMs);
  if (outcome !== "unknown") {
    life.endedHere.set(node, Math.min(returnMs, life.endedHere.get(node) ?? Infinity));
  }
}

function faultOf(
  { node, callMs, returnMs, outcome }: SessionRecord,
  life: Life,
  losses: readonly Loss[],
): string | undefined {
  if (outcome === "there" || outcome === "copy") {
    const here = life.endedHere.get(node) ?? Infinity;
    // Whoever ended it remembers that, whatever the ground forgets.
    if (callMs > here) return `answered ${Math.round(callMs - here)} ms after it was ended there`;
    const lateMs = callMs - life.endedMs;
    if (outcome === "copy") {
      return lateMs > COPY_MS ? `a copy answered ${Math.round(lateMs)} ms after it was ended` : undefined;
    }
    const isBack = lateMs > 0 && !isLossBetween(losses, life.endedMs, returnMs);
    return isBack ? `answered ${Math.round(lateMs)} ms after it was ended` : undefined;
  }
  const isOwed = life.createdMs !== undefined && callMs > life.createdMs && returnMs < life.firstEndCallMs;
  if (outcome !== "gone" || !isOwed || isLossBetween(losses, life.createCallMs, returnMs)) return undefined;
  return "said to be gone, and nobody had ended it";
}
