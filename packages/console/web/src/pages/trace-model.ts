import type { ChangeTrace, Trail } from "@livecache/wire";
import { counted, time } from "../words.ts";

/** A step of a change, in the order in which they come. */
export type StepName = "write" | "apply" | "drop" | "event" | "told" | "back" | "read";

/** What one step came to, over all nodes. */
export interface Step {
  readonly name: StepName;
  readonly title: string;
  /** The figure that says most. */
  readonly figure: string;
  readonly words: string;
  /** Whether it has happened at all. */
  readonly isThere: boolean;
}

/** A stretch of time on one node, in milliseconds since the write began; a moment has no length. */
export interface Bar {
  readonly name: StepName;
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly words: string;
}

/** What became of a change on one node. */
export interface Lane {
  readonly node: string;
  readonly isOrigin: boolean;
  /** How long after the beginning of the write it had applied it. */
  readonly lagMs: number | undefined;
  readonly dropped: number;
  readonly bars: readonly Bar[];
}

/** A change, ready to be drawn. */
export interface TraceModel {
  readonly tags: readonly string[];
  readonly tagCount: number;
  readonly position: string | undefined;
  readonly scope: "cluster" | "local" | undefined;
  /** When the write began; without its node, the first that is known. */
  readonly startAtMs: number;
  /** When the last thing happened that is known, since then. */
  readonly endMs: number;
  readonly steps: readonly Step[];
  readonly lanes: readonly Lane[];
}

/** Puts what all nodes say in one order. `undefined` when none remembers the change. */
export function modelOf({ nodes }: ChangeTrace): TraceModel | undefined {
  const [any] = nodes;
  if (!any) return undefined;
  const writer = nodes.find(({ write }) => write);
  const startAtMs = writer?.write?.atMs ?? Math.min(...nodes.flatMap(momentsOf));
  const lanes = nodes
    .map((trail) => laneOf(trail, startAtMs))
    .sort((a, b) => Number(b.isOrigin) - Number(a.isOrigin) || (a.lagMs ?? 0) - (b.lagMs ?? 0));
  const ends = lanes.flatMap(({ bars }) => bars.map(({ toMs }) => toMs));
  const known = nodes.find(({ tagCount }) => tagCount > 0) ?? any;
  return {
    tags: known.tags,
    tagCount: known.tagCount,
    position: nodes.find(({ position }) => position)?.position,
    scope: writer?.write?.scope,
    startAtMs: Number.isFinite(startAtMs) ? startAtMs : 0,
    endMs: Math.max(1, ...ends),
    steps: stepsOf(nodes, lanes),
    lanes,
  };
}

function momentsOf({ appliedAtMs, told, events, firstRead }: Trail): readonly number[] {
  return [appliedAtMs, told?.atMs, events[0]?.atMs, firstRead?.atMs].filter((at) => at !== undefined);
}

function laneOf(trail: { readonly node: string } & Trail, startAtMs: number): Lane {
  const { node, write, appliedAtMs, dropped } = trail;
  // The ground's date is known to within a round trip: nothing comes before its cause.
  const since = (atMs: number): number => Math.max(0, atMs - startAtMs);
  const lagMs = appliedAtMs === undefined ? undefined : since(appliedAtMs);
  return { node, isOrigin: write !== undefined, lagMs, dropped, bars: barsOf(trail, since) };
}

function barsOf(
  { write, appliedAtMs, told, events, watchedAgain, firstRead }: Trail,
  since: (atMs: number) => number,
): readonly Bar[] {
  const bars: Bar[] = [];
  if (write) {
    const where = write.scope === "cluster" ? "stood in the log" : "waits here, because the ground is away";
    bars.push({
      name: "write",
      title: "Write",
      fromMs: 0,
      toMs: write.ms,
      words: `${where} after ${time(write.ms)}`,
    });
  }
  if (appliedAtMs !== undefined) {
    const toMs = since(appliedAtMs);
    const words = `applied after ${time(toMs)}: nothing older is answered from then on`;
    bars.push({ name: "apply", title: "Applied", fromMs: Math.min(write?.ms ?? 0, toMs), toMs, words });
  }
  for (const { atMs, channel, name, members } of events) {
    const at = since(atMs);
    const words = `${name} to ${counted(members, "member")} of ${channel}`;
    bars.push({ name: "event", title: "Event", fromMs: at, toMs: at, words });
  }
  if (told) {
    const at = since(told.atMs);
    const words = `${counted(told.queries, "watched response")} went stale, ${counted(told.watchers, "screen")} told`;
    bars.push({ name: "told", title: "Told", fromMs: at, toMs: at, words });
  }
  if (watchedAgain) {
    const toMs = since(watchedAgain.lastAtMs);
    const of = told ? ` of ${told.watchers}` : "";
    const words = `${watchedAgain.count}${of} screens show it, the last after ${time(toMs)}`;
    bars.push({ name: "back", title: "Shown", fromMs: told ? since(told.atMs) : toMs, toMs, words });
  }
  if (firstRead) {
    const toMs = since(firstRead.atMs);
    const words = `${firstRead.key} answered after ${time(firstRead.ms)}: ${firstRead.reason}`;
    bars.push({ name: "read", title: "First read", fromMs: Math.max(0, toMs - firstRead.ms), toMs, words });
  }
  // Nothing comes before the node has applied it, but for the write.
  return bars.sort((a, b) => rank(a) - rank(b) || a.fromMs - b.fromMs);
}

