import { openGate, seededRandom, startRedis, until } from "@livecache/rig";
import type { Gate } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Live } from "../../src/assembly/create-live.ts";
import { defineLimit } from "../../src/limits/define-limit.ts";
import type { Limit } from "../../src/limits/define-limit.ts";
import { openRedis } from "../../src/redis/open.ts";

const NODES = 4;
const LIMIT = 100;
const ROUNDS = 8;

interface Node {
  readonly live: Live;
  readonly gate: Gate;
}

/** Four nodes, each behind a gate of its own. */
async function openNodes(): Promise<readonly Node[]> {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const nodes: Node[] = [];
  for (let count = 0; count < NODES; count++) {
    const gate = await openGate(redis.port);
    const ground = await openRedis(gate.url, { commandTimeout: "120ms" });
    const live = createLive({ ground, secret: "s".repeat(32), logger: { warn: () => undefined } }) as Live;
    nodes.push({ live, gate });
    onTestFinished(async () => {
      await live.close();
      await gate.close();
    });
  }
  const follow = () => nodes.every(({ live }) => live.door.applied());
  await until(follow, { what: "all follow", withinMs: 5_000 });
  return nodes;
}

async function countAllowed({ live }: Node, policy: Limit, times: number): Promise<number> {
  const asked = Array.from({ length: times }, () => live.limits.take({ policy, subject: "ana" }));
  return (await Promise.all(asked)).filter(({ allowed }) => allowed).length;
}

const limits = {
  usual: defineLimit({ name: "usual", limit: LIMIT, window: "1h" }),
  strict: defineLimit({ name: "strict", limit: LIMIT, window: "1h", strict: true }),
  spread: defineLimit({ name: "spread", limit: LIMIT, window: "1h", algorithm: "gcra" }),
};

test("a Redis that is slow, and not away: four nodes allow at most the limit and a share each, strict ones the limit", async () => {
  const nodes = await openNodes();
  const random = seededRandom(5);
  const allowed = { usual: 0, strict: 0, spread: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const taking = nodes.map(async (node) => {
      const weather = random.pick(["pass", "slow", "too slow", "no replies"] as const);
      if (weather === "slow") node.gate.delay(20);
      if (weather === "too slow") node.gate.delay(100);
      if (weather === "no replies") node.gate.hangReplies();
      for (const name of ["usual", "strict", "spread"] as const) {
        allowed[name] += await countAllowed(node, limits[name], 10);
      }
      node.gate.pass();
    });
    await Promise.all(taking);
  }
  const local = nodes.reduce((total, { live }) => total + live.limits.figures().local, 0);
  expect(local).toBeGreaterThan(0);
  for (const name of ["usual", "spread"] as const) {
    expect(allowed[name]).toBeGreaterThan(0);
    expect(allowed[name]).toBeLessThanOrEqual(2 * LIMIT);
  }
  expect(allowed.strict).toBeGreaterThan(0);
  expect(allowed.strict).toBeLessThanOrEqual(LIMIT);
});

test("no reply at all, from the first taking on: the shares are those of four nodes, and Redis gives no more once it knows", async () => {
  const nodes = await openNodes();
  for (const { gate } of nodes) gate.hangReplies();
  const rounds = await Promise.all(nodes.map((node) => countAllowed(node, limits.usual, 60)));
  expect(rounds).toEqual([25, 25, 25, 25]);
  expect(await countAllowed(nodes[0]!, limits.strict, 60)).toBe(0);
  for (const { gate } of nodes) gate.pass();
  const call = { policy: limits.usual, subject: "ana" };
  for (const { live } of nodes) {
    const isTold = async () => (await live.limits.peek(call)).scope === "cluster";
    await until(isTold, { what: "Redis answers", withinMs: 15_000 });
  }
  for (const node of nodes) expect(await countAllowed(node, limits.usual, 60)).toBe(0);
});
