import type { ClientHistory, Evidence } from "./history.ts";
import { emptyTally } from "./tally.ts";
import type { Tally } from "./tally.ts";
import { findTruth } from "./truth.ts";
import type { ChannelTruth } from "./truth.ts";
import { walk } from "./walk.ts";

/** The verdict on a run. */
export interface Verdict extends Tally {
  /** Clients contradict each other in what the channel is. */
  readonly contradictions: number;
  /** The first faults in words. */
  readonly findings: readonly string[];
}

/** How many faults are told in words. */
const MOST_FINDINGS = 20;

/**
 * Judges what clients have noted. Per client and channel: offsets of an epoch without a hole, except where a notice covers it; nothing
 * twice; nothing back in order; nothing to who is not in; everything acknowledged after the client's first event delivered or
 * noticed; and the channel's last event at the end. Events of unknown outcome are accepted either way, but once somebody has seen their
 * place, they count for everybody. Pure.
 */
export function judge(evidence: Evidence): Verdict {
  const truth = findTruth(evidence);
  const tally = emptyTally();
  const findings = truth.contradictions.slice(0, MOST_FINDINGS);
  const isPublished = knownIds(evidence);
  for (const history of evidence.histories) {
    const found = judgeOne(history, truth.channel(history.channel), isPublished);
    for (const name of Object.keys(tally) as (keyof Tally)[]) tally[name] += found.tally[name];
    for (const finding of found.findings) {
      if (findings.length < MOST_FINDINGS)
        findings.push(`${history.client} in ${history.channel}: ${finding}`);
    }
  }
  return { ...tally, contradictions: truth.contradictions.length, findings };
}

/** Whether a verdict is one of a run in which nothing went wrong. */
export function isClean(verdict: Verdict): boolean {
  const { lost, duplicated, reordered, uninvited, crossed, unconverged, invented, contradictions } = verdict;
  return lost + duplicated + reordered + uninvited + crossed + unconverged + invented + contradictions === 0;
}

function judgeOne(history: ClientHistory, channel: ChannelTruth, isPublished: (id: string) => boolean) {
  const tally = emptyTally();
  const findings: string[] = [];
  const find = (name: keyof Tally, text: string, times = 1): void => {
    tally[name] += times;
    if (findings.length < MOST_FINDINGS) findings.push(`${name}: ${text}`);
  };
  walk(history, { channel, tally, find, isPublished });
  return { tally, findings };
}

function knownIds({ published, killed = [] }: Evidence): (id: string) => boolean {
  const ids = new Set(published.map(({ id }) => id));
  const cutShort = new Set(killed);
  return (id) => ids.has(id) || cutShort.has(id.slice(0, id.lastIndexOf("-")));
}
