import { afterEach, beforeEach, expect, test } from "vitest";
import { createLive } from "../assembly/create-live.ts";
import type { Live } from "../assembly/create-live.ts";
import { MAX_ENTRY_TAGS } from "../base/names.ts";
import type { LoaderContext } from "./loader.ts";

let live: Live;

beforeEach(() => {
  live = createLive();
});

afterEach(() => live.close());

/** What the next read of a key that `load` has filled answers: the stored value, or what is loaded anew. */
async function readTwice<T>(load: (context: LoaderContext<T | "again">) => T): Promise<T | "again"> {
  await live.cache.getOrSet<T | "again">("k", load, { ttl: "1h" });
  return live.cache.getOrSet<T | "again">("k", () => "again", { ttl: "1h" });
}

test("a loader may say how long its value is used", async () => {
  await live.cache.getOrSet("k", (load) => load.setTtl("10s"), { ttl: "1h" });
  const { position } = live.door.cache.peek("k", undefined)!;
  expect(position).toBeDefined();
  const { freshUntilMs, loadedAtMs } = live.door.cache.peek("k", undefined)!;
  expect(freshUntilMs - loadedAtMs).toBeGreaterThan(9_000);
  expect(freshUntilMs - loadedAtMs).toBeLessThan(11_000);
});

test("a loader may name tags that are known only after the load, and they work like any others", async () => {
  const first = await readTwice((load) => {
    load.addTags("city:7", "weather");
    return "sun";
  });
  expect(first).toBe("sun");
  await live.change({ tags: ["weather"] });
  expect(await live.cache.has("k")).toBe(false);
});

test("a loader may keep its value out of the cache; those who wait for it are answered all the same", async () => {
  let loads = 0;
  const read = () =>
    live.cache.getOrSet(
      "k",
      async (load) => {
        load.skipStore();
        await Promise.resolve();
        return ++loads;
      },
      { ttl: "1h" },
    );
  expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
  expect(await read()).toBe(2);
});

test("a loader is told its key, what was stored before and why, and a signal that closing aborts", async () => {
  const told: LoaderContext<string>[] = [];
  const read = () =>
    live.cache.getOrSet<string>(
      "k",
      (load) => {
        told.push(load);
        return `value ${told.length}`;
      },
      { ttl: "1h", tags: ["t"] },
    );
  await read();
  await live.change({ tags: ["t"] });
  await read();
  expect(told.map(({ key, previous }) => [key, previous?.value, previous?.reason])).toEqual([
    ["k", undefined, undefined],
    ["k", "value 1", "changed"],
  ]);
  await live.close();
  expect(told[0]!.signal.aborted).toBe(true);
});

test("what is not there may have a TTL of its own", async () => {
  const ttlOf = (key: string): number => {
    const { freshUntilMs, loadedAtMs } = live.door.cache.peek(key, undefined)!;
    return Math.round((freshUntilMs - loadedAtMs) / 1_000);
  };
  const options = { ttl: "1h", absentTtl: "5s" } as const;
  await live.cache.getOrSet("nothing", () => null, options);
  await live.cache.getOrSet("undefined", () => undefined, options);
  await live.cache.getOrSet("zero", () => 0, options);
  expect(["nothing", "undefined", "zero"].map(ttlOf)).toEqual([5, 5, 3_600]);
});

test("tags may be added up to as many as an entry may have", async () => {
  const names = Array.from({ length: MAX_ENTRY_TAGS + 1 }, (_, index) => `t${index}`);
  const all = live.cache.getOrSet("k", (load) => load.addTags(...names.slice(1)), { ttl: "1h" });
  await expect(all).resolves.toBeUndefined();
  const more = live.cache.getOrSet(
    "more",
    (load) => {
      load.addTags(...names.slice(1));
      load.addTags("one-more");
    },
    { ttl: "1h" },
  );
  await expect(more).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  await expect(live.cache.getOrSet("bad", (load) => load.addTags("a*"), { ttl: "1h" })).rejects.toThrow(
    /tag "a\*"/,
  );
});

test("resolve says where a value came from, and why", async () => {
  const read = () => live.cache.resolve("k", () => 1, { ttl: "1h" });
  expect(await read()).toMatchObject({ value: 1, source: "database", reason: "absent" });
  expect(await read()).toMatchObject({ value: 1, source: "cache", reason: "hit-near" });
});
