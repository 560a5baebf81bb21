import type { GroundReport, NodesReport } from "@livecache/wire";
import { counted, percent, span } from "../words.ts";

/** How it stands, in one sentence, and what should be otherwise. */
export interface Health {
  readonly level: "good" | "warn" | "bad";
  readonly sentence: string;
  readonly advice: readonly Advice[];
}

/** Something that should be otherwise. */
export interface Advice {
  readonly level: "note" | "warn" | "bad";
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** From this share of loads on, failing is worth a word; and how many there must have been. */
const WORRYING_ERRORS = 0.05;
const WORRYING_STALE = 0.2;
const ENOUGH = 20;

/** Says how all nodes are, put together. */
export function healthOf(report: NodesReport): Health {
  const advice = [
    ...groundAdvice(report),
    ...missingAdvice(report),
    ...pendingAdvice(report),
    ...cacheAdvice(report),
    ...socketAdvice(report),
  ];
  const level = advice.some((one) => one.level === "bad")
    ? "bad"
    : advice.some((one) => one.level === "warn")
      ? "warn"
      : "good";
  return { level, sentence: sentenceOf(report, advice), advice };
}

function sentenceOf({ nodes }: NodesReport, advice: readonly Advice[]): string {
  const worst = advice.find(({ level }) => level === "bad") ?? advice.find(({ level }) => level === "warn");
  const [hits, misses] = [sum(nodes, ({ cache }) => cache.hits), sum(nodes, ({ cache }) => cache.misses)];
  const sockets = sum(nodes, ({ live }) => live.connections);
  const reads =
    hits + misses === 0
      ? "nothing has been read yet"
      : `${percent(hits / (hits + misses))} of reads need no load`;
  const usual = `${counted(nodes.length, "node")} ${groundName(nodes)}, ${reads}, ${counted(sockets, "socket")} connected`;
  if (!worst) return `All is well: ${usual}, and nothing waits.`;
  const more = advice.filter(({ level }) => level !== "note").length - 1;
  const rest =
    more > 0 ? ` There ${more === 1 ? "is one thing" : `are ${more} things`} more to look at.` : "";
  return `${worst.what}; otherwise ${usual}.${rest}`;
}

function groundName(nodes: NodesReport["nodes"]): string {
  return nodes.some(({ ground }) => ground.kind === "redis") ? "on Redis" : "in memory";
}

function groundAdvice({ nodes }: NodesReport): readonly Advice[] {
  const away = nodes.filter(({ ground }) => ground.state === "away");
  const found: Advice[] = [];
  if (away.length > 0) {
    const { cause, forMs } = away[0]!.ground;
    found.push({
      level: "bad",
      what: `${counted(away.length, "node")} ${away.length === 1 ? "has" : "have"} been without Redis for ${span(forMs)}`,
      why: `Every node answers by itself and keeps what it loads for a second: ${cause ?? "nobody knows why"}.`,
      fix: "Look whether the server runs and can be reached; nodes come back by themselves.",
    });
  }
  const byCode = new Map<string, GroundReport["advice"][number]>();
  for (const one of nodes.flatMap(({ ground }) => ground.advice)) byCode.set(one.code, one);
  return [...found, ...settingsAdvice([...byCode.values()])];
}

/** What should be otherwise with the settings of the ground. */
export function settingsAdvice(advice: GroundReport["advice"]): readonly Advice[] {
  return advice.map(({ isWarning, what, why, fix }) => ({
    level: isWarning ? "warn" : "note",
    what: `Redis: ${what}`,
    why: ended(why),
    fix: ended(fix),
  }));
}

function missingAdvice({ missing }: NodesReport): readonly Advice[] {
  if (missing.length === 0) return [];
  return [
    {
      level: "bad",
      what: `${counted(missing.length, "live node")} did not answer (${missing.join(", ")})`,
      why: "It is busy, stopped, or was ended a moment ago without a word. What it knows is missing on these pages.",
      fix: "Look at the load of that process. A node that is gone leaves this list within seconds.",
    },
  ];
}

function pendingAdvice({ nodes }: NodesReport): readonly Advice[] {
  const waiting = nodes.filter(({ hasPending }) => hasPending);
  if (waiting.length === 0) return [];
  return [
    {
      level: "warn",
      what: `Changes wait on ${counted(waiting.length, "node")}`,
      why: "They were made while Redis was away: other nodes do not know of them yet.",
      fix: "They are told by themselves as soon as Redis is back. Do not end these processes before.",
    },
  ];
}

function cacheAdvice({ nodes }: NodesReport): readonly Advice[] {
  const loads = sum(nodes, ({ cache }) => cache.patterns.reduce((all, { loads: own }) => all + own, 0));
  const errors = sum(nodes, ({ cache }) => cache.errors);
  const stale = sum(nodes, ({ cache }) => cache.stale);
  const answers = sum(nodes, ({ cache }) => cache.hits + cache.misses);
  const found: Advice[] = [];
  if (loads >= ENOUGH && errors / loads > WORRYING_ERRORS) {
    found.push({
      level: errors / loads > 0.5 ? "bad" : "warn",
      what: `${percent(errors / loads)} of loads failed`,
      why: "Readers got an error, or a stale value where one was kept.",
      fix: "Caches shows which pattern fails; the log of the application has the errors.",
    });
  }
  if (answers >= ENOUGH && stale / answers > WORRYING_STALE) {
    found.push({
      level: "warn",
      what: `${percent(stale / answers)} of answers were stale`,
      why: "Loads are slower than what readers are willing to wait, or fail.",
      fix: "Look at the time of loads under Caches.",
    });
  }
  return found;
}

function socketAdvice({ nodes }: NodesReport): readonly Advice[] {
  const dropped = sum(nodes, ({ live }) => live.eventsDropped);
  if (dropped === 0) return [];
  return [
    {
      level: "warn",
      what: `${counted(dropped, "event")} had to be given up`,
      why: "Too many waited for their change to be applied; the channels were told to reload, so nobody has missed anything.",
      fix: "Look whether a node falls behind: its position under Nodes.",
    },
  ];
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function ended(sentence: string): string {
  const capital = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return capital.endsWith(".") ? capital : `${capital}.`;
}
