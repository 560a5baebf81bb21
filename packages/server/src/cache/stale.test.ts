import { afterEach, beforeEach, expect, test } from "vitest";
import { createCluster, quick, slowLoad } from "../../test/cache/test-node.ts";
import type { TestCluster, TestNode } from "../../test/cache/test-node.ts";
import { createMemoryGround } from "../memory/ground.ts";
import { PLAIN_FRESHNESS } from "./request.ts";
import type { Freshness, Load } from "./request.ts";

const TTL_MS = 1_000;
let cluster: TestCluster;
let a: TestNode;
let b: TestNode;

beforeEach(() => {
  // The ground's time passes with the first node's, so that entries of both age alike.
  const ground = createMemoryGround({
    clock: {
      now: () => performance.now() + (a?.aheadMs ?? 0),
      wall: () => Date.now() + (a?.aheadMs ?? 0),
      after: (delayMs, task) => {
        const timer = setTimeout(task, delayMs);
        return () => clearTimeout(timer);
      },
    },
  });
  cluster = createCluster(ground);
  a = cluster.node("a");
  b = cluster.node("b");
});

afterEach(() => cluster.close());

const accept = (wishes: Partial<Freshness>) => ({ freshness: { ...PLAIN_FRESHNESS, ...wishes } });
const SWR = accept({ swrMs: 5_000 });
const GRACE = accept({ graceMs: 5_000 });
const failing: Load<never> = () => Promise.reject(new Error("no database"));

/** Stores a value, and lets both nodes' time pass. */
async function stored(value: string, ask: ReturnType<typeof accept>, passMs: number): Promise<void> {
  await a.load("k", quick(value, ["t"], TTL_MS), ask);
  a.aheadMs += passMs;
  b.aheadMs += passMs;
  // What is heard now makes the lease current again.
  for (const node of [a, b]) node.room.heard(performance.now() + node.aheadMs);
}

/** Resolves when a load of the key has ended. */
async function loaded(node: TestNode, count = 1): Promise<void> {
  await expect
    .poll(() => node.told.filter((event) => event.type === "loaded").length)
    .toBeGreaterThanOrEqual(count);
}

test("stale-while-revalidate: past its TTL a value is answered, and loaded anew once", async () => {
  await stored("old", SWR, TTL_MS);
  const slow = slowLoad("new", ["t"], TTL_MS);
  const answers = await Promise.all([1, 2, 3].map(() => a.load("k", slow.load, SWR)));
  expect(answers.map(({ value, reason }) => [value, reason])).toEqual([1, 2, 3].map(() => ["old", "stale"]));
  slow.end();
  await loaded(a, 2);
  expect(slow.counter.loads).toBe(1);
  expect(await a.load("k", failing, SWR)).toMatchObject({ value: "new", reason: "hit-near" });
});

test("stale-while-revalidate holds on another node too, and ends with its time", async () => {
  await stored("old", SWR, TTL_MS + 4_999);
  const slow = slowLoad("new", ["t"], TTL_MS);
  expect(await b.load("k", slow.load, SWR)).toMatchObject({ value: "old", reason: "stale", source: "far" });
  slow.end();
  await loaded(b);
  await stored("newer", SWR, 2 * TTL_MS + 5_000);
  expect(await b.load("k", quick("newest", ["t"]), SWR)).toMatchObject({ value: "newest", source: "load" });
});

test("a reader who accepts nothing stale waits for a refresh that is under way", async () => {
  await stored("old", SWR, TTL_MS);
  const slow = slowLoad("new", ["t"], TTL_MS);
  await a.load("k", slow.load, SWR);
  await slow.started;
  const strict = a.load("k", failing);
  slow.end();
  expect(await strict).toMatchObject({ value: "new" });
});

test("grace: when the load fails, a value past its TTL is answered, as long as grace lasts", async () => {
  await stored("old", GRACE, TTL_MS);
  expect(await a.load("k", failing, GRACE)).toMatchObject({ value: "old", reason: "grace" });
  expect(await b.load("k", failing, GRACE)).toMatchObject({ value: "old", reason: "grace" });
  await expect(a.load("k", failing)).rejects.toThrow("no database");
  await stored("newer", GRACE, TTL_MS + 5_000);
  await expect(b.load("k", failing, GRACE)).rejects.toThrow("no database");
});

