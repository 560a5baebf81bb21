import { LiveError } from "@livecache/wire";
import { expect, test } from "vitest";
import type { Clock } from "../base/clock.ts";
import { createTasks } from "../base/tasks.ts";
import { createMemoryLimitStore } from "../memory/limit-store.ts";
import { defineLimit } from "./define-limit.ts";
import { createLimits } from "./limits.ts";
import type { Limits } from "./limits.ts";

const policy = defineLimit({ name: "api", limit: 8, window: "1m" });

/** A ground that may be away, a clock in the test's hand, and nodes on it. */
function openGround(nodes = 4) {
  let nowMs = 1_000_000;
  let isHere = true;
  let timers: { atMs: number; task: () => void }[] = [];
  const clock: Clock = {
    now: () => nowMs,
    wall: () => nowMs,
    after(delayMs, task) {
      const timer = { atMs: nowMs + delayMs, task };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
  };
  const store = createMemoryLimitStore(clock, () => {
    if (!isHere) throw new LiveError("LIVE_GROUND_AWAY", "away");
  });
  const tasks = createTasks((error) => {
    throw error;
  });
  const closing = new AbortController();
  return {
    clock,
    closing,
    setHere: (here: boolean) => void (isHere = here),
    pass(ms: number) {
      nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { task } of due) task();
      return tasks.settled();
    },
    timers: () => timers.length,
    async node(maxSubjects?: number): Promise<Limits> {
      const limits = createLimits({
        store,
        changeLog: { lagging: async () => nodes },
        isHere: () => isHere,
        clock,
        tasks,
        signal: closing.signal,
        ...(maxSubjects !== undefined && { maxSubjects }),
      });
      await limits.peek({ policy, subject: "nobody" });
      await tasks.settled();
      return limits;
    },
    /** A node that has been told for a minute how many there are. */
    async oldNode(maxSubjects?: number): Promise<Limits> {
      const limits = await this.node(maxSubjects);
      for (let asked = 1; asked < 6; asked++) {
        await this.pass(10_000);
        await limits.peek({ policy, subject: "nobody" });
        await tasks.settled();
      }
      return limits;
    },
  };
}

async function takeAll(limits: Limits, times: number, by = policy): Promise<number> {
  let allowed = 0;
  for (let taken = 0; taken < times; taken++) {
    if ((await limits.take({ policy: by, subject: "ana" })).allowed) allowed++;
  }
  return allowed;
}

test("while the ground is away a node gives out its share, and says so", async () => {
  const ground = openGround();
  const limits = await ground.node();
  ground.setHere(false);
  const first = await limits.take({ policy, subject: "ana" });
  expect(first).toMatchObject({ allowed: true, limit: 8, remaining: 1, scope: "local" });
  expect(await takeAll(limits, 5)).toBe(1);
  await ground.pass(61_000);
  expect(await takeAll(limits, 5)).toBe(2);
  expect(limits.figures()).toMatchObject({ allowed: 4, refused: 7, local: 11, lost: 0 });
});

test("a share is never less than one", async () => {
  const ground = openGround(20);
  const limits = await ground.node();
  ground.setHere(false);
  expect(await takeAll(limits, 5)).toBe(1);
});

test("what the ground had said is left is shared, and what it gave to a node counts in the share of that node", async () => {
  const ground = openGround();
  const [some, much, none] = [await ground.node(), await ground.node(), await ground.node()];
  expect(await takeAll(much, 3)).toBe(3);
  expect(await takeAll(some, 1)).toBe(1);
  await none.peek({ policy, subject: "ana" });
  ground.setHere(false);
  expect(await takeAll(some, 5)).toBe(1);
  expect(await takeAll(much, 5)).toBe(0);
  expect(await takeAll(none, 5)).toBe(1);
  await ground.pass(61_000);
  expect(await takeAll(much, 5)).toBe(2);
});

test("what is given back to the ground counts in the share no more", async () => {
  const ground = openGround();
  const limits = await ground.node();
  await takeAll(limits, 2);
  await limits.reward({ policy, subject: "ana", points: 2 });
  ground.setHere(false);
  expect(await takeAll(limits, 5)).toBe(2);
});

test("who was blocked stays blocked", async () => {
  const ground = openGround();
  const limits = await ground.node();
  const blocking = defineLimit({ name: "blocking", limit: 8, window: "1s", block: "1h" });
  await takeAll(limits, 9, blocking);
  ground.setHere(false);
  await ground.pass(60_000);
  expect(await limits.take({ policy: blocking, subject: "ana" })).toMatchObject({
    allowed: false,
    blocked: true,
  });
});

