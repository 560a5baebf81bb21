import { LiveError } from "@livecache/wire";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { jsonCodec } from "../base/json-codec.ts";
import { dependenciesOf, movedBy } from "../base/names.ts";
import { createTasks } from "../base/tasks.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { Tail, TailEvent } from "../ports/change-log.ts";
import type { Ground } from "../ports/ground.ts";
import { createCache } from "./cache.ts";
import { createCacheRoom } from "./engine.ts";
import type { CacheRoom } from "./engine.ts";
import type { Codec, Load, Resolved } from "./request.ts";

const LIMITS = {
  nearMaxBytes: 1_000_000,
  nearMaxAgeMs: 60_000,
  maxTags: 1_000,
  leaseMs: 1_000,
  loadLeaseMs: 10_000,
  maxEntryBytes: 1_000,
  degradedTtlMs: 1_000,
};

/** One node over a ground, with its clock and its tail in the test's hands. */
interface TestNode {
  readonly room: CacheRoom;
  readonly cache: ReturnType<typeof createCache>;
  /** While false, what the log tells waits. */
  hearing: boolean;
  /** While false, the ground counts as away. */
  usable: boolean;
  aheadMs: number;
  change(...tags: string[]): Promise<void>;
  load<T>(key: string, load: Load<T>): Promise<Resolved<T>>;
  catchUp(): void;
}

let ground: Ground;
let closing: AbortController;
let tails: Tail[];

beforeEach(() => {
  ground = createMemoryGround();
  closing = new AbortController();
  tails = [];
});

afterEach(async () => {
  closing.abort();
  await Promise.all(tails.map((tail) => tail.close()));
});

function createNode(name: string, over: Ground = ground): TestNode {
  const { cacheStore, changeLog } = over.realm("main");
  const clock = { ...systemClock, now: () => systemClock.now() + node.aheadMs };
  const room = createCacheRoom({
    store: cacheStore,
    changeLog,
    clock,
    tasks: createTasks((error) => {
      throw error;
    }),
    limits: LIMITS,
    signal: closing.signal,
    usable: () => node.usable,
    fence: () => undefined,
  });
  const held: TailEvent[] = [];
  function take(event: TailEvent): void {
    if (event.type === "start") room.reset(event.position);
    if (event.type === "heard") room.heard(event.askedAtMs + node.aheadMs);
    if (event.type === "records") {
      for (const record of event.records) if (room.apply(record) === "hole") room.reset(record.position);
    }
  }
  const move = async (tags: readonly string[]) => {
    const position = await changeLog.append({
      changeId: `${name}-${tags.join()}`,
      origin: name,
      tags,
      events: [],
    });
    room.require(position);
    return { pending: false, position };
  };
  const node: TestNode = {
    room,
    cache: createCache({ engine: room, store: cacheStore, move }),
    hearing: true,
    usable: true,
    aheadMs: 0,
    async change(...tags) {
      await move(tags.flatMap(movedBy));
    },
    load: (key, load) => room.resolve({ key, codec: jsonCodec as Codec<never>, load: load as Load<never> }),
    catchUp() {
      for (const event of held.splice(0)) take(event);
    },
  };
  tails.push(
    changeLog.tail({
      node: name,
      onEvent(event) {
        if (node.hearing || event.type === "start") take(event);
        else held.push(event);
      },
    }),
  );
  return node;
}

/** A loader that counts, and ends when told to. */
function slowLoad<T>(value: T, tags: readonly string[] = []) {
  let end: () => void = () => undefined;
  let begun: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (begun = resolve));
  const gate = new Promise<void>((resolve) => (end = resolve));
  const counter = { loads: 0 };
  const load: Load<T> = async () => {
    counter.loads++;
    begun();
    await gate;
    return { store: true, value, ttlMs: 60_000, tags };
  };
  return { load, counter, started, end };
}

const quick =
  <T>(value: T, tags: readonly string[] = []): Load<T> =>
  () =>
    Promise.resolve({ store: true, value, ttlMs: 60_000, tags });

test("a value is loaded once, then answered from memory, and by another node from the ground", async () => {
  const [a, b] = [createNode("a"), createNode("b")];
  expect(await a.load("k", quick(1))).toMatchObject({
    value: 1,
    source: "load",
    reason: "absent",
    stored: true,
  });
  expect(await a.load("k", quick(2))).toMatchObject({ value: 1, source: "near", reason: "hit-near" });
  expect(await b.load("k", quick(3))).toMatchObject({ value: 1, source: "far", reason: "hit-far" });
  expect(await b.load("k", quick(3))).toMatchObject({ value: 1, source: "near" });
});

