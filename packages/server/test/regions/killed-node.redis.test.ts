import { startNode, startRedis, until } from "@livecache/rig";
import type { NodeProcess } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";

const POINT = { latitude: 28.7037, longitude: 77.2079 };
const SOCKETS = 300;

interface Seen {
  readonly near: number;
  readonly count: number;
}

async function start(url: string): Promise<NodeProcess> {
  const node = await startNode(new URL("./region-node.mjs", import.meta.url), { args: [url] });
  onTestFinished(node.close);
  return node;
}

const see = (node: NodeProcess): Promise<Seen> => node.call("seen", POINT) as Promise<Seen>;

async function untilSeen(node: NodeProcess, wanted: Partial<Seen>, withinMs: number): Promise<void> {
  const agrees = async (): Promise<boolean> => {
    const seen = await see(node);
    return Object.entries(wanted).every(([name, value]) => seen[name as keyof Seen] === value);
  };
  await until(agrees, { what: JSON.stringify(wanted), withinMs });
}

test("after SIGKILL of a node its 300 sockets are near nobody after its lease of 2 s, and not counted soon after; a new node starts clean", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const [survivor, victim] = [await start(redis.url), await start(redis.url)];
  await survivor.call("connectMany", 1, POINT);
  await victim.call("connectMany", SOCKETS, POINT);
  await untilSeen(survivor, { near: SOCKETS + 1, count: SOCKETS + 1 }, 10_000);
  await victim.kill();
  await untilSeen(survivor, { near: 1 }, 6_000);
  await untilSeen(survivor, { near: 1, count: 1 }, 8_000);
  const late = await start(redis.url);
  await untilSeen(late, { near: 1, count: 1 }, 5_000);
  expect(await see(survivor)).toEqual({ near: 1, count: 1 });
});

test("a node that was frozen and taken for dead tells its sockets again when it wakes", async () => {
  const redis = await startRedis();
  onTestFinished(redis.close);
  const [survivor, sleeper] = [await start(redis.url), await start(redis.url)];
  await survivor.call("connectMany", 1, POINT);
  await sleeper.call("connectMany", 20, POINT);
  await untilSeen(survivor, { near: 21, count: 21 }, 10_000);
  process.kill(sleeper.pid, "SIGSTOP");
  await untilSeen(survivor, { near: 1, count: 1 }, 10_000);
  process.kill(sleeper.pid, "SIGCONT");
  await untilSeen(survivor, { near: 21, count: 21 }, 10_000);
  expect(await see(sleeper)).toEqual({ near: 21, count: 21 });
});
