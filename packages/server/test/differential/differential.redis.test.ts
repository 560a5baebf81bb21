import { startRedis } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { isLiveError } from "@livecache/wire";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { Ground, Realm } from "../../src/ports/ground.ts";
import { openRedis } from "../../src/redis/open.ts";
import { CACHE_STEPS, LOG_STEPS, NOTE_STEPS } from "./log-steps.ts";
import { CLAIM_STEPS, PRESENCE_STEPS, REGION_STEPS, SOCKET_STEPS } from "./people-steps.ts";
import { createNamer } from "./same-answer.ts";
import type { Namer } from "./same-answer.ts";
import { LIMIT_STEPS, REVOCATION_STEPS, SESSION_STEPS } from "./security-steps.ts";
import type { Remembered, Step } from "./steps.ts";

/** How many sequences are made of each port's calls; more of them with DIFFERENTIAL_RUNS, others with DIFFERENTIAL_SEED. */
const RUNS = Number(process.env["DIFFERENTIAL_RUNS"] ?? 12);
const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);

/**
 * Furthest that two times may lie apart: both grounds are asked one after the other, on a machine that is busy, and limits of an hour
 * are remembered in steps of a minute.
 */
const APART_MS = 63_000;

let server: RedisProcess;
let grounds: readonly Ground[];
let realms = 0;

beforeAll(async () => {
  server = await startRedis();
});

// A ground has a thousand realms at most, and each run takes one.
beforeEach(async () => {
  grounds = [createMemoryGround(), await openRedis(server.url, { commandTimeout: "5s" })];
});

afterEach(async () => {
  await Promise.all(grounds.map((ground) => ground.close()));
});

afterAll(async () => {
  await server.close();
});

/** One run over one ground. */
interface Run {
  readonly realm: Realm;
  readonly namer: Namer;
  readonly remembered: Remembered;
}

function openRun(ground: Ground, name: string): Run {
  const remembered: Remembered = { positions: [], leases: [], entries: [], made: 0 };
  return { realm: ground.realm(name), namer: createNamer(), remembered };
}

async function begin({ realm, namer, remembered }: Run): Promise<void> {
  const what = { tags: [], mode: "purge" as const, events: [] };
  remembered.positions.push(await realm.changeLog.append({ changeId: "first", origin: "n", ...what }));
  namer.plain(remembered.positions);
}

/** What a call came to, in words that are equal on both grounds. */
async function outcomeOf({ realm, namer, remembered }: Run, step: Step) {
  try {
    return namer.plain(await step.perform(realm, remembered));
  } catch (error) {
    return { answer: isLiveError(error) ? `rejects with ${error.code}` : String(error), times: [] };
  }
}

async function expectSame(steps: readonly Step[]): Promise<void> {
  const name = `differential${++realms}`;
  const [memory, redis] = grounds.map((ground) => openRun(ground, name)) as [Run, Run];
  // Where an empty log stands is nothing that both answer.
  await Promise.all([memory, redis].map(begin));
  for (const [index, step] of steps.entries()) {
    const here = await outcomeOf(memory, step);
    const there = await outcomeOf(redis, step);
    expect(here.answer, `step ${index}: ${step.text}; expected is Redis`).toEqual(there.answer);
    const apart = here.times.map((time, at) => Math.abs(time - there.times[at]!));
    expect(Math.max(0, ...apart), `step ${index}: ${step.text}: times`).toBeLessThan(APART_MS);
  }
}

test.each([
  { port: "changeLog", steps: LOG_STEPS },
  { port: "cacheStore", steps: CACHE_STEPS },
  { port: "notificationStore", steps: NOTE_STEPS },
  { port: "claimStore", steps: CLAIM_STEPS },
  { port: "limitStore", steps: LIMIT_STEPS },
  { port: "presenceStore", steps: PRESENCE_STEPS },
  { port: "regionStore", steps: REGION_STEPS },
  { port: "revocationStore", steps: REVOCATION_STEPS },
  { port: "sessionStore", steps: SESSION_STEPS },
  { port: "socketStore", steps: SOCKET_STEPS },
])("$port: memory and Redis answer the same to random calls", { timeout: 600_000 }, async ({ steps }) => {
  const calls = fc.array(steps, { minLength: 4, maxLength: 30, size: "max" });
  await fc.assert(fc.asyncProperty(calls, expectSame), { numRuns: RUNS, seed: SEED, endOnFailure: false });
  expect(realms).toBeGreaterThanOrEqual(RUNS);
});
