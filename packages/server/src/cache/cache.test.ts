import { afterEach, beforeEach, expect, test } from "vitest";
import { createLive } from "../assembly/create-live.ts";
import type { Live } from "../assembly/create-live.ts";
import type { Cache } from "./cache.ts";

let live: Live;
let cache: Cache;

beforeEach(() => {
  live = createLive();
  ({ cache } = live);
});

afterEach(() => live.close());

test("getOrSet loads once and answers the same value again", async () => {
  let loads = 0;
  const read = () =>
    cache.getOrSet("role:admin", () => ({ name: "admin", loads: ++loads }), { ttl: "1h", tags: ["roles"] });
  expect(await read()).toEqual({ name: "admin", loads: 1 });
  expect(await read()).toEqual({ name: "admin", loads: 1 });
  await live.change({ tags: ["roles"] });
  expect(await read()).toEqual({ name: "admin", loads: 2 });
});

test("a returned value cannot be changed by who received it, also not by the first", async () => {
  const first = await cache.getOrSet("k", () => ({ list: [1] }), { ttl: "1h" });
  expect(() => first.list.push(2)).toThrow(TypeError);
  expect(await cache.get("k")).toEqual({ list: [1] });
});

test("get, has, set and delete do what their names say", async () => {
  expect(await cache.get("k")).toBeUndefined();
  expect(await cache.has("k")).toBe(false);
  await cache.set("k", { a: 1 }, { ttl: "1h" });
  expect(await cache.get("k")).toEqual({ a: 1 });
  expect(await cache.has("k")).toBe(true);
  await cache.set("k", 2, { ttlSeconds: 60 });
  expect(await cache.get("k")).toBe(2);
  await cache.delete("k");
  expect(await cache.has("k")).toBe(false);
});

test("undefined can be stored, and is there", async () => {
  let loads = 0;
  const read = () => cache.getOrSet("nobody", () => void loads++, { ttl: "1h" });
  expect([await read(), await read(), loads]).toEqual([undefined, undefined, 1]);
  expect(await cache.has("nobody")).toBe(true);
});

test("deletePattern voids every key below the prefix, and nothing else", async () => {
  const keys = ["user:42:orders", "user:42:cart:items", "user:42", "user:421:orders", "user:7:orders"];
  for (const key of keys) await cache.set(key, key, { ttl: "1h" });
  await cache.deletePattern("user:42:*");
  const left = await Promise.all(keys.map((key) => cache.has(key)));
  expect(left).toEqual([false, false, true, true, true]);
});

test("a changed tag voids the entry of that key and every key below it", async () => {
  for (const key of ["user:42", "user:42:orders", "user:7"]) await cache.set(key, key, { ttl: "1h" });
  await live.change({ tags: ["user:42"] });
  expect(await Promise.all(["user:42", "user:42:orders", "user:7"].map((key) => cache.has(key)))).toEqual([
    false,
    false,
    true,
  ]);
});

test("deleting or setting a key voids what declared it as a tag, but not the keys below it", async () => {
  await cache.set("user:42:orders", 1, { ttl: "1h" });
  await cache.set("page", 1, { ttl: "1h", tags: ["user:42"] });
  await cache.set("user:42", 1, { ttl: "1h" });
  expect(await cache.has("page")).toBe(false);
  expect(await cache.has("user:42:orders")).toBe(true);
});

test.each(["user:42", "*", "user:*:orders", "user*", ":*", "", null, 7])(
  "deletePattern refuses %j with the fix",
  async (pattern) => {
    await expect(cache.deletePattern(pattern as string)).rejects.toMatchObject({
      code: "LIVE_INPUT_INVALID",
    });
  },
);

test("a key, a tag, a time or an option that is wrong is refused by name", async () => {
  const load = () => 1;
  await expect(cache.getOrSet("", load, { ttl: "1h" })).rejects.toThrow(/key ""/);
  await expect(cache.getOrSet("k", load, { ttl: "1h", tags: ["a*"] })).rejects.toThrow(/tag "a\*"/);
  await expect(cache.getOrSet("k", load, { ttl: 60 as never })).rejects.toThrow(/getOrSet: ttl.*"60s"/);
  await expect(cache.getOrSet("k", load, { tll: "1h" } as never)).rejects.toThrow(/Did you mean "ttl"/);
  await expect(cache.getOrSet("k", 5 as never, { ttl: "1h" })).rejects.toThrow(/getOrSet: load/);
  await expect(cache.set("k", 1, {})).rejects.toThrow(/exactly one of ttl and ttlSeconds/);
  await expect(cache.set("k", 1, { ttl: "1s", ttlSeconds: 1 })).rejects.toThrow(/exactly one/);
  await expect(cache.set("k", 1, { ttlSeconds: 0.5 })).rejects.toThrow(/ttlSeconds: expected a whole number/);
  await expect(cache.set("k", () => 1, { ttl: "1s" })).rejects.toMatchObject({
    code: "LIVE_VALUE_UNSUPPORTED",
  });
  await expect(cache.has("a\u0000")).rejects.toThrow(/control characters/);
});

test("an entry may declare 128 tags and no more", async () => {
  const tags = Array.from({ length: 129 }, (_, index) => `t${index}`);
  await expect(cache.set("k", 1, { ttl: "1h", tags })).rejects.toThrow(/received 129, at most 128/);
  await cache.set("k", 1, { ttl: "1h", tags: tags.slice(1) });
  expect(await cache.get("k")).toBe(1);
  await live.change({ tags: ["t128"] });
  expect(await cache.has("k")).toBe(false);
});
