import { seededRandom, startRedis } from "@livecache/rig";
import type { SeededRandom } from "@livecache/rig";
import { createClient } from "redis";
import { expect, onTestFinished, test } from "vitest";
import type { LimitRule } from "../../src/base/limit-rule.ts";
import { LimitState } from "../../src/base/limit-state.ts";
import type { LimitAct } from "../../src/base/limit-state.ts";
import { SCRIPTS } from "../../src/redis/scripts.gen.ts";

const HOUR_MS = 3_600_000;
const ACTS = 4_000;

/** The script as it is, but for the clock: the test has it in hand. */
function scriptWithClock(): string {
  return replaced(SCRIPTS.limitTake.source, "redis.call('TIME')", "{ ARGV[9], ARGV[10] }");
}

/** As above, and what is kept stays: the server would let it go by its own clock, which knows nothing of the one in hand. */
function scriptOutOfTime(): string {
  return replaced(scriptWithClock(), ", 'PX', string.format('%d', reset))", ")");
}

function replaced(source: string, part: string, by: string): string {
  expect(source).toContain(part);
  return source.replace(part, by);
}

function someRule(random: SeededRandom): LimitRule {
  const algorithm = random.pick(["gcra", "sliding-window"] as const);
  const limit = random.pick([1, 3, 7, 100, 1_000_000]);
  const burst = algorithm === "gcra" ? random.pick([limit, 1, 13]) : limit;
  const windowMs = random.pick([HOUR_MS, HOUR_MS + 1, 2 * HOUR_MS, 31 * 24 * HOUR_MS]);
  return { algorithm, limit, windowMs, burst, blockMs: random.pick([0, 0, HOUR_MS]) };
}

function someAct(random: SeededRandom, { burst }: LimitRule, nowMs: number): LimitAct {
  const kind = random.pick(["take", "take", "take", "take", "peek", "charge", "block"] as const);
  const amount = 1 + random.integer(random.pick([1, 3, burst]));
  const back = kind === "charge" && random.integer(2) === 0 ? -1 : 1;
  const points = kind === "block" ? HOUR_MS + random.integer(HOUR_MS) : back * amount;
  return { kind, points, carried: random.integer(10) === 0 ? 1 + random.integer(burst) : 0, nowMs };
}

test.each([1, 2, 3])("seed %i: the script answers as the process does, act by act", async (seed) => {
  const random = seededRandom(seed);
  const redis = await startRedis();
  onTestFinished(redis.close);
  const client = createClient({ url: redis.url, RESP: 3 });
  await client.connect();
  onTestFinished(() => client.destroy());
  const script = scriptOutOfTime();
  const subjects = Array.from({ length: 5 }, () => ({ state: new LimitState(), rule: someRule(random) }));
  let nowMs = 1_769_000_000_000;
  let refused = 0;

  async function decide(index: number, { kind, points, carried }: LimitAct): Promise<void> {
    const { rule, state } = subjects[index]!;
    const verdict = state.decide(rule, { kind, points, carried, nowMs });
    const { algorithm, limit, windowMs, burst, blockMs } = rule;
    const time = [Math.floor(nowMs / 1_000), (nowMs % 1_000) * 1_000 + random.integer(1_000)];
    const args = [kind, points, carried, algorithm, limit, windowMs, burst, blockMs, ...time];
    const reply = await client.eval(script, { keys: [`limit ${index}`], arguments: args.map(String) });
    const { remaining, retryAfterMs, resetMs, blocked } = verdict;
    expect(reply).toEqual([remaining, retryAfterMs, resetMs, blocked ? 1 : 0]);
    if (!verdict.allowed) refused++;
  }

  /** A refusal writes nothing, so the script does not know of its time; after this both know the same. */
  const note = (index: number) => decide(index, { kind: "charge", points: 1, carried: 0, nowMs });

  for (let count = 0; count < ACTS; count++) {
    nowMs += random.integer(20) === 0 ? random.integer(2 * HOUR_MS) : random.integer(HOUR_MS / 50);
    const index = random.integer(subjects.length);
    if (random.integer(50) === 0) {
      await note(index);
      subjects[index]!.rule = someRule(random);
    }
    await decide(index, someAct(random, subjects[index]!.rule, nowMs));
    if (random.integer(200) > 0) continue;
    // Refusals write nothing, so the script does not know of their time. Before the clock is set back, both know the same.
    for (const known of subjects.keys())
      await decide(known, { kind: "charge", points: 1, carried: 0, nowMs });
    nowMs -= random.integer(HOUR_MS);
  }
  expect(refused).toBeGreaterThan(ACTS / 20);
});

test("what is kept is short, goes away by itself, and a refusal writes nothing", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const client = createClient({ url: redis.url, RESP: 3 });
  await client.connect();
  onTestFinished(() => client.destroy());
  const script = scriptWithClock();
  let nowMs = 1_769_000_000_000;
  const decide = (kind: string, points: number) => {
    const time = [Math.floor(nowMs / 1_000), (nowMs % 1_000) * 1_000];
    const args = [kind, points, 0, "sliding-window", 1_000_000, HOUR_MS, 1_000_000, 0, ...time];
    return client.eval(script, { keys: ["k"], arguments: args.map(String) });
  };
  for (let step = 0; step < 200; step++) {
    nowMs += HOUR_MS / 120;
    await decide("take", 10_000);
  }
  const kept = (await client.get("k"))!;
  expect(kept.split(" ").length - 4).toBeLessThanOrEqual(61);
  expect(kept.length).toBeLessThan(1_000);
  const ttlMs = await client.pTTL("k");
  expect(ttlMs).toBeGreaterThan(0);
  expect(ttlMs).toBeLessThanOrEqual(HOUR_MS + HOUR_MS / 60);
  await decide("take", 1_000_000);
  expect(await client.get("k")).toBe(kept);
});
