import { LiveError } from "@livecache/wire";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LIMITS, createCluster, quick, slowLoad } from "../../test/cache/test-node.ts";
import type { TestCluster } from "../../test/cache/test-node.ts";
import { ENVELOPE_BYTES } from "../base/envelope.ts";
import { jsonCodec } from "../base/json-codec.ts";
import { dependenciesOf } from "../base/names.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { Codec, Load } from "./request.ts";

let cluster: TestCluster;

beforeEach(() => {
  cluster = createCluster(createMemoryGround());
});

afterEach(() => cluster.close());

test("a value is loaded once, then answered from memory, and by another node from the ground", async () => {
  const [a, b] = [cluster.node("a"), cluster.node("b")];
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
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  await a.load("k", quick(1, ["t"]));
  await b.load("k", quick(1, ["t"]));
  await a.change("t");
  expect(await b.load("k", quick(2, ["t"]))).toMatchObject({ value: 2, reason: "changed" });
  expect(await a.load("k", quick(3, ["t"]))).toMatchObject({ value: 2, reason: "hit-far" });
});

test("G1: a load that began before a change is given to those who asked before, and to nobody after", async () => {
  const node = cluster.node("a");
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
  const node = cluster.node("a");
  const old = slowLoad("old", ["late"]);
  const before = node.load("k", old.load);
  await old.started;
  await node.change("late");
  old.end();
  expect(await before).toMatchObject({ stored: false });
  expect(await node.load("k", quick("new", ["late"]))).toMatchObject({ value: "new", source: "load" });
});

test("G1: a node that has not heard from the ground for a second does not use its memory", async () => {
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  await b.load("k", quick(1, ["t"]));
  b.hearing = false;
  await a.change("t");
  expect(await b.load("k", quick(2, ["t"]))).toMatchObject({ value: 1, source: "near" });
  b.aheadMs = LIMITS.leaseMs;
  expect(await b.load("k", quick(2, ["t"]))).toMatchObject({ value: 2, source: "load" });
});

test("a read of the ground renews the lease of a node that has applied everything, and of no other", async () => {
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  await b.load("k", quick(1, ["t"]));
  b.hearing = false;
  b.aheadMs = LIMITS.leaseMs;
  expect(await b.load("k", quick(2))).toMatchObject({ value: 1, source: "far" });
  expect(await b.load("k", quick(2))).toMatchObject({ value: 1, source: "near" });
  await a.change("other");
  b.aheadMs += LIMITS.leaseMs;
  expect(await b.load("k", quick(2))).toMatchObject({ value: 1, source: "far" });
  expect(await b.load("k", quick(2))).toMatchObject({ value: 1, source: "far" });
});

test("G1: a node does not use its memory before it has applied its own change", async () => {
  const node = cluster.node("a");
  await node.load("k", quick(1, ["t"]));
  node.hearing = false;
  await node.change("t");
  expect(await node.load("k", quick(2, ["t"]))).toMatchObject({ value: 2, source: "load" });
});

test("G2: a reader with a position gets nothing from a memory that has not caught up to it", async () => {
  const [a, b] = [cluster.node("a"), cluster.node("b")];
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
  expect(b.room.peek("k", fence)).toMatchObject({ value: 2 });
});

test("G10: a thousand readers on two nodes cause one load", async () => {
  const [a, b] = [cluster.node("a"), cluster.node("b")];
  const slow = slowLoad("value");
  const readers = Array.from({ length: 1_000 }, (_, index) => (index % 2 ? a : b).load("k", slow.load));
  await slow.started;
  slow.end();
  const answers = await Promise.all(readers);
  expect(slow.counter.loads).toBe(1);
  expect(new Set(answers.map((answer) => answer.value))).toEqual(new Set(["value"]));
});

test("a hole in the log empties the memory", async () => {
  const node = cluster.node("a");
  await node.load("k", quick(1, ["t"]));
  const at = node.room.applied()!;
  const position = { epoch: at.epoch, seq: at.seq + 10 };
  const record = {
    position,
    previous: at.seq + 5,
    changeId: "c",
    origin: "x",
    tags: [],
    mode: "purge",
    channels: [],
  } as const;
  expect(node.room.apply(record)).toBe("hole");
  node.room.reset(record.position);
  expect(node.room.peek("k", undefined)).toBeUndefined();
});

test("a new epoch voids what is in memory and in the ground", async () => {
  const node = cluster.node("a");
  await node.load("k", quick(1));
  await cluster.ground.realm("main").changeLog.renewEpoch(node.room.applied()!.epoch);
  expect(await node.load("k", quick(2))).toMatchObject({ value: 2, reason: "epoch" });
});