test("G1: after a change nothing older is served, by either node", async () => {
  const [a, b] = [createNode("a"), createNode("b")];
  await a.load("k", quick(1, ["t"]));
  await b.load("k", quick(1, ["t"]));
  await a.change("t");
  expect(await b.load("k", quick(2, ["t"]))).toMatchObject({ value: 2, reason: "changed" });
  expect(await a.load("k", quick(3, ["t"]))).toMatchObject({ value: 2, reason: "hit-far" });
});

test("G1: a load that began before a change is given to those who asked before, and to nobody after", async () => {
  const node = createNode("a");
  const old = slowLoad("old", ["t"]);
  const before = node.load("k", old.load);
  await old.started;
  await node.change("t");
  const after = node.load("k", quick("new", ["t"]));
  old.end();
  expect(await before).toMatchObject({ value: "old", stored: false });
  expect(await after).toMatchObject({ value: "new" });
  expect(await node.load("k", quick("newer", ["t"]))).toMatchObject({ value: "new" });
});

test("G1: tags that only the load finds out are judged by where the load began", async () => {
  const node = createNode("a");
  const old = slowLoad("old", ["late"]);
  const before = node.load("k", old.load);
  await old.started;
  await node.change("late");
  old.end();
  expect(await before).toMatchObject({ stored: false });
  expect(await node.load("k", quick("new", ["late"]))).toMatchObject({ value: "new", source: "load" });
});

test("G1: a node that has not heard from the ground for a second does not use its memory", async () => {
  const [a, b] = [createNode("a"), createNode("b")];
  await b.load("k", quick(1, ["t"]));
  b.hearing = false;
  await a.change("t");
  expect(await b.load("k", quick(2, ["t"]))).toMatchObject({ value: 1, source: "near" });
  b.aheadMs = LIMITS.leaseMs;
  expect(await b.load("k", quick(2, ["t"]))).toMatchObject({ value: 2, source: "load" });
});

test("G1: a node does not use its memory before it has applied its own change", async () => {
  const node = createNode("a");
  await node.load("k", quick(1, ["t"]));
  node.hearing = false;
  await node.change("t");
  expect(await node.load("k", quick(2, ["t"]))).toMatchObject({ value: 2, source: "load" });
});

test("G2: a reader with a position gets nothing from a memory that has not caught up to it", async () => {
  const [a, b] = [createNode("a"), createNode("b")];
  await b.load("k", quick(1, ["t"]));
  b.hearing = false;
  await a.change("t");
  const fence = a.room.applied()!;
  const fenced = await b.room.resolve({
    key: "k",
    codec: jsonCodec as Codec<number>,
    load: quick(2, ["t"]),
    fence,
  });
  expect(fenced).toMatchObject({ value: 2, source: "load" });
  b.catchUp();
  expect(b.room.peek("k", fence)).toMatchObject({ value: 2, source: "near" });
});

test("G10: a thousand readers on two nodes cause one load", async () => {
  const [a, b] = [createNode("a"), createNode("b")];
  const slow = slowLoad("value");
  const readers = Array.from({ length: 1_000 }, (_, index) => (index % 2 ? a : b).load("k", slow.load));
  await slow.started;
  slow.end();
  const answers = await Promise.all(readers);
  expect(slow.counter.loads).toBe(1);
  expect(new Set(answers.map((answer) => answer.value))).toEqual(new Set(["value"]));
});

test("a hole in the log empties the memory", async () => {
  const node = createNode("a");
  await node.load("k", quick(1, ["t"]));
  const at = node.room.applied()!;
  const position = { epoch: at.epoch, seq: at.seq + 10 };
  const record = { position, previous: at.seq + 5, changeId: "c", origin: "x", tags: [], channels: [] };
  expect(node.room.apply(record)).toBe("hole");
  node.room.reset(record.position);
  expect(node.room.peek("k")).toBeUndefined();
});

test("a new epoch voids what is in memory and in the ground", async () => {
  const node = createNode("a");
  await node.load("k", quick(1));
  await ground.realm("main").changeLog.renewEpoch(node.room.applied()!.epoch);
  expect(await node.load("k", quick(2))).toMatchObject({ value: 2, reason: "epoch" });
});

test("what the loader throws reaches every waiter, is not stored, and frees the key", async () => {
  const node = createNode("a");
  const failing: Load<number> = () => Promise.reject(new Error("no database"));
  const results = await Promise.allSettled([node.load("k", failing), node.load("k", failing)]);
  expect(results.map((result) => result.status)).toEqual(["rejected", "rejected"]);
  expect(await node.load("k", quick(1))).toMatchObject({ value: 1, source: "load" });
});

test("a value that may not be stored is given to its own reader alone", async () => {
  const node = createNode("a");
  let loads = 0;
  const load: Load<number> = async () => {
    await Promise.resolve();
    return { store: false, value: ++loads };
  };
  const answers = await Promise.all([node.load("k", load), node.load("k", load), node.load("k", load)]);
  expect(new Set(answers.map((answer) => answer.value))).toEqual(new Set([1, 2, 3]));
  expect(answers.every((answer) => answer.reason === "not-storable" && !answer.stored)).toBe(true);
});

