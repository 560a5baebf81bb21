import { startRedis, until } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import { defineLimit } from "../../src/limits/define-limit.ts";
import type { Limit } from "../../src/limits/define-limit.ts";
import type { LimitReply } from "../../src/limits/decider.ts";
import { openRedis } from "../../src/redis/open.ts";

const NODES = 4;

/** Longer than usual: a machine that does other things beside must not make a node decide by itself. */
const DEADLINE_MS = 2_000;

interface Site {
  readonly redis: RedisProcess;
  readonly nodes: readonly Live[];
}

/** Four nodes that know of each other. */
async function openNodes(): Promise<Site> {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const nodes: Live[] = [];
  for (let count = 0; count < NODES; count++) {
    const ground = await openRedis(redis.url, { commandTimeout: `${DEADLINE_MS}ms` });
    const live = createLive({ ground, secret: "s".repeat(32), logger: { warn: () => undefined } }) as Live;
    nodes.push(live);
    onTestFinished(() => live.close());
  }
  await until(() => nodes.every(({ door }) => door.applied()), { what: "all follow", withinMs: 5_000 });
  return { redis, nodes };
}

/** Has every node learn how many there are: it asks with its first taking. */
async function learn({ nodes }: Site, policy: Limit): Promise<void> {
  for (const { limits } of nodes) await limits.peek({ policy, subject: "nobody" });
  const share = { policy, subject: "nobody" };
  await until(async () => (await nodes[0]!.limits.peek(share)).scope === "cluster", {
    what: "the nodes are known",
    withinMs: 5_000,
  });
}

function takeAll({ nodes }: Site, policy: Limit, times: number): Promise<LimitReply[]> {
  return Promise.all(
    Array.from({ length: times }, (_, index) =>
      nodes[index % NODES]!.limits.take({ policy, subject: "ana" }),
    ),
  );
}

function allowedOf(replies: readonly LimitReply[]): number {
  return replies.filter(({ allowed }) => allowed).length;
}

const limits = (["sliding-window", "gcra"] as const).map((algorithm) =>
  defineLimit({ name: algorithm, limit: 100, window: "1h", algorithm }),
);

test.each(limits)("$name: of 400 takings at once by four nodes exactly 100 are allowed", async (policy) => {
  const site = await openNodes();
  const replies = await takeAll(site, policy, 400);
  expect([allowedOf(replies), new Set(replies.map(({ scope }) => scope))]).toEqual([
    100,
    new Set(["cluster"]),
  ]);
});

test.each(limits)(
  "$name: without Redis, four nodes together allow no more than the limit",
  async (policy) => {
    const site = await openNodes();
    await learn(site, policy);
    await site.redis.kill();
    const away = () => site.nodes.every((live) => live.status().state === "away");
    await until(away, { what: "all notice", withinMs: 5_000 });
    const beganAt = performance.now();
    const replies = await takeAll(site, policy, 800);
    expect(performance.now() - beganAt).toBeLessThan(5_000);
    expect(new Set(replies.map(({ scope }) => scope))).toEqual(new Set(["local"]));
    // GCRA gives room back meanwhile: one each 36 s in a whole, one each 144 s of a share.
    expect(allowedOf(replies)).toBe(100);
  },
);

test("what the ground had given out counts in the share of those who know of it", async () => {
  const site = await openNodes();
  const [policy] = limits as [Limit];
  await learn(site, policy);
  await takeAll(site, policy, 60);
  for (const live of site.nodes) await live.limits.peek({ policy, subject: "ana" });
  await site.redis.kill();
  const away = () => site.nodes.every((live) => live.status().state === "away");
  await until(away, { what: "all notice", withinMs: 5_000 });
  expect(allowedOf(await takeAll(site, policy, 200))).toBe(40);
});

test("a frozen Redis: everybody is answered within the deadline, and together they allow no more than the limit", async () => {
  const site = await openNodes();
  const [policy] = limits as [Limit];
  await learn(site, policy);
  site.redis.freeze();
  onTestFinished(() => site.redis.thaw());
  const beganAt = performance.now();
  const replies = await takeAll(site, policy, 400);
  expect(performance.now() - beganAt).toBeLessThan(DEADLINE_MS + 5_000);
  expect(allowedOf(replies)).toBe(100);
});

test("what was taken meanwhile is carried over when Redis is back", async () => {
  const site = await openNodes();
  const [policy] = limits as [Limit];
  await learn(site, policy);
  site.redis.freeze();
  expect(allowedOf(await takeAll(site, policy, 80))).toBe(80);
  site.redis.thaw();
  const { limits: one } = site.nodes[0]!;
  await until(
    async () => {
      const { remaining, scope } = await one.peek({ policy, subject: "ana" });
      return scope === "cluster" && remaining <= 20;
    },
    { what: "it is carried over", withinMs: 20_000 },
  );
  expect(allowedOf(await takeAll(site, policy, 100))).toBeLessThanOrEqual(20);
});