test("G1: after a hard change neither swr nor grace answers the old value", async () => {
  const both = accept({ swrMs: 5_000, graceMs: 5_000 });
  await stored("old", both, 0);
  await b.load("k", failing, both);
  await a.change("t");
  await expect(a.load("k", failing, both)).rejects.toThrow("no database");
  await expect(b.load("k", failing, both)).rejects.toThrow("no database");
});

test("soft timeout: with a value in reserve a slow load is not waited for, and is stored", async () => {
  const soft = accept({ graceMs: 5_000, softTimeoutMs: 10 });
  await stored("old", soft, TTL_MS);
  const slow = slowLoad("new", ["t"], TTL_MS);
  expect(await a.load("k", slow.load, soft)).toMatchObject({ value: "old", reason: "timeout" });
  slow.end();
  await loaded(a, 2);
  expect(await a.load("k", failing, soft)).toMatchObject({ value: "new", reason: "hit-near" });
});

test("soft timeout: without a value in reserve the load is waited for", async () => {
  const soft = accept({ graceMs: 5_000, softTimeoutMs: 1 });
  const slow = slowLoad("new", ["t"], TTL_MS);
  const reading = a.load("k", slow.load, soft);
  await slow.started;
  await new Promise((resolve) => setTimeout(resolve, 5));
  slow.end();
  expect(await reading).toMatchObject({ value: "new", reason: "absent" });
});

test("hard timeout: the reader is told, and what the load brings is stored", async () => {
  const hard = accept({ hardTimeoutMs: 10 });
  const slow = slowLoad("late", ["t"], TTL_MS);
  const reading = a.load("k", slow.load, hard);
  await expect(reading).rejects.toMatchObject({ code: "LIVE_LOAD_TIMEOUT", retryable: true });
  slow.end();
  await loaded(a);
  expect(await a.load("k", failing, hard)).toMatchObject({ value: "late", reason: "hit-near" });
});

test("early refresh: once its share of the TTL has passed, the first reader has it loaded anew", async () => {
  const early = accept({ refreshAt: 0.5 });
  await stored("old", early, TTL_MS * 0.6);
  const slow = slowLoad("new", ["t"], TTL_MS);
  expect(await a.load("k", slow.load, early)).toMatchObject({ value: "old", reason: "hit-near" });
  expect(await b.load("k", failing, early)).toMatchObject({ value: "old", reason: "hit-far" });
  await slow.started;
  slow.end();
  await loaded(a, 2);
  expect(a.told.findLast((event) => event.type === "loaded")).toMatchObject({
    reason: "refreshed",
    outcome: "stored",
  });
  expect(await a.load("k", failing)).toMatchObject({ value: "new", reason: "hit-near" });
});

test("early refresh: a change made while it runs voids what it brings", async () => {
  const early = accept({ refreshAt: 0.5 });
  await stored("old", early, TTL_MS * 0.6);
  const slow = slowLoad("old again", ["t"], TTL_MS);
  await a.load("k", slow.load, early);
  await slow.started;
  await b.change("t");
  slow.end();
  await loaded(a, 2);
  expect(await a.load("k", quick("new", ["t"]), early)).toMatchObject({ value: "new", source: "load" });
});

test("a refresh that fails is not tried again at once", async () => {
  await stored("old", SWR, TTL_MS);
  let loads = 0;
  const counted: Load<never> = () => {
    loads++;
    return failing({} as never);
  };
  await a.load("k", counted, SWR);
  await loaded(a, 2);
  expect(await a.load("k", counted, SWR)).toMatchObject({ value: "old", reason: "stale" });
  expect(loads).toBe(1);
  await stored("unused", SWR, 1_000);
  await a.load("k", counted, SWR);
  await loaded(a, 3);
  expect(loads).toBe(2);
});

test("soft change: who accepts stale is answered with it on every node, everybody else waits", async () => {
  await stored("old", SWR, 0);
  await b.load("k", failing, SWR);
  await a.soften("t");
  const slow = slowLoad("new", ["t"], TTL_MS);
  expect(await a.load("k", slow.load, SWR)).toMatchObject({ value: "old", reason: "stale", ttlLeftMs: 0 });
  expect(await b.load("k", slow.load, SWR)).toMatchObject({ value: "old", reason: "stale" });
  await slow.started;
  const strict = b.load("k", quick("by itself", ["t"]));
  slow.end();
  expect(await strict).toMatchObject({ value: "new" });
  expect(slow.counter.loads).toBe(1);
  expect(b.room.peek("k", undefined)?.value).toBe("new");
});

