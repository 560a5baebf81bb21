import { seededRandom } from "@livecache/rig";
import { expect, test } from "vitest";
import { createS3Fifo } from "./s3-fifo.ts";
import type { BoundedMap } from "./s3-fifo.ts";

const MAX_BYTES = 1_000;

function createMap(): { map: BoundedMap<number>; evicted: string[] } {
  const evicted: string[] = [];
  const map = createS3Fifo<number>({ maxBytes: MAX_BYTES, onEvict: (key) => void evicted.push(key) });
  return { map, evicted };
}

test("a value is there until there is no room", () => {
  const { map, evicted } = createMap();
  map.set("a", 1, 400);
  map.set("b", 2, 600);
  expect([map.get("a"), map.get("b"), map.bytes, map.size]).toEqual([1, 2, 1_000, 2]);
  map.set("c", 3, 1);
  expect(evicted.length).toBe(1);
  expect(map.bytes).toBeLessThanOrEqual(MAX_BYTES);
});

test("a scan over keys that are used once pushes out nothing that is used", () => {
  const { map } = createMap();
  for (let n = 0; n < 8; n++) map.set(`kept:${n}`, n, 100);
  for (let round = 0; round < 3; round++) for (let n = 0; n < 8; n++) map.get(`kept:${n}`);
  for (let n = 0; n < 500; n++) map.set(`scan:${n}`, n, 100);
  const kept = Array.from({ length: 8 }, (_, n) => map.peek(`kept:${n}`) !== undefined);
  expect(kept.filter(Boolean).length).toBeGreaterThanOrEqual(7);
});

test("who comes back soon after leaving stays", () => {
  const { map } = createMap();
  for (let n = 0; n < 10; n++) map.set(`a:${n}`, n, 100);
  for (let round = 0; round < 3; round++) for (let n = 0; n < 10; n++) map.get(`a:${n}`);
  map.set("b", 1, 100);
  map.set("c", 1, 100);
  map.set("d", 1, 100);
  expect(map.peek("b")).toBeUndefined();
  map.set("b", 2, 100);
  for (let n = 0; n < 20; n++) map.set(`scan:${n}`, n, 100);
  expect(map.peek("b")).toBe(2);
});

test("a value as large as the map is taken, a larger one is not, and leaves what is there alone", () => {
  const { map, evicted } = createMap();
  map.set("a", 1, MAX_BYTES);
  expect(map.get("a")).toBe(1);
  map.set("b", 2, MAX_BYTES + 1);
  map.set("a", 3, MAX_BYTES + 1);
  expect([map.get("a"), map.get("b"), evicted]).toEqual([1, undefined, []]);
});

test("deleting, replacing and clearing are no evictions", () => {
  const { map, evicted } = createMap();
  map.set("a", 1, 10);
  map.set("a", 2, 20);
  expect([map.bytes, map.get("a")]).toEqual([20, 2]);
  map.delete("a");
  map.delete("a");
  map.set("b", 1, 10);
  map.clear();
  expect([map.bytes, map.size, map.get("b"), evicted]).toEqual([0, 0, undefined, []]);
});

test("whatever is done, bytes and size are those of what is there, and never above the bound", () => {
  const random = seededRandom(7);
  const { map, evicted } = createMap();
  const sizes = new Map<string, number>();
  for (let step = 0; step < 20_000; step++) {
    const key = `k:${random.integer(60)}`;
    const act = random.integer(10);
    if (act < 5) map.get(key);
    else if (act < 6) map.delete(key);
    else {
      const bytes = 1 + random.integer(300);
      map.set(key, step, bytes);
      sizes.set(key, bytes);
    }
    const there = [...sizes.keys()].filter((one) => map.peek(one) !== undefined);
    expect(map.size).toBe(there.length);
    expect(map.bytes).toBe(there.reduce((sum, one) => sum + sizes.get(one)!, 0));
    expect(map.bytes).toBeLessThanOrEqual(MAX_BYTES);
  }
  expect(evicted.length).toBeGreaterThan(1_000);
});
