import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLive } from "../assembly/create-live.ts";
import type { Live } from "../assembly/create-live.ts";
import { createMemoryGround } from "../memory/ground.ts";
import type { WarmProgress } from "./warm.ts";
import type { WarmItem } from "./warm-item.ts";

let live: Live;

beforeEach(() => {
  live = createLive();
});

afterEach(() => live.close());

const item = (key: string, load: () => unknown = () => key): WarmItem => ({ key, load, ttl: "short" });

/** Loads that are under way, each ended by hand. */
function heldLoads() {
  const running: (() => void)[] = [];
  const begun: string[] = [];
  const hold = (key: string) => (): Promise<string> => {
    begun.push(key);
    return new Promise((resolve) => running.push(() => resolve(key)));
  };
  return { hold, begun, running };
}

test("what is missing is loaded, what is there stays, and each item is told as it ends", async () => {
  await live.cache.set("a", "old", { ttl: "short" });
  const told: WarmProgress[] = [];
  const summary = await live.cache.warm([item("a"), item("b"), item("c")], {
    concurrency: 1,
    onProgress: (progress) => void told.push(progress),
  });
  expect(summary).toMatchObject({ done: 3, loaded: 2, alreadyThere: 1, notStored: 0, failed: 0 });
  expect(summary).toMatchObject({ aborted: false, failures: [], ms: expect.any(Number) });
  expect(told.map(({ key, done, total, loaded }) => [key, done, total, loaded])).toEqual([
    ["a", 1, 3, 0],
    ["b", 2, 3, 1],
    ["c", 3, 3, 2],
  ]);
  expect([await live.cache.get("a"), await live.cache.get("b")]).toEqual(["old", "b"]);
});

test("rows of any kind become items, and options of getOrSet go with them", async () => {
  const rows = new Map([
    [1, "ana"],
    [2, "bo"],
  ]);
  const summary = await live.cache.warm(rows, ([id, name]) => ({
    key: `user:${id}`,
    load: () => ({ name }),
    ttl: "long",
    tags: ["users"],
  }));
  expect(summary).toMatchObject({ done: 2, loaded: 2 });
  expect(await live.cache.get("user:2")).toEqual({ name: "bo" });
  await live.change({ tags: ["users"] });
  expect(await live.cache.has("user:2")).toBe(false);
});

test("failures are counted and told, the first 100 are kept, and the others go on", async () => {
  const fail = (): never => {
    throw new Error("no row");
  };
  const items = Array.from({ length: 101 }, (_, index) => item(`bad:${index}`, fail));
  const errors: unknown[] = [];
  const summary = await live.cache.warm([...items, item("good"), item("b*d"), null as never], {
    concurrency: 1,
    onProgress: ({ error }) => void errors.push(error),
  });
  expect(summary).toMatchObject({ done: 104, loaded: 1, failed: 103 });
  expect(summary.failures).toHaveLength(100);
  expect(summary.failures[0]).toMatchObject({ key: "bad:0", error: { message: "no row" } });
  expect(errors[101]).toBeUndefined();
  expect(errors[102]).toMatchObject({ code: "LIVE_INPUT_INVALID" });
  expect(errors[103]).toMatchObject({ code: "LIVE_INPUT_INVALID" });
});

test("an async source is asked for as many rows as are in work, and never for two at a time", async () => {
  const { hold, begun, running } = heldLoads();
  let asked = 0;
  let asking = 0;
  let worst = 0;
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        worst = Math.max(worst, ++asking);
        await turn();
        asking--;
        return asked < 10 ? { done: false, value: asked++ } : { done: true, value: undefined };
      },
    }),
  };
  const warmed = live.cache.warm(source, (n) => item(`n:${n}`, hold(`n:${n}`)), { concurrency: 3 });
  await expect.poll(() => begun).toHaveLength(3);
  for (let round = 0; round < 20; round++) await turn();
  expect([asked, begun.length]).toEqual([3, 3]);
  while (begun.length < 10 || running.length > 0) {
    running.shift()?.();
    await turn();
  }
  expect(await warmed).toMatchObject({ done: 10, loaded: 10 });
  expect(worst).toBe(1);
});

test("a signal ends it at once: no further item is begun, the summary says so, and the cursor is given back", async () => {
  const { hold, begun } = heldLoads();
  let isGivenBack = false;
  function* rows() {
    try {
      for (let n = 0; ; n++) yield item(`n:${n}`, hold(`n:${n}`));
    } finally {
      isGivenBack = true;
    }
  }
  const stop = new AbortController();
  const warmed = live.cache.warm(rows(), { concurrency: 2, signal: stop.signal });
  await expect.poll(() => begun).toHaveLength(2);
  stop.abort();
  expect(await warmed).toMatchObject({ aborted: true, done: 0 });
  await expect.poll(() => isGivenBack).toBe(true);
  expect(begun).toHaveLength(2);
  expect(await live.cache.warm([item("x")], { signal: stop.signal })).toMatchObject({
    aborted: true,
    done: 0,
  });
});

