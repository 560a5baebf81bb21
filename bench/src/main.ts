import { fileURLToPath } from "node:url";
import { seededRandom } from "@livecache/rig";
import { HELP, readOptions } from "./bench-options.ts";
import type { BenchOptions } from "./bench-options.ts";
import { coldMiss } from "./cache/cold-miss.ts";
import { l1Hit } from "./cache/l1-hit.ts";
import { l2Hit } from "./cache/l2-hit.ts";
import { lag } from "./cache/lag.ts";
import { memory } from "./cache/memory.ts";
import type { Question } from "./cache/question.ts";
import { race } from "./cache/race.ts";
import { route } from "./cache/route.ts";
import { stampedes } from "./cache/stampede.ts";
import { tagChange } from "./cache/tag-change.ts";
import { describeMachine } from "./machine.ts";
import type { Machine } from "./machine.ts";
import { reasonOf } from "./measure/contest.ts";
import { profileAll } from "./profile/profile.ts";
import { changeCost } from "./realtime/questions/change-cost.ts";
import { comeback } from "./realtime/questions/comeback.ts";
import { fanOut } from "./realtime/questions/fan-out.ts";
import { ghosts } from "./realtime/questions/ghosts.ts";
import { idleMemory } from "./realtime/questions/idle-memory.ts";
import { presenceChurn } from "./realtime/questions/presence-churn.ts";
import { redisKilled } from "./realtime/questions/redis-killed.ts";
import { regions } from "./realtime/questions/regions.ts";
import { resume } from "./realtime/questions/resume.ts";
import { rooms } from "./realtime/questions/rooms.ts";
import { stuckReader } from "./realtime/questions/stuck-reader.ts";
import { watchers } from "./realtime/questions/watchers.ts";
import { keepResults } from "./report/keep.ts";
import type { QuestionResult, Results } from "./report/results.ts";
import { asText, tablesOf } from "./report/table.ts";
import { check } from "./security/questions/check.ts";
import { guarded } from "./security/questions/guarded.ts";
import { limitExact } from "./security/questions/limit-exact.ts";
import { limit } from "./security/questions/limit.ts";
import { revokeLag } from "./security/questions/revoke-lag.ts";
import { revokedMemory } from "./security/questions/revoked-memory.ts";
import { sessionRace } from "./security/questions/session-race.ts";
import { sessionRequests } from "./security/questions/session-requests.ts";
import { session } from "./security/questions/session.ts";
import { signOut } from "./security/questions/sign-out.ts";

const CACHE = [l1Hit, l2Hit, stampedes, tagChange, route, memory, lag, coldMiss, race];
const REALTIME = [
  fanOut,
  rooms,
  idleMemory,
  resume,
  changeCost,
  watchers,
  comeback,
  stuckReader,
  presenceChurn,
  regions,
  redisKilled,
  ghosts,
];
const SECURITY = [
  check,
  revokedMemory,
  revokeLag,
  session,
  sessionRequests,
  sessionRace,
  signOut,
  limit,
  limitExact,
  guarded,
];
const QUESTIONS: Readonly<Record<Results["topic"], readonly Question[]>> = {
  cache: CACHE,
  realtime: REALTIME,
  security: SECURITY,
};

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function ask(
  question: Question,
  { quick, seed }: BenchOptions,
  machine: Machine,
): Promise<QuestionResult> {
  const startedAt = performance.now();
  const answer = await question.run({ quick, random: seededRandom(seed) }).catch((error: unknown) => ({
    figures: [],
    failures: [{ case: "all", contestant: "all", why: reasonOf(error) }],
    notes: [],
  }));
  const tookS = Math.round((performance.now() - startedAt) / 100) / 10;
  print(`\n${question.question}  [${question.name}, ${tookS} s]`);
  for (const table of tablesOf(answer)) print(`\n${asText(table)}`);
  for (const note of answer.notes) print(`\n  ${note}`);
  return {
    name: question.name,
    question: question.question,
    tookS,
    date: machine.date,
    load: machine.loadAtStart,
    ...answer,
  };
}

function isAsked({ name, isLong = false }: Question, { only, quick }: BenchOptions): boolean {
  return only.length > 0 ? only.includes(name) : !(quick && isLong);
}

async function run(topic: Results["topic"], options: BenchOptions): Promise<Results> {
  const startedAt = performance.now();
  const machine = await describeMachine();
  print(
    `${machine.cpu}, ${machine.cores} cores · Node ${machine.node} · Redis ${machine.redis} · load ${machine.loadAtStart}`,
  );
  const questions: QuestionResult[] = [];
  for (const question of QUESTIONS[topic]) {
    if (!isAsked(question, options)) continue;
    questions.push(await ask(question, options, machine));
  }
  const tookS = Math.round((performance.now() - startedAt) / 1_000);
  return { topic, quick: options.quick, seed: options.seed, machine, tookS, questions };
}

async function main(): Promise<number> {
  let options: BenchOptions | undefined;
  try {
    options = readOptions(process.argv.slice(2), {
      cache: CACHE.map(({ name }) => name),
      realtime: REALTIME.map(({ name }) => name),
      security: SECURITY.map(({ name }) => name),
    });
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n\n${HELP}\n`);
    return 2;
  }
  if (!options) {
    print(HELP);
    return 0;
  }
  if (options.topic === "profile") {
    for (const { name, text } of await profileAll(ROOT)) print(`\n${name}\n${text}`);
    return 0;
  }
  const results = await run(options.topic, options);
  if (!options.quick) {
    print(`\nKept: ${(await keepResults(results, ROOT)).join(", ")}`);
  }
  print(`\n${JSON.stringify(results)}`);
  return results.questions.some(({ figures }) => figures.length === 0) ? 1 : 0;
}

// Every process that the run starts is ended with it, by a listener each.
process.setMaxListeners(0);
process.exitCode = await main();