test("what the loader throws reaches every waiter, is not stored, and frees the key", async () => {
  const node = cluster.node("a");
  const failing: Load<number> = () => Promise.reject(new Error("no database"));
  const results = await Promise.allSettled([node.load("k", failing), node.load("k", failing)]);
  expect(results.map((result) => result.status)).toEqual(["rejected", "rejected"]);
  expect(await node.load("k", quick(1))).toMatchObject({ value: 1, source: "load" });
});

test("a value that may not be stored is given to its own reader alone", async () => {
  const node = cluster.node("a");
  let loads = 0;
  const load: Load<number> = async () => {
    await Promise.resolve();
    return { store: false, isPrivate: true, isLasting: false, value: ++loads };
  };
  const answers = await Promise.all([node.load("k", load), node.load("k", load), node.load("k", load)]);
  expect(new Set(answers.map((answer) => answer.value))).toEqual(new Set([1, 2, 3]));
  expect(answers.every((answer) => answer.reason === "not-storable" && !answer.stored)).toBe(true);
});

test("an entry may have as many bytes as allowed, and a larger one is answered but not stored", async () => {
  const node = cluster.node("a");
  // The codec adds one format byte and two quotes, and then there is the envelope.
  const fits = "a".repeat(LIMITS.maxEntryBytes - 3 - ENVELOPE_BYTES);
  expect(await node.load("fits", quick(fits))).toMatchObject({ stored: true });
  expect(await node.load("large", quick(`${fits}a`))).toMatchObject({
    stored: false,
    reason: "not-storable",
  });
  expect(await node.load("large", quick(`${fits}a`))).toMatchObject({ source: "load" });
});

test("bytes that cannot be read back are a miss", async () => {
  const node = cluster.node("a");
  const { cacheStore, changeLog } = cluster.ground.realm("main");
  const position = await changeLog.position();
  const value = Uint8Array.of(99, 99);
  const lives = { ttlMs: 1_000, keepMs: 1_000 };
  await cacheStore.commit({ key: "k", position, tags: dependenciesOf("k", []), value, ...lives });
  expect(await node.load("k", quick(1))).toMatchObject({ value: 1, source: "load" });
  expect(await node.load("k", quick(2))).toMatchObject({ value: 1, source: "near" });
});

test("while the ground is away this node loads for itself, once, and for a second", async () => {
  const node = cluster.node("a");
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
  const node = cluster.node("a");
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
  const node = cluster.node("a");
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
  const whole = cluster.ground.realm("main");
  const { cacheStore } = whole;
  const counter = { asked: 0 };
  const timeOut = () => {
    counter.asked++;
    return Promise.reject(new LiveError("LIVE_GROUND_TIMEOUT", "no answer"));
  };
  const silent = Object.fromEntries(calls.map((call) => [call, timeOut]));
  const realm = () => ({ ...whole, cacheStore: { ...cacheStore, ...silent } });
  return { ground: { ...cluster.ground, realm }, counter };
}

test("G9: a ground that answers nothing costs a load, not an error, and is waited for once", async () => {
  const silent = silentGround("read", "begin", "commit", "abandon");
  const node = cluster.node("a", silent.ground);
  expect(await node.load("k", quick(1))).toMatchObject({ value: 1, stored: false, reason: "ground-away" });
  expect(silent.counter.asked).toBe(1);
});

test.each(["begin", "commit"] as const)(
  "G9: a ground that falls silent at %s costs the storing, not the value",
  async (call) => {
    const node = cluster.node("a", silentGround(call).ground);
    expect(await node.load("k", quick(1))).toMatchObject({ value: 1, stored: false });
  },
);

test.each(["commit", "loader"] as const)(
  "a right to load that the ground did not take back after a failing %s is given back when it answers again, long before it ends",
  async (failing) => {
    const silent = silentGround(
      ...(failing === "commit" ? (["commit", "abandon"] as const) : (["abandon"] as const)),
    );
    const store = silent.ground.realm().cacheStore;
    const gone = store.abandon;
    let refusals = 2;
    const abandon: typeof gone = (key, lease) =>
      refusals-- > 0 ? gone(key, lease) : cluster.ground.realm("main").cacheStore.abandon(key, lease);
    const realm = () => ({ ...silent.ground.realm(), cacheStore: { ...store, abandon } });
    const node = cluster.node("a", { ...silent.ground, realm });
    const load: Load<number> = failing === "commit" ? quick(1) : () => Promise.reject(new Error("down"));
    await node.load("k", load).catch(() => undefined);
    // The right would last for 10 s, twice as long as a test.
    expect(await cluster.node("b").load("k", quick(2))).toMatchObject({ value: 2, stored: true });
    expect(refusals).toBe(-1);
  },
);

test("after closing a read is refused", async () => {
  const node = cluster.node("a");
  cluster.end();
  await expect(node.load("k", quick(1))).rejects.toMatchObject({ code: "LIVE_CLOSED" });
});
