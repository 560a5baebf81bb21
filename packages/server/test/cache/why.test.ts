import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { REASONS } from "../../src/base/reasons.ts";
import { createLive, createMemoryGround } from "../../src/index.ts";
import type { Ground, GroundStatus, Live } from "../../src/index.ts";

const logger = { warn: () => undefined };
const opened: Live[] = [];
let ground: Ground;
let isAway = false;

/** Two nodes share the ground; it is closed with the first that closes. */
function node(near?: { maxBytes: number }): Live {
  const status = (): GroundStatus =>
    isAway ? { state: "away", sinceMs: 0, cause: "unplugged" } : ground.status();
  const shared: Ground = { ...ground, status };
  const live = createLive({ ground: shared, logger, ...(near && { near }) });
  opened.push(live);
  return live;
}

beforeEach(() => {
  ground = createMemoryGround();
  isAway = false;
});

afterEach(async () => {
  for (const live of opened.splice(0)) await live.close();
});

const read = (live: Live, key: string, options = {}) =>
  live.cache.resolve(key, () => ({ key }), { ttl: "1h", tags: ["t"], ...options });

test("a key that nobody has asked for is absent everywhere", async () => {
  const live = node();
  expect(await live.why("user:7")).toEqual({
    ...{ key: "user:7", pattern: "user:*", near: "absent", far: "absent", last: [] },
    explanation: "Nothing is stored in the ground; this node's memory does not hold it.",
  });
});

test("an entry is described here and in the ground, with what happened last", async () => {
  const live = node();
  await read(live, "user:7");
  const why = await live.why("user:7");
  expect(why.near).toMatchObject({
    state: "fresh",
    tags: ["t"],
    position: expect.stringMatching(/\w+\.\d+/),
  });
  expect(why.far).toMatchObject({ state: "fresh", tags: ["t"], bytes: expect.any(Number) });
  expect(why.last.map(({ type, reason }) => [type, reason])).toEqual([
    ["answered", "absent"],
    ["loaded", "absent"],
  ]);
  expect(why.explanation).toMatch(
    /^A current value is stored \d+ ms ago with 1 h 0 min of its TTL left; this node's memory answers it\. \d+ ms ago a read here was answered after a load, because nothing was stored\.$/,
  );
});

test("what voided an entry is named: the tag, and the change that moved it", async () => {
  const [a, b] = [node(), node()];
  await read(a, "user:7");
  await read(b, "user:7");
  const { changeId } = await a.change({ tags: ["t"] });
  const why = await b.why("user:7");
  expect(why.far).toMatchObject({ state: "void", cause: { tag: "t", changeId } });
  expect(why.near).toBe("absent");
  expect(why.explanation).toContain(`is void because "t" moved with change ${changeId}`);
  await read(b, "user:7");
  const again = await b.why("user:7");
  expect(again.last).toContainEqual(
    expect.objectContaining({
      type: "dropped",
      reason: "changed",
      cause: expect.objectContaining({ tag: "t" }),
    }),
  );
});

test("a soft change makes stale, and says why", async () => {
  const live = node();
  await read(live, "k", { stale: { swr: "1m" } });
  await live.change({ tags: ["t"], mode: "stale" });
  const why = await live.why("k");
  expect([why.near, why.far]).toMatchObject([{ state: "stale" }, { state: "stale", cause: { tag: "t" } }]);
  expect(why.explanation).toMatch(/is stale because "t" moved/);
});

test("while the ground is away the answer says so", async () => {
  const live = node();
  await read(live, "k");
  await ground.close();
  expect(await live.why("k")).toMatchObject({ far: "unreachable" });
});

test("a name that is no key is refused", async () => {
  await expect(node().why("a*")).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
});

