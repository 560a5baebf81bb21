import { startNode, startRedis, until } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import { openRedis } from "../../src/redis/open.ts";
import { refuseUnhandledRejections } from "../redis/redis-site.ts";

refuseUnhandledRejections();

/** Longer than the lease, and than anybody waits for a command. */
const BLOCKED_MS = 2_500;

test("a node whose event loop was blocked answers nothing from its memory before it has heard again, and goes on without a break", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const states: string[] = [];
  const ground = await openRedis(redis.url);
  ground.onStatus(({ state }) => states.push(state));
  const live = createLive({
    ground,
    secret: "0123456789abcdef0123456789abcdef",
    logger: { warn: () => undefined },
  });
  onTestFinished(live.close);
  let value = 1;
  const read = () => live.cache.resolve("k", () => value, { ttl: "5m", tags: ["t"] });
  await until(async () => (await read()).reason === "hit-near", { what: "it is in memory", withinMs: 5_000 });
  const writer = await startNode(new URL("../hazards/writer-node.mjs", import.meta.url), {
    args: [redis.url],
  });
  onTestFinished(() => writer.kill());
  value = 2;
  void writer.call("change", "t").catch(() => undefined);
  // The other process goes on meanwhile; here nothing runs, no timer and no answer.
  await new Promise<void>((resolve) => setImmediate(resolve));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED_MS);
  const first = await read();
  expect([first.value, first.reason === "hit-near"]).toEqual([2, false]);
  await until(async () => (await read()).reason === "hit-near", {
    what: "it answers from memory",
    withinMs: 5_000,
  });
  expect((await read()).value).toBe(2);
  expect(states).toEqual([]);
});
