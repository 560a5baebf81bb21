import { afterEach, beforeEach, expect, test } from "vitest";
import { createLive } from "../assembly/create-live.ts";
import type { Live } from "../assembly/create-live.ts";
import { createKeyWalk } from "./key-walk.ts";

let live: Live;

beforeEach(() => {
  live = createLive();
});

afterEach(() => live.close());

async function all(keys: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const key of keys) found.push(key);
  return found.sort();
}

test("getKeys and scanKeys answer what is stored below a prefix, and nothing beside it", async () => {
  const below = ["user:42:cart:items", "user:42:orders"];
  for (const key of [...below, "user:42", "user:421:orders", "user:7:orders"]) {
    await live.cache.set(key, 1, { ttl: "short" });
  }
  expect((await live.cache.getKeys("user:42:*")).sort()).toEqual(below);
  expect(await all(live.cache.scanKeys("user:42:*"))).toEqual(below);
  expect(await live.cache.getKeys("*")).toHaveLength(5);
  expect(await live.cache.getKeys("user:9:*")).toEqual([]);
});

test("getKeys answers as many keys as limit says at most; scanKeys walks through all pages", async () => {
  const keys = Array.from({ length: 1_201 }, (_, index) => `n:${index}`);
  for (const key of keys) await live.cache.set(key, 1, { ttl: "short" });
  expect(await live.cache.getKeys("n:*")).toHaveLength(1_000);
  expect(await live.cache.getKeys("n:*", { limit: 1_201 })).toHaveLength(1_201);
  expect(await live.cache.getKeys("n:*", { limit: 1_200 })).toHaveLength(1_200);
  expect(await live.cache.getKeys("n:*", { limit: 1 })).toHaveLength(1);
  expect(await all(live.cache.scanKeys("n:*"))).toEqual(keys.sort());
});

test("a key that the ground tells twice is answered once, and no page is asked for beyond the limit", async () => {
  let pages = 0;
  const { getKeys } = createKeyWalk({
    keys: async () => ({ keys: ["a:1", "a:2", "a:1"], next: `${++pages}` }),
  });
  expect(await getKeys("a:*", { limit: 2 })).toEqual(["a:1", "a:2"]);
  expect(pages).toBe(1);
});

test("an empty page is not the end", async () => {
  const pages = [{ keys: [], next: "1" }, { keys: ["a:1"], next: "2" }, { keys: [] }];
  const { getKeys } = createKeyWalk({ keys: async () => pages.shift()! });
  expect(await getKeys("a:*")).toEqual(["a:1"]);
});

test.each(["user:42", "user:*:orders", "user*", ":*", "", "**", null, 7])(
  "the pattern %j is refused with the fix",
  async (pattern) => {
    const refused = { code: "LIVE_INPUT_INVALID" };
    await expect(live.cache.getKeys(pattern as string)).rejects.toMatchObject(refused);
    expect(() => live.cache.scanKeys(pattern as string)).toThrow(expect.objectContaining(refused));
  },
);

test("limits from 1 to 10,000 are accepted", async () => {
  expect(await live.cache.getKeys("*", { limit: 10_000 })).toEqual([]);
  for (const limit of [0, 10_001, 1.5, "5"]) {
    await expect(live.cache.getKeys("*", { limit: limit as number })).rejects.toThrow(/getKeys: limit/);
  }
  await expect(live.cache.getKeys("*", { max: 5 } as never)).rejects.toThrow(/unknown option "max"/);
});
