import { checkCache } from "../checkers/cache.ts";
import type { Finding } from "../checkers/finding.ts";
import { checkLatency, latencyFigures } from "../checkers/latency.ts";
import type { LatencyFigures } from "../checkers/latency.ts";
import { checkLimits } from "../checkers/limits.ts";
import { checkPresence } from "../checkers/presence.ts";
import { checkRevocation } from "../checkers/revocation.ts";
import type { Absence } from "../checkers/revocation.ts";
import { checkSessions } from "../checkers/sessions.ts";
import { checkSwitching } from "../checkers/switching.ts";
import { judge } from "../loss/check.ts";
import type { Verdict } from "../loss/check.ts";
import type { ClientHistory } from "../loss/history.ts";
import { LIMIT_FIGURES, MAX_STALE_MS } from "./contract.ts";
import type { NodeReport } from "./faults-node.ts";
import { keepHistories } from "./histories.ts";
import type { Histories, Struck, TimedRequest } from "./histories.ts";
import { kindOf } from "./kinds.ts";
import type { Plant } from "./plants.ts";
import type { Schedule } from "./schedule.ts";
import type { Starvation } from "./starvation.ts";

/** Everything that a run has left to judge. */
export interface RunEvidence {
  readonly histories: Histories;
  readonly clients: readonly ClientHistory[];
  readonly reports: readonly NodeReport[];
  /** Processes that ended by themselves. */
  readonly exits: readonly string[];
  /** When processes did not get the processor: then their times say nothing. */
  readonly starvation: Starvation;
}

/** What came of a run. */
export interface FaultFigures {
  readonly seed: number;
  readonly nodes: number;
  readonly plant: Plant | undefined;
  readonly seconds: number;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly events: Omit<Verdict, "findings">;
  readonly baseline: LatencyFigures;
  /** During each kind of fault, of nodes whose own process was well. */
  readonly during: Readonly<Record<string, LatencyFigures>>;
  /** The longest that nodes took to notice an outage, and its end, in milliseconds. */
  readonly switching: { readonly over: number; readonly back: number; readonly measured: number };
  readonly rssMiB: number;
  /** Share of the time in which some process waited for the processor. */
  readonly starved: number;
  readonly warnings: readonly string[];
  readonly findings: readonly Finding[];
  /** Where the histories lie, if something was found. */
  readonly histories: string | undefined;
  readonly isClean: boolean;
}

const LEASE_MS = 1_000;
/** How much longer requests may take in a fault, and how long at most: the second of security state, and a timer that is late. */
const GOAL = { p99Over: 300, max: 1_050 };
/** How long after a fault requests still belong to it. */
const AFTERMATH_MS = 1_000;

/** Judges a run. */
export async function judgeRun(
  evidence: RunEvidence,
  { schedule, plant, seconds }: { schedule: Schedule; plant: Plant | undefined; seconds: number },
): Promise<FaultFigures> {
  const { histories, clients, reports, exits, starvation } = evidence;
  const { published, counts, struck } = histories;
  const { findings: eventFindings, ...events } = judge({ published, histories: clients });
  const fed = histories.requests.filter(({ atMs, tookMs }) => !starvation.during(atMs, atMs + tookMs));
  const { baseline, during } = byFault(fed, struck);
  const statuses = reports.flatMap((report) => report.statuses);
  const isFed = (fromMs: number, untilMs: number): boolean => !starvation.during(fromMs, untilMs);
  const switching = checkSwitching(histories.outages, statuses, isFed);
  const findings = [
    ...histories.findings,
    ...checkHistories(histories, schedule.nodes),
    ...eventFindings.map((text): Finding => ({ checker: "events", atMs: 0, text })),
    ...checkLatency(baseline, during, GOAL),
    ...switching.findings,
    ...survival(reports, exits),
  ];
  const longest = (times: readonly number[]): number => Math.round(Math.max(0, ...times));
  return {
    ...{ seed: schedule.seed, nodes: schedule.nodes, plant, seconds: Math.round(seconds) },
    faults: countBy(struck.map(({ fault }) => fault)),
    ...{ counts, events, findings },
    baseline: latencyFigures(baseline),
    during: Object.fromEntries(Object.entries(during).map(([name, of]) => [name, latencyFigures(of)])),
    switching: {
      ...{ over: longest(switching.over), back: longest(switching.back) },
      measured: switching.over.length + switching.back.length,
    },
    rssMiB: Math.round(Math.max(...reports.map(({ rssBytes }) => rssBytes)) / 2 ** 20),
    starved: Math.round(starvation.share() * 100) / 100,
    warnings: [...new Set(reports.flatMap(({ warnings }) => warnings))],
    histories: findings.length > 0 ? await keepHistories(histories, clients) : undefined,
    isClean: findings.length === 0,
  };
}

function checkHistories(histories: Histories, nodes: number): readonly Finding[] {
  const { writes, reads, revokes, checks, sessions, losses, taken, presence } = histories;
  const stale = checkCache({ writes, reads, leaseMs: LEASE_MS }).map(({ read, rule }): Finding => {
    return { checker: "cache", atMs: read.beganAtMs, text: `${rule}: ${JSON.stringify(read)}` };
  });
  const limits = (["plain", "strict"] as const).flatMap((name) =>
    checkLimits({ ...LIMIT_FIGURES, taken: taken[name], nodes, strict: name === "strict", losses }),
  );
  return [
    ...stale,
    ...checkRevocation({ revokes, checks, boundMs: MAX_STALE_MS, losses, absences: absencesOf(histories) }),
    ...checkSessions({ records: sessions, losses }),
    ...limits,
    ...checkPresence(presence),
  ];
}

/** How long a node takes to give back what was lost, once it can. */
const GIVE_BACK_MS = 3_000;

function absencesOf({ struck }: Histories): readonly Absence[] {
  return struck
    .filter(({ node }) => node !== "all")
    .map(({ node, fromMs, untilMs }) => ({ node, fromMs, untilMs: untilMs + GIVE_BACK_MS }));
}

function survival(reports: readonly NodeReport[], exits: readonly string[]): readonly Finding[] {
  const rejections = reports.flatMap(({ unhandled }) => unhandled).map((text) => `unhandled: ${text}`);
  return [...exits, ...rejections].map((text): Finding => ({ checker: "survival", atMs: 0, text }));
}

/** What waits by intention, and what stands for several that are timed one by one. */
const NOT_TIMED = new Set(["change applied", "reads"]);

/** Whose time counts: not the one of a node that was itself struck. */
function byFault(requests: readonly TimedRequest[], struck: readonly Struck[]) {
  const baseline: TimedRequest[] = [];
  const during: Record<string, TimedRequest[]> = {};
  const faults = [...struck].sort((a, b) => a.fromMs - b.fromMs);
  for (const request of requests) {
    if (NOT_TIMED.has(request.what)) continue;
    const endMs = request.atMs + request.tookMs;
    const fault = faults.find(
      ({ fromMs, untilMs }) => endMs >= fromMs && request.atMs < untilMs + AFTERMATH_MS,
    );
    if (!fault) baseline.push(request);
    else if (kindOf(fault.fault).reach !== "node" || fault.node[0] !== request.node[0]) {
      (during[fault.fault] ??= []).push(request);
    }
  }
  return { baseline, during };
}

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