test("close ends it, and after close it is refused", async () => {
  const { hold, begun } = heldLoads();
  const warmed = live.cache.warm([item("a", hold("a")), item("b")], { concurrency: 1 });
  await expect.poll(() => begun).toHaveLength(1);
  void live.close();
  expect(await warmed).toMatchObject({ aborted: true, done: 0 });
  await expect(live.cache.warm([])).rejects.toMatchObject({ code: "LIVE_CLOSED" });
});

test("what the source, toItem or onProgress throws ends it and is handed on", async () => {
  async function* broken() {
    yield item("a");
    throw new Error("connection lost");
  }
  await expect(live.cache.warm(broken())).rejects.toThrow("connection lost");
  const thrower = (): never => {
    throw new Error("mine");
  };
  await expect(live.cache.warm([1, 2], thrower)).rejects.toThrow("mine");
  await expect(live.cache.warm([item("b"), item("c")], { onProgress: thrower })).rejects.toThrow("mine");
});

test("two nodes that warm the same keys at the same time load each once", async () => {
  const ground = createMemoryGround();
  const nodes = [createLive({ ground }), createLive({ ground })];
  const loads = new Map<string, number>();
  const items = Array.from({ length: 200 }, (_, index) =>
    item(`k:${index}`, async () => {
      loads.set(`k:${index}`, (loads.get(`k:${index}`) ?? 0) + 1);
      await turn();
      return index;
    }),
  );
  const summaries = await Promise.all(nodes.map((node) => node.cache.warm(items)));
  expect([...loads.values()]).toEqual(Array(200).fill(1));
  expect(summaries[0]!.loaded + summaries[1]!.loaded).toBe(200);
  expect(summaries.map(({ done }) => done)).toEqual([200, 200]);
  await Promise.all(nodes.map((node) => node.close()));
});

test("a hundred thousand items that are there already leave the process its turns", async () => {
  await live.cache.set("a", 1, { ttl: "short" });
  const counter = { turns: 0, isOver: false };
  const count = async (): Promise<void> => {
    while (!counter.isOver) {
      await turn();
      counter.turns++;
    }
  };
  const counting = count();
  function* rows() {
    for (let n = 0; n < 100_000; n++) yield item("a");
  }
  expect(await live.cache.warm(rows())).toMatchObject({ alreadyThere: 100_000, done: 100_000 });
  counter.isOver = true;
  await counting;
  expect(counter.turns).toBeGreaterThan(300);
});

test("an item with refreshAt is loaded anew in the background, before it runs out", async () => {
  let loads = 0;
  const items: WarmItem[] = [{ key: "a", load: () => ++loads, ttl: "2s", refreshAt: 0.1 }];
  expect(await live.cache.warm(items)).toMatchObject({ loaded: 1 });
  await expect
    .poll(async () => {
      expect(await live.cache.warm(items)).toMatchObject({ loaded: 0, alreadyThere: 1 });
      return loads;
    })
    .toBe(2);
});

test("what its loader does not want stored is counted apart", async () => {
  const summary = await live.cache.warm([{ key: "a", ttl: "short", load: (context) => context.skipStore() }]);
  expect(summary).toMatchObject({ done: 1, loaded: 0, notStored: 1 });
});

test("from 1 to 64 items may be in work at a time, and wrong arguments are refused", async () => {
  for (const concurrency of [1, 64]) {
    expect(await live.cache.warm([item("a")], { concurrency })).toMatchObject({ done: 1 });
  }
  for (const concurrency of [0, 65, 1.5, "4"]) {
    await expect(live.cache.warm([], { concurrency: concurrency as number })).rejects.toThrow(/from 1 to 64/);
  }
  await expect(live.cache.warm([], { paralel: 2 } as never)).rejects.toThrow(/unknown option "paralel"/);
  await expect(live.cache.warm([], { signal: true } as never)).rejects.toThrow(/an AbortSignal/);
  await expect(live.cache.warm([], { onProgress: 1 } as never)).rejects.toThrow(
    /onProgress: expected a function/,
  );
  for (const rows of [undefined, null, "abc", 5, {}]) {
    await expect(live.cache.warm(rows as never)).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  }
});