test("an entry may have as many bytes as allowed, and a larger one is answered but not stored", async () => {
  const node = createNode("a");
  // The codec adds one format byte and two quotes.
  const fits = "a".repeat(LIMITS.maxEntryBytes - 3);
  expect(await node.load("fits", quick(fits))).toMatchObject({ stored: true });
  expect(await node.load("large", quick(`${fits}a`))).toMatchObject({
    stored: false,
    reason: "not-storable",
  });
  expect(await node.load("large", quick(`${fits}a`))).toMatchObject({ source: "load" });
});

test("bytes that cannot be read back are a miss", async () => {
  const node = createNode("a");
  const { cacheStore, changeLog } = ground.realm("main");
  const position = await changeLog.position();
  const value = Uint8Array.of(99, 99);
  await cacheStore.commit({ key: "k", position, tags: dependenciesOf("k", []), value, ttlMs: 1_000 });
  expect(await node.load("k", quick(1))).toMatchObject({ value: 1, source: "load" });
  expect(await node.load("k", quick(2))).toMatchObject({ value: 1, source: "near" });
});

test("while the ground is away this node loads for itself, once, and for a second", async () => {
  const node = createNode("a");
  node.usable = false;
  const slow = slowLoad(1, ["t"]);
  const readers = [node.load("k", slow.load), node.load("k", slow.load)];
  await slow.started;
  slow.end();
  expect((await Promise.all(readers)).map((answer) => answer.stored)).toEqual([false, false]);
  expect(slow.counter.loads).toBe(1);
  expect(await node.load("k", quick(2))).toMatchObject({ value: 1, reason: "ground-away" });
  node.aheadMs = LIMITS.degradedTtlMs;
  expect(await node.load("k", quick(2))).toMatchObject({ value: 2, reason: "ground-away" });
});

test("while the ground is away a change made here voids what depends on it, and what is being loaded", async () => {
  const node = createNode("a");
  node.usable = false;
  await node.load("kept", quick("old", ["t"]));
  await node.load("other", quick("old"));
  const slow = slowLoad("old");
  const before = node.load("loading", slow.load);
  await slow.started;
  node.room.forget(["t"]);
  expect(await node.load("kept", quick("new"))).toMatchObject({ value: "new" });
  expect(await node.load("other", quick("new"))).toMatchObject({ value: "old" });
  expect(await node.load("loading", quick("new"))).toMatchObject({ value: "new" });
  slow.end();
  expect(await before).toMatchObject({ value: "old" });
  expect(await node.load("loading", quick("newer"))).toMatchObject({ value: "new" });
});

test("while the ground is away a load is joined, but not after a change was heard of", async () => {
  const node = createNode("a");
  node.usable = false;
  const slow = slowLoad("old");
  const first = node.load("k", slow.load);
  await slow.started;
  const joined = node.load("k", quick("mine"));
  await new Promise((resolve) => setImmediate(resolve));
  await node.change("t");
  expect(await node.load("k", quick("new"))).toMatchObject({ value: "new" });
  slow.end();
  expect([(await first).value, (await joined).value]).toEqual(["old", "old"]);
  expect(await node.load("k", quick("newer"))).toMatchObject({ value: "new" });
});

/** A ground whose calls of the given names never answer, counted. */
function silentGround(...calls: readonly ("read" | "begin" | "commit" | "abandon")[]) {
  const { cacheStore, changeLog } = ground.realm("main");
  const counter = { asked: 0 };
  const timeOut = () => {
    counter.asked++;
    return Promise.reject(new LiveError("LIVE_GROUND_TIMEOUT", "no answer"));
  };
  const silent = Object.fromEntries(calls.map((call) => [call, timeOut]));
  const realm = () => ({ changeLog, cacheStore: { ...cacheStore, ...silent } });
  return { ground: { ...ground, realm }, counter };
}

test("G9: a ground that answers nothing costs a load, not an error, and is waited for once", async () => {
  const silent = silentGround("read", "begin", "commit", "abandon");
  const node = createNode("a", silent.ground);
  expect(await node.load("k", quick(1))).toMatchObject({ value: 1, stored: false, reason: "ground-away" });
  expect(silent.counter.asked).toBe(1);
});

test.each(["begin", "commit"] as const)(
  "G9: a ground that falls silent at %s costs the storing, not the value",
  async (call) => {
    const node = createNode("a", silentGround(call).ground);
    expect(await node.load("k", quick(1))).toMatchObject({ value: 1, stored: false });
  },
);

test("after closing a read is refused", async () => {
  const node = createNode("a");
  closing.abort();
  await expect(node.load("k", quick(1))).rejects.toMatchObject({ code: "LIVE_CLOSED" });
});
