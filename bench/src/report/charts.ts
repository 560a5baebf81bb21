import type { Figure } from "../measure/figure.ts";
import { drawChart } from "./chart.ts";
import type { Bar } from "./chart.ts";
import { readable } from "./results.ts";
import type { Results } from "./results.ts";

/** Which measure of which case becomes a chart. */
interface Choice {
  readonly question: string;
  readonly file: string;
  readonly title: string;
  readonly inCase: string;
  readonly measure: string;
  readonly unit: string;
}

const CHOICES: readonly Choice[] = [
  {
    question: "l1-hit",
    file: "l1-hit",
    title: "Hit in memory, 2 tags",
    inCase: "2 tags",
    measure: "perSecond",
    unit: "reads a second",
  },
  {
    question: "l2-hit",
    file: "l2-hit-64",
    title: "Hit in Redis, 64 at a time",
    inCase: "1 KB, 64*",
    measure: "perSecond",
    unit: "reads a second",
  },
  {
    question: "l2-hit",
    file: "l2-hit-1",
    title: "Hit in Redis, one at a time",
    inCase: "1 KB, 1 *",
    measure: "p50",
    unit: "µs, median",
  },
  {
    question: "stampede",
    file: "stampede",
    title: "3,000 callers miss one key",
    inCase: "1000*",
    measure: "calls",
    unit: "calls of the origin",
  },
  {
    question: "tag-change",
    file: "tag-change",
    title: "Voiding 100,000 entries by tag",
    inCase: "100,000*",
    measure: "ms",
    unit: "ms",
  },
  {
    question: "route",
    file: "route",
    title: "Cached route of 5 KB",
    inCase: "GET*",
    measure: "rps",
    unit: "requests a second",
  },
  {
    question: "memory",
    file: "memory",
    title: "An entry of 1 KB in memory",
    inCase: "100,000*",
    measure: "bytes",
    unit: "bytes",
  },
  {
    question: "lag",
    file: "lag",
    title: "Change → another node's memory",
    inCase: "*",
    measure: "p99",
    unit: "ms, 99th percentile",
  },
  {
    question: "fan-out",
    file: "fan-out-cpu",
    title: "One event to 5,000 sockets",
    inCase: "5,000*",
    measure: "cpuUs",
    unit: "µs of server CPU per delivery",
  },
  {
    question: "fan-out",
    file: "fan-out-held",
    title: "One event to 5,000 sockets",
    inCase: "5,000*",
    measure: "held",
    unit: "ms the event loop was held at most",
  },
  {
    question: "idle",
    file: "idle",
    title: "An idle socket in two rooms",
    inCase: "5,000*",
    measure: "kib",
    unit: "KiB",
  },
  {
    question: "resume",
    file: "resume",
    title: "5,000 clients come back, 5 events each",
    inCase: "5,000*",
    measure: "tookMs",
    unit: "ms until everybody had everything",
  },
  {
    question: "change",
    file: "change",
    title: "A change of 3 tags and an event",
    inCase: "as many*",
    measure: "redisUs",
    unit: "µs of Redis CPU",
  },
  {
    question: "watchers",
    file: "watchers",
    title: "10,000 people look at one page",
    inCase: "10,000*",
    measure: "loads",
    unit: "origin loads after a change",
  },
  {
    question: "redis-killed",
    file: "redis-killed",
    title: "Redis killed: longest local delivery",
    inCase: "50*",
    measure: "maxMs",
    unit: "ms",
  },
  {
    question: "stuck",
    file: "stuck",
    title: "One client stops reading",
    inCase: "1,500*",
    measure: "mib",
    unit: "MiB the server grew by",
  },
  {
    question: "check",
    file: "revocation-check",
    title: "Is this token revoked? One of 1 M is",
    inCase: "1,000,000 revoked tokens, looked for by jti",
    measure: "missNs",
    unit: "ns for a good token",
  },
  {
    question: "revoked-memory",
    file: "revoked-memory",
    title: "1 M revoked tokens on a node",
    inCase: "1,000,000*",
    measure: "rss",
    unit: "MB resident",
  },
  {
    question: "session-requests",
    file: "session-writes",
    title: "A visitor looks at 1,000 pages",
    inCase: "1,000 requests*",
    measure: "writes",
    unit: "commands that write",
  },
  {
    question: "session",
    file: "session-save",
    title: "A session read and saved",
    inCase: "read and saved with one change, one*",
    measure: "p50",
    unit: "µs, median",
  },
  {
    question: "sign-out",
    file: "sign-out",
    title: "Signed out everywhere, among 200,000 sessions",
    inCase: "200,000*",
    measure: "ms",
    unit: "ms",
  },
  {
    question: "limit",
    file: "limit",
    title: "A rate limit, 64 takes at a time",
    inCase: "allowed, 64*",
    measure: "perSecond",
    unit: "takes a second",
  },
];

/** A chart as a file beside the page. */
export interface ChartFile {
  readonly question: string;
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

/** Draws the charts of a run. A chart for which the run has no figures is left out. */
export function chartsOf(results: Results): readonly ChartFile[] {
  return CHOICES.flatMap(({ question, file, title, inCase, measure, unit }) => {
    const { figures = [] } = results.questions.find(({ name }) => name === question) ?? {};
    const chosen = figures.filter((figure) => isCase(figure.case, inCase) && figure.measure === measure);
    const [first] = chosen;
    if (!first) return [];
    const sign = first.better === "more" ? -1 : 1;
    const ordered = [...chosen].sort((one, other) => sign * (one.median - other.median));
    const subtitle = `${unit}, ${first.better === "more" ? "more" : "less"} is better`;
    const svg = drawChart({ title, subtitle, bars: ordered.map(barOf) });
    return [{ question, name: `${file}.svg`, title, svg }];
  });
}

/** `inCase` is the whole name of a case, or its beginning followed by a star. */
function isCase(name: string, inCase: string): boolean {
  return inCase.endsWith("*") ? name.startsWith(inCase.slice(0, -1)) : name === inCase;
}

function barOf({ contestant, median, low, high, floor }: Figure): Bar {
  const isFloor = contestant === floor || contestant.startsWith("raw ");
  const kind = contestant.startsWith("livecache") ? "ours" : isFloor ? "floor" : "peer";
  return { label: contestant, value: median, text: readable(median), low, high, kind };
}