function rank({ name }: Bar): number {
  return name === "write" ? 0 : name === "apply" ? 1 : 2;
}

function stepsOf(nodes: ChangeTrace["nodes"], lanes: readonly Lane[]): readonly Step[] {
  const write = nodes.find((trail) => trail.write)?.write;
  const lags = lanes.flatMap(({ lagMs }) => lagMs ?? []);
  const dropped = sum(nodes.map((trail) => trail.dropped));
  const events = nodes.flatMap((trail) => trail.events);
  const rooms = new Set(events.map(({ channel }) => channel)).size;
  const members = sum(events.map((event) => event.members));
  const told = nodes.flatMap((trail) => trail.told ?? []);
  const queries = sum(told.map((one) => one.queries));
  const watchers = sum(told.map((one) => one.watchers));
  const back = sum(nodes.map((trail) => trail.watchedAgain?.count ?? 0));
  const [read] = nodes.flatMap((trail) => trail.firstRead ?? []).sort((a, b) => a.atMs - b.atMs);
  const backOf = watchers > 0 ? `${back} of ${watchers}` : String(back);
  const logged = write?.scope === "local" ? "waits for the ground" : "until it stood in the log";
  const found: Readonly<Record<StepName, readonly [figure: string | false | undefined, words: string]>> = {
    write: [write && time(write.ms), logged],
    apply: [lags.length > 0 && time(Math.max(...lags)), `until the last of ${counted(lags.length, "node")}`],
    drop: [dropped > 0 && String(dropped), `${dropped === 1 ? "entry" : "entries"} found void so far`],
    event: [members > 0 && String(members), `${plural(members, "socket")} in ${counted(rooms, "room")}`],
    told: [
      watchers > 0 && String(watchers),
      `${plural(watchers, "screen")} of ${counted(queries, "response")}`,
    ],
    back: [back > 0 && backOf, "screens came back for it"],
    read: [read && time(read.ms), read?.reason ?? ""],
  };
  return STEPS.map(([name, title]) => {
    const [figure, words] = found[name];
    if (!figure) return { name, title, figure: "–", words: NOTHING[name], isThere: false };
    return { name, title, figure, words, isThere: true };
  });
}

const STEPS = [
  ["write", "Written"],
  ["apply", "Applied"],
  ["drop", "Dropped"],
  ["event", "Events"],
  ["told", "Told"],
  ["back", "Shown"],
  ["read", "First fresh read"],
] as const;

const NOTHING: Readonly<Record<StepName, string>> = {
  write: "by a node that is not asked",
  apply: "nobody has applied it yet",
  drop: "nobody has asked for anything void",
  event: "it published nothing",
  told: "nobody watched any of it",
  back: "nobody has come back yet",
  read: "nobody has read any of it yet",
};

function plural(count: number, one: string): string {
  return count === 1 ? one : `${one}s`;
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0);
}

/** Where an instant stands between the beginning and the end, 0 to 1: the first milliseconds get as much room as the last seconds. */
export function placeOf(ms: number, endMs: number): number {
  const bend = (value: number): number => Math.log1p(Math.max(0, value) / 0.5);
  return Math.min(1, bend(ms) / bend(endMs));
}

/** The instants that are named on the axis. */
export function ticksOf(endMs: number): readonly number[] {
  const all = [0, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 60_000, 300_000, 3_600_000];
  const fitting = all.filter((ms) => ms <= endMs);
  return fitting.length > 7 ? fitting.filter((ms) => !String(ms).startsWith("3") || ms > 60_000) : fitting;
}

/** Tags without those that move because another one does: `user:42:*` goes with `user:42`. */
export function ownTags(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => !tag.endsWith(":*") || !tags.includes(tag.slice(0, -2)));
}