test("what was taken meanwhile is told with the next taking, and otherwise soon after the ground is back", async () => {
  const ground = openGround(2);
  const limits = await ground.oldNode();
  ground.setHere(false);
  expect(await takeAll(limits, 4)).toBe(4);
  await limits.take({ policy, subject: "ben" });
  ground.setHere(true);
  expect((await limits.take({ policy, subject: "ana" })).remaining).toBe(3);
  await ground.pass(500);
  const other = await ground.node();
  expect((await other.peek({ policy, subject: "ben" })).remaining).toBe(7);
  expect((await other.peek({ policy, subject: "ana" })).remaining).toBe(3);
  expect(ground.timers()).toBe(0);
});

test("nothing is told of what does not count any more", async () => {
  const ground = openGround(2);
  const limits = await ground.oldNode();
  ground.setHere(false);
  await takeAll(limits, 4);
  await ground.pass(120_000);
  ground.setHere(true);
  await ground.pass(500);
  const other = await ground.node();
  expect((await other.peek({ policy, subject: "ana" })).remaining).toBe(8);
});

test("of a strict limit nothing is allowed without the ground; that begins no block, and ends none", async () => {
  const ground = openGround();
  const limits = await ground.node();
  const by = defineLimit({ name: "codes", limit: 8, window: "1m", block: "1h", strict: true });
  expect(await takeAll(limits, 1, by)).toBe(1);
  ground.setHere(false);
  const refusal = { allowed: false, limit: 8, remaining: 0, retryAfterMs: 1_000, scope: "local" };
  for (const act of ["take", "peek", "penalty", "reward"] as const) {
    expect(await limits[act]({ policy: by, subject: "ana" })).toMatchObject({ ...refusal, blocked: false });
  }
  ground.setHere(true);
  expect(await limits.take({ policy: by, subject: "ana" })).toMatchObject({
    allowed: true,
    scope: "cluster",
  });
  expect(await takeAll(limits, 8, by)).toBe(6);
  ground.setHere(false);
  expect(await limits.take({ policy: by, subject: "ana" })).toMatchObject({
    ...{ allowed: false, blocked: true, retryAfterMs: 3_600_000 },
  });
});

test.each([
  ["below", 9, 9, 0],
  ["at", 10, 10, 0],
  ["above", 12, 10, 2],
])("subjects %s the bound: %i are seen, %i known, %i of them lost", async (_where, ...row) => {
  const [seen, known, lost] = row;
  const ground = openGround(1);
  const limits = await ground.node(10);
  await limits.forget({ policy, subject: "nobody" });
  ground.setHere(false);
  for (let subject = 0; subject < seen; subject++) await limits.take({ policy, subject: `s${subject}` });
  expect(limits.figures()).toMatchObject({ known, lost });
  ground.setHere(true);
  await ground.pass(500);
  const other = await ground.node();
  const told: boolean[] = [];
  for (let subject = 0; subject < seen; subject++) {
    told.push((await other.peek({ policy, subject: `s${subject}` })).remaining === 7);
  }
  expect(told.filter(Boolean)).toHaveLength(known);
});

test("penalty, reward, block and forget work here and away", async () => {
  for (const here of [true, false]) {
    const ground = openGround(1);
    const limits = await ground.oldNode();
    ground.setHere(here);
    const scope = here ? "cluster" : "local";
    const call = { policy, subject: "ana" };
    expect(await limits.penalty({ ...call, points: 5 })).toMatchObject({ remaining: 3, scope });
    expect(await limits.reward({ ...call, points: 2 })).toMatchObject({ remaining: 5, scope });
    expect(await limits.block({ ...call, for: "5m" })).toMatchObject({
      blocked: true,
      retryAfterMs: 300_000,
      scope,
    });
    expect(await limits.take(call)).toMatchObject({ allowed: false, blocked: true, scope });
    expect(await limits.forget(call)).toEqual({ scope });
    expect(await limits.take(call)).toMatchObject({ allowed: true, remaining: 7, scope });
  }
});

test("two limits of one name that differ are refused; equal ones are one", async () => {
  const limits = await openGround().node();
  const same = defineLimit({ name: "api", limit: 8, window: "60s" });
  expect((await limits.take({ policy: same, subject: "ana" })).remaining).toBe(7);
  const other = defineLimit({ name: "api", limit: 9, window: "1m" });
  await expect(limits.take({ policy: other, subject: "ana" })).rejects.toMatchObject({
    code: "LIVE_OPTIONS_INVALID",
    message: expect.stringContaining('two limits are named "api"') as unknown,
  });
});

test("wrong calls say what is wrong, and a closed node says that", async () => {
  const ground = openGround();
  const limits = await ground.node();
  await expect(limits.take({ policy, subject: "" })).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  await expect(limits.take({ policy, subject: "a", cost: 9 })).rejects.toMatchObject({
    code: "LIVE_INPUT_INVALID",
  });
  await expect(limits.block({ policy, subject: "a", for: "32d" })).rejects.toMatchObject({
    code: "LIVE_OPTIONS_INVALID",
  });
  ground.closing.abort();
  await expect(limits.take({ policy, subject: "a" })).rejects.toMatchObject({ code: "LIVE_CLOSED" });
});
