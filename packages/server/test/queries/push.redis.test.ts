import { openGate, startRedis, until } from "@livecache/rig";
import type { Gate } from "@livecache/rig";
import { parsePosition, reaches } from "@livecache/wire";
import { expect, onTestFinished, test } from "vitest";
import { openRedis } from "../../src/redis/open.ts";
import type { OpenRedisOptions } from "../../src/redis/open.ts";
import { createOrigin, framesOf, openNode, untilShown } from "./query-site.ts";
import type { Origin, QueryNode } from "./query-site.ts";

interface Cluster {
  readonly origin: Origin;
  readonly nodes: readonly [QueryNode, QueryNode];
  /** Between the second node and Redis. */
  readonly gate: Gate;
}

const ROWS = Array.from({ length: 100 }, (_, id) => ({ id, title: `issue ${id}`, done: false }));

/** Two nodes of one application on a Redis of their own. */
async function openCluster(push: boolean, options: OpenRedisOptions = {}): Promise<Cluster> {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  const origin = createOrigin(ROWS);
  const open = async (url: string) =>
    openNode(await openRedis(url, options), origin, { tags: ["board"], push });
  const nodes = [await open(redis.url), await open(`redis://127.0.0.1:${gate.port}`)] as const;
  return { origin, nodes, gate };
}

const WATCHERS = 5_000;

/** Both nodes and all screens are one process here; one that is kept waiting must not take Redis to be away. */
const PATIENT: OpenRedisOptions = { commandTimeout: "5s" };

test("10,000 watchers of one response on two nodes: one load, refetches spread over 1.25 s, everybody converges", async () => {
  const { origin, nodes } = await openCluster(false, PATIENT);
  for (const node of nodes) await node.show(WATCHERS);
  expect(origin.loads).toBe(1);
  origin.value = { made: 2 };
  const { position } = await nodes[0].live.change({ tags: ["board"] });
  await untilShown(nodes, origin, 30_000);
  expect(origin.loads).toBe(2);
  expect(framesOf(nodes)).toEqual({ stale: 2 * WATCHERS });
  for (const { screens } of nodes) {
    expect(screens.every(({ told }) => told[0]!.frame === "stale" && told[0]!.body.spreadMs === 1_250)).toBe(
      true,
    );
    expect(screens.every((screen) => reaches(screen.position!, position!))).toBe(true);
  }
});

test("10,000 watchers of one pushed response: one load, nobody fetches, and the bodies are as new as the change", async () => {
  const { origin, nodes } = await openCluster(true, PATIENT);
  for (const node of nodes) await node.show(WATCHERS);
  const fetches = nodes.map((node) => node.fetches);
  for (const [loads, done] of [
    [2, true],
    [3, false],
  ] as const) {
    origin.value = ROWS.with(7, { ...ROWS[7]!, done });
    const { position } = await nodes[loads - 2]!.live.change({ tags: ["board"] });
    await untilShown(nodes, origin, 30_000);
    expect(origin.loads).toBe(loads);
    for (const { screens } of nodes) {
      expect(
        screens.every(({ told }) => reaches(parsePosition(told.at(-1)!.body.position)!, position!)),
      ).toBe(true);
    }
  }
  // A node that could not look at what its first watcher held sends the first body whole.
  const { body = 0, delta = 0, ...others } = framesOf(nodes);
  expect(body + delta).toBe(4 * WATCHERS);
  expect(delta).toBeGreaterThanOrEqual(2 * WATCHERS);
  expect(others).toEqual({});
  expect(nodes.map((node) => node.fetches)).toEqual(fetches);
});

test("Redis goes away between change and push: the node that is left alone says nothing older, and converges when it is back", async () => {
  const { origin, nodes, gate } = await openCluster(true);
  for (const node of nodes) await node.show(20);
  gate.cut();
  await until(() => nodes[1].live.status().state === "away", { what: "away", withinMs: 5_000 });
  for (let made = 2; made <= 5; made++) {
    origin.value = { made };
    await nodes[0].live.change({ tags: ["board"] });
    await untilShown([nodes[0]], origin);
  }
  // Made on the node that is alone: its own watchers need not wait, and a second change is not taken for the first.
  origin.slowness = async () => {
    origin.slowness = undefined;
    origin.value = { made: 7 };
    await nodes[1].live.change({ tags: ["board"] });
  };
  origin.value = { made: 6 };
  await nodes[1].live.change({ tags: ["board"] });
  await untilShown([nodes[1]], origin);
  gate.pass();
  await untilShown(nodes, origin);
  expect(
    nodes.flatMap(({ screens }) => screens.map(({ misfits }) => misfits)).every((count) => count === 0),
  ).toBe(true);
});

test("the ground goes away while a body is made: the watchers get it all the same, or fetch", async () => {
  const { origin, nodes, gate } = await openCluster(true);
  await nodes[1].show(20);
  origin.slowness = async () => {
    origin.slowness = undefined;
    gate.cut();
    await until(() => nodes[1].live.status().state === "away", { what: "away", withinMs: 5_000 });
  };
  origin.value = { made: 2 };
  await nodes[0].live.change({ tags: ["board"] });
  await untilShown([nodes[1]], origin);
  origin.value = { made: 3 };
  await nodes[0].live.change({ tags: ["board"] });
  gate.pass();
  await untilShown(nodes, origin);
  expect(nodes[1].screens.map(({ misfits }) => misfits).every((count) => count === 0)).toBe(true);
});
