import type { Finding, Loss } from "./finding.ts";

/** Something that was allowed under a limit. */
export interface TakenRecord {
  readonly subject: string;
  readonly callMs: number;
  readonly returnMs: number;
  /** `"local"`: a node decided by its share. */
  readonly scope: "cluster" | "local";
}

/** What is judged. */
export interface LimitHistory {
  readonly taken: readonly TakenRecord[];
  readonly limit: number;
  readonly windowMs: number;
  readonly nodes: number;
  /** Nothing is allowed without the ground. */
  readonly strict: boolean;
  /** What the ground forgets may be taken again. */
  readonly losses: readonly Loss[];
}

/**
 * Finds windows in which more was allowed than the mode of the limit lets through: the limit, for others than strict ones and a share of
 * each node besides for what the ground did not decide, and the limit again for each loss of data; where one thing may be lost again and again there is no bound. A taking counts when its
 * call and its return lie in the window, so that it was decided there for sure. Pure.
 */
export function checkLimits(history: LimitHistory): readonly Finding[] {
  const bySubject = new Map<string, TakenRecord[]>();
  for (const taken of history.taken) {
    const known = bySubject.get(taken.subject);
    if (known) known.push(taken);
    else bySubject.set(taken.subject, [taken]);
  }
  return [...bySubject].flatMap(([subject, taken]) => judgeOne(history, subject, taken));
}

function judgeOne(history: LimitHistory, subject: string, taken: readonly TakenRecord[]): readonly Finding[] {
  const { windowMs, strict } = history;
  const sorted = [...taken].sort((a, b) => a.callMs - b.callMs);
  const found: Finding[] = [];
  let nextMs = -Infinity;
  sorted.forEach(({ callMs, scope }, first) => {
    if (strict && scope === "local") {
      found.push({ checker: "limits", atMs: callMs, text: `${subject}: allowed without the ground's word` });
    }
    // One finding for each window.
    if (callMs < nextMs) return;
    const window: TakenRecord[] = [];
    for (let index = first; index < sorted.length && sorted[index]!.callMs < callMs + windowMs; index++) {
      if (sorted[index]!.returnMs < callMs + windowMs) window.push(sorted[index]!);
    }
    const bound = boundOf(history, window, callMs);
    if (window.length <= bound) return;
    nextMs = callMs + windowMs;
    const text = `${subject}: ${window.length} allowed in ${windowMs} ms, at most ${bound} may be`;
    found.push({ checker: "limits", atMs: callMs, text });
  });
  return found;
}

function boundOf(history: LimitHistory, window: readonly TakenRecord[], fromMs: number): number {
  const { limit, windowMs, nodes, losses } = history;
  const share = Math.max(1, Math.floor(limit / nodes));
  const local = window.filter(({ scope }) => scope === "local").length;
  const forgotten = losses.filter((loss) => loss.fromMs <= fromMs + windowMs && loss.untilMs >= fromMs);
  if (forgotten.some(({ isRepeated }) => isRepeated)) return Infinity;
  return limit * (1 + forgotten.length) + Math.min(local, share * nodes);
}