test("every reason that a cache can give comes through the public interface", async () => {
  const seen = new Set<string>();
  const note = async (answer: Promise<{ reason: string }>) => void seen.add((await answer).reason);
  const [a, b] = [node(), node()];
  await note(read(a, "k"));
  await note(read(a, "k"));
  await note(read(b, "k"));
  const slow = a.cache.resolve("slow", () => new Promise((resolve) => setImmediate(resolve, 1)), {
    ttl: "1h",
  });
  await note(read(a, "slow"));
  await slow;
  await a.change({ tags: ["t"] });
  await note(read(b, "k"));
  const stale = { stale: { swr: "1m", grace: "1h" } };
  await read(a, "s", stale);
  await a.change({ tags: ["t"], mode: "stale" });
  await note(read(b, "s", stale));
  const reserve = { ttl: "1ms", stale: { grace: "1h", softTimeout: "5ms" } } as const;
  await a.cache.resolve("g", () => 1, reserve);
  await expect.poll(async () => (await a.why("g")).near).toMatchObject({ state: "stale" });
  await note(a.cache.resolve("g", () => Promise.reject(new Error("origin")), reserve));
  await note(a.cache.resolve("g", () => new Promise((resolve) => setTimeout(resolve, 50, 2)), reserve));
  await a.cache.resolve("e", () => 1, { ttl: "1ms" });
  await expect.poll(async () => (await a.why("e")).far).toBe("absent");
  await note(a.cache.resolve("e", () => 1, { ttl: "1h" }));
  const { cacheStore, changeLog } = ground.realm("main");
  const found = await cacheStore.read(["e"]);
  await cacheStore.discard("e", (found[0] as { entry: { id: string } }).entry.id);
  await note(b.cache.resolve("e", () => 1, { ttl: "1h" }));
  await b.cache.resolve("v", () => 1, { ttl: "1h", version: 1 });
  await note(a.cache.resolve("v", () => 1, { ttl: "1h", version: 2 }));
  const tiny = node({ maxBytes: 1_024 });
  await note(tiny.cache.resolve("none", (load) => load.skipStore(), { ttl: "1h" }));
  await tiny.cache.resolve("gone", () => 1, { ttl: "1h" });
  const gone = await cacheStore.read(["gone"]);
  await cacheStore.discard("gone", (gone[0] as { entry: { id: string } }).entry.id);
  for (let n = 0; n < 20; n++) await tiny.cache.resolve(`fill:${n}`, () => "x".repeat(300), { ttl: "1h" });
  await note(tiny.cache.resolve("gone", () => 1, { ttl: "1h" }));
  await changeLog.renewEpoch((await changeLog.position()).epoch);
  expect(await b.why("k")).toMatchObject({
    far: { state: "void", reason: "epoch" },
    explanation: expect.stringContaining("is void because the ground has lost data since"),
  });
  await note(read(a, "k"));
  isAway = true;
  await note(read(a, "away"));
  const cacheReasons = [
    ...["hit-near", "hit-far", "joined", "stale", "timeout", "grace", "absent", "expired", "evicted"],
    ...["changed", "epoch", "schema", "not-storable", "ground-away"],
  ];
  expect(cacheReasons.filter((reason) => !seen.has(reason))).toEqual([]);
});

test("the page on reasons explains each of the closed list, and no other", async () => {
  const page = await readFile(new URL("../../../../docs/concepts/why.md", import.meta.url), "utf8");
  const explained = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]);
  expect(explained).toEqual([...REASONS]);
});

test("getStats counts in the shape of a cache service, on memory", async () => {
  const live = node();
  for (let time = 0; time < 3; time++) await read(live, "user:7");
  const stats = await live.cache.getStats();
  expect(stats).toMatchObject({ type: "memory", connected: false, size: 1, keys: ["user:7"] });
  expect(stats).toMatchObject({ hits: 2, misses: 1, stale: 0, errors: 0, sizeIsLowerBound: false });
  expect(stats.hitRatio).toBeCloseTo(2 / 3);
  expect(stats.near).toMatchObject({ entries: 1, maxBytes: 64 * 1024 * 1024 });
  expect(stats.patterns).toMatchObject([
    { pattern: "user:*", answers: { "hit-near": 2, absent: 1 }, loads: 1, loadErrors: 0 },
  ]);
});

test("getStats does not reject while the ground is gone", async () => {
  const live = node();
  await ground.close();
  expect(await live.cache.getStats()).toMatchObject({ size: 0, sizeIsLowerBound: true });
});
