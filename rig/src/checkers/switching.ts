import type { Finding } from "./finding.ts";

/** What one node said of the ground, as it changed. */
export interface StatusRecord {
  readonly node: string;
  readonly atMs: number;
  readonly state: "here" | "away";
  readonly cause?: string | undefined;
}

/** A time in which the ground did not serve a node. */
export interface Outage {
  readonly node: string;
  readonly kind: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** How soon the node has to say that it is away, and, once it is served again, that it is here. */
  readonly awayWithinMs: number;
  readonly hereWithinMs: number;
}

/** How long each switch took. */
export interface SwitchFigures {
  readonly over: readonly number[];
  readonly back: readonly number[];
  readonly findings: readonly Finding[];
}

/** Finds nodes that noticed an outage, or its end, too late; not in spans of which `isTimed` says that times mean nothing. Pure. */
export function checkSwitching(
  outages: readonly Outage[],
  statuses: readonly StatusRecord[],
  isTimed: (fromMs: number, untilMs: number) => boolean = () => true,
): SwitchFigures {
  const over: number[] = [];
  const back: number[] = [];
  const findings: Finding[] = [];
  const judge = (
    outage: Outage,
    state: StatusRecord["state"],
    [sinceMs, withinMs]: [number, number],
  ): void => {
    if (!isTimed(sinceMs, sinceMs + withinMs)) return;
    const tookMs = Math.max(0, firstSince(statuses, { node: outage.node, state, sinceMs }) - sinceMs);
    (state === "away" ? over : back).push(tookMs);
    if (tookMs <= withinMs) return;
    const took = tookMs === Infinity ? "never" : `after ${Math.round(tookMs)} ms`;
    const text = `${outage.node}, ${outage.kind}: ${state} ${took}, at most ${withinMs} may be`;
    findings.push({ checker: "switching", atMs: sinceMs, text });
  };
  for (const outage of outages) {
    const lastedMs = outage.untilMs - outage.fromMs;
    if (lastedMs > outage.awayWithinMs) judge(outage, "away", [outage.fromMs, outage.awayWithinMs]);
    judge(outage, "here", [outage.untilMs, outage.hereWithinMs]);
  }
  return { over, back, findings };
}

/** When the node was in a state for the first time since an instant; `Infinity`: never again. */
function firstSince(
  statuses: readonly StatusRecord[],
  { node, state, sinceMs }: { readonly node: string; readonly state: string; readonly sinceMs: number },
): number {
  let now: string | undefined;
  for (const status of statuses) {
    if (status.node !== node) continue;
    if (status.atMs <= sinceMs) now = status.state;
    else if (now === state) return sinceMs;
    else if (status.state === state) return status.atMs;
  }
  return now === state ? sinceMs : Infinity;
}
