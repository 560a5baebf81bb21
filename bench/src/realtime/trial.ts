import { runContest } from "../measure/contest.ts";
import type { ConstantFloor } from "../measure/contest.ts";
import type { Answer, Measure } from "../measure/figure.ts";
import type { RunSetting } from "../cache/question.ts";
import { inArena } from "./arena.ts";
import type { Arena, ArenaSetting } from "./arena.ts";
import type { Arrivals } from "./load/arrivals.ts";
import type { ContestantName } from "./sites/roster.ts";

/** What all others are measured against. */
const FLOOR: ContestantName = "raw ws";

/** Everybody with a socket server of their own. */
export const EVERYBODY: readonly ContestantName[] = [
  FLOOR,
  "livecache",
  "livecache (no Redis)",
  "socket.io (no Redis)",
  "redis-adapter",
  "sharded adapter",
  "streams adapter",
];

/** Those of a quick run. */
export const FEW: readonly ContestantName[] = [FLOOR, "livecache", "redis-adapter"];

/** Those that can be several nodes. */
export const CLUSTERED = EVERYBODY.filter((name) => !name.endsWith("(no Redis)"));

/** One case of a question: each round of each contestant is a fresh arena. */
export interface Trial extends Omit<ArenaSetting, "contestant"> {
  readonly case: string;
  readonly measures: Readonly<Record<string, Measure>>;
  readonly contestants: readonly ContestantName[];
  readonly floor?: string | ConstantFloor;
  readonly rounds: number;
  readonly round: (arena: Arena) => Promise<Readonly<Record<string, number>>>;
}

/** Lets all contestants of a case run in turns. */
export function runTrial(trial: Trial, { random }: RunSetting): Promise<Omit<Answer, "notes">> {
  const { contestants, round, nodes, resumes, loadMs, floor = FLOOR, ...contest } = trial;
  const arena = {
    ...(nodes === undefined ? {} : { nodes }),
    ...(resumes === undefined ? {} : { resumes }),
    ...(loadMs === undefined ? {} : { loadMs }),
  };
  const entrants = contestants.map((contestant) => ({
    name: contestant,
    round: () => inArena({ ...arena, contestant }, round),
  }));
  return runContest({ ...contest, floor, warmUps: 0, entrants }, random);
}

/** Puts the answers to several cases together. */
export function together(answers: readonly Omit<Answer, "notes">[], notes: readonly string[]): Answer {
  return {
    figures: answers.flatMap(({ figures }) => figures),
    failures: answers.flatMap(({ failures }) => failures),
    notes,
  };
}

/** Throws unless exactly so many arrived, each once and in order: what was timed was something else then. */
export function requireExact({ received, skipped, again }: Arrivals, expected: number): void {
  if (received === expected && skipped === 0 && again === 0) return;
  throw new Error(
    `void: ${expected} deliveries were expected; ${received} came, ${skipped} were skipped, ${again} came twice or late`,
  );
}

/** What a Redis has used since it was started. */
export interface RedisUsage {
  readonly cpuUs: number;
  /** Time in commands and scripts alone, without reading and writing sockets. */
  readonly commandUs: number;
  readonly sentBytes: number;
}

/** Scripts, and what no script of Livecache calls. */
const BESIDE_SCRIPTS = /^(evalsha|eval|s?subscribe|s?unsubscribe|xread|mget)$/;

/** Asks a Redis what it has used. */
export async function redisUsage({ redis }: Pick<Arena, "redis">): Promise<RedisUsage> {
  const [cpu, stats, commands] = [
    await redis.command("INFO cpu"),
    await redis.command("INFO stats"),
    await redis.command("INFO commandstats"),
  ];
  const seconds = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(cpu)?.[1]);
  const perCommand = [...commands.matchAll(/^cmdstat_(\S+?):calls=\d+,usec=(\d+)/gm)];
  // A script's time has the time of its commands in it, and they are counted by themselves as well.
  const scripts = perCommand.filter(([, name]) => BESIDE_SCRIPTS.test(name!));
  const hasScripts = scripts.some(([, name]) => name === "evalsha");
  const commandUs = (hasScripts ? scripts : perCommand).reduce((sum, [, , us]) => sum + Number(us), 0);
  return {
    cpuUs: (seconds("used_cpu_sys") + seconds("used_cpu_user")) * 1e6,
    commandUs,
    sentBytes: Number(/total_net_output_bytes:(\d+)/.exec(stats)?.[1]),
  };
}

/** Per piece of work: what a Redis used between two looks, less what it uses anyway in that time. */
export function spentOn(
  pieces: number,
  {
    before,
    after,
    idle,
  }: { readonly before: RedisUsage; readonly after: RedisUsage; readonly idle?: RedisUsage },
): RedisUsage {
  const per = (of: (usage: RedisUsage) => number): number =>
    Math.max(0, of(after) - of(before) - (idle ? of(idle) : 0)) / pieces;
  return {
    cpuUs: per(({ cpuUs }) => cpuUs),
    commandUs: per(({ commandUs }) => commandUs),
    sentBytes: per(({ sentBytes }) => sentBytes),
  };
}

/** What a Redis uses in a time in which nobody asks anything of it but its nodes' own heartbeats. */
export async function idleUsage(arena: Arena, ms: number): Promise<RedisUsage> {
  const before = await redisUsage(arena);
  await pause(ms);
  return spentOn(1, { before, after: await redisUsage(arena) });
}

/** As much for another time. */
export function scaled({ cpuUs, commandUs, sentBytes }: RedisUsage, times: number): RedisUsage {
  return { cpuUs: cpuUs * times, commandUs: commandUs * times, sentBytes: sentBytes * times };
}

/** Resolves after a time. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