test("G2: who made the soft change, or heard of it, is not answered with what it made stale", async () => {
  await stored("old", SWR, 0);
  await a.soften("t");
  const fence = a.room.applied()!;
  const fenced = await a.load("k", quick("new", ["t"]), { ...SWR, fence });
  expect(fenced).toMatchObject({ value: "new", source: "load", reason: "fenced" });
});

test("soft change during a load: the value is stored as stale, and nobody who came after gets it as current", async () => {
  const slow = slowLoad("old", ["t"], TTL_MS);
  const before = a.load("k", slow.load, SWR);
  await slow.started;
  await b.soften("t");
  const after = a.load("k", quick("new", ["t"]));
  slow.end();
  expect(await before).toMatchObject({ value: "old" });
  expect(await after).toMatchObject({ value: "new" });
});

test("a hard change after a soft one voids", async () => {
  await stored("old", SWR, 0);
  await a.soften("t");
  await a.change("t");
  await a.soften("t");
  expect(await b.load("k", quick("new", ["t"]), SWR)).toMatchObject({ value: "new", source: "load" });
});

test("fresh: not from memory, but from the ground, and never stale", async () => {
  const fresh = accept({ consistency: "fresh", swrMs: 5_000, graceMs: 5_000 });
  await stored("old", fresh, 0);
  expect(await a.load("k", failing, fresh)).toMatchObject({ value: "old", source: "far" });
  b.hearing = false;
  await b.load("k", failing);
  await a.change("t");
  expect(await b.load("k", failing)).toMatchObject({ value: "old", source: "near" });
  expect(await b.load("k", quick("new", ["t"], TTL_MS), fresh)).toMatchObject({ value: "new" });
  await a.soften("t");
  await expect(a.load("k", failing, fresh)).rejects.toThrow("no database");
});

test("fresh: while the ground is away nothing is shared or kept", async () => {
  const fresh = accept({ consistency: "fresh" });
  a.usable = false;
  await a.load("k", quick(1));
  expect(await a.load("k", quick(2), fresh)).toMatchObject({ value: 2, reason: "ground-away" });
  expect(await a.load("k", quick(3), fresh)).toMatchObject({ value: 3 });
});

test("a loader is told what was stored before, and why it is not simply used", async () => {
  const heard: unknown[] = [];
  const asking: Load<string> = (context) => {
    const previous = context.previous();
    heard.push(previous && [previous.value, previous.reason]);
    return quick(`after ${heard.length}`, ["t"], TTL_MS)(context);
  };
  await a.load("k", asking, GRACE);
  await a.change("t");
  await a.load("k", asking, GRACE);
  await a.soften("t");
  await a.load("k", asking, GRACE);
  await stored("unused", GRACE, TTL_MS);
  await a.load("k", asking, GRACE);
  expect(heard).toEqual([undefined, ["after 1", "changed"], ["after 2", "stale"], ["after 3", "expired"]]);
});

test("code of another version does not use what is stored, and stores its own", async () => {
  await a.load("k", quick("one"), { version: 1 });
  expect(await b.load("k", quick("two"), { version: 2 })).toMatchObject({ value: "two", reason: "schema" });
});

test("what was damaged is a miss, told, and removed", async () => {
  await a.load("k", quick("value"));
  const { cacheStore } = cluster.ground.realm("main");
  const [reply] = await cacheStore.read(["k"]);
  const { entry } = reply as Extract<typeof reply, { state: "valid" }>;
  (entry.value as Uint8Array)[12]! ^= 1;
  expect(await b.load("k", quick("new"))).toMatchObject({ value: "new", reason: "damaged" });
  expect(b.told).toContainEqual({ type: "dropped", key: "k", from: "far", reason: "damaged" });
});

test("hit for miss: who asks for what nobody may share does not wait for others", async () => {
  const alone: Load<number> = async () => ({ store: false, isPrivate: true, isLasting: true, value: 1 });
  await a.load("k", alone);
  const slow = slowLoad(2);
  const first = a.load("k", slow.load);
  await slow.started;
  expect(await a.load("k", quick(3))).toMatchObject({ value: 3, reason: "not-storable" });
  slow.end();
  expect(await first).toMatchObject({ value: 2 });
});
