import { startNode, startSentinels, until } from "@livecache/rig";
import type { NodeProcess, RedisSentinels } from "@livecache/rig";
import { expect, onTestFinished, test } from "vitest";
import { refuseUnhandledRejections } from "../redis/redis-site.ts";
import { openFleetNode } from "./fleet.ts";
import type { FleetNode } from "./fleet.ts";
import { loadCache, loadEvents, loadSessions, loadTokens } from "./loads.ts";
import type { Load } from "./loads.ts";

refuseUnhandledRejections();

const inAnHour = (): number => Date.now() + 3_600_000;

async function openSite() {
  const sentinels = await startSentinels();
  onTestFinished(sentinels.close);
  const address = { sentinels: sentinels.addresses, name: sentinels.name };
  const join = () => openFleetNode(address);
  return { sentinels, address, join, nodes: [await join(), await join()] };
}

/** Reads a value that stands for `current`, in patience with a ground that is away. */
function read(live: FleetNode, current: string): Promise<string> {
  return live.cache.getOrSet("k", () => current, { ttl: "10m", tags: ["t"] });
}

/** What has not reached a replica is lost. */
async function failOver(sentinels: RedisSentinels): Promise<void> {
  const former = await sentinels.primary();
  await former.kill();
  await sentinels.successorOf(former);
}

async function untilFurther(loads: readonly Load[]): Promise<void> {
  const goals = loads.map((load) => load.steps() + 5);
  await until(() => loads.every((load, index) => load.steps() >= goals[index]!), {
    what: "the loads go on",
    withinMs: 30_000,
  });
}

test("a failover loses what was acknowledged, and who wrote it dies with it: nothing stale, no silent gap, nobody revoked, no session back", async () => {
  const { sentinels, join, nodes } = await openSite();
  const dying = await join();
  for (const live of [...nodes, dying]) expect(await read(live, "old")).toBe("old");
  await nodes[0]!.sessions.create("s", { userId: "ana", idleMs: 3_600_000 });
  const loads = [loadCache(nodes), await loadEvents(nodes), loadTokens(nodes), loadSessions(nodes)];
  await untilFurther(loads);
  await sentinels.lag();
  expect(await dying.change({ tags: ["t"] })).toMatchObject({ scope: "cluster" });
  await dying.tokens.revoke("lost", inAnHour());
  expect(await dying.sessions.end("s")).toBe(true);
  await Promise.all([dying.close(), failOver(sentinels)]);
  const accepted: string[] = [];
  const stale: string[] = [];
  const judge = async (live: FleetNode): Promise<void> => {
    if (live.tokens.check({ jti: "lost" }) === "valid") accepted.push(live.node);
    if ((await read(live, "new")) !== "new") stale.push(live.node);
  };
  for (const live of nodes) await judge(live);
  await untilFurther(loads);
  const late = await join();
  for (const live of [...nodes, late]) await judge(live);
  await until(() => late.tokens.check({ jti: "good" }) === "valid", {
    what: "who joined knows what is revoked",
    withinMs: 10_000,
  });
  for (const live of [...nodes, late]) await judge(live);
  expect({ accepted, stale }).toEqual({ accepted: [], stale: [] });
  for (const live of [...nodes, late]) expect(await live.sessions.read("s")).toBeUndefined();
  for (const load of loads) expect(await load.stop()).toEqual([]);
});

async function startSleeper(address: unknown): Promise<NodeProcess & { signal(name: NodeJS.Signals): void }> {
  const node = await startNode(new URL("sleeper-node.mjs", import.meta.url), {
    args: [JSON.stringify(address)],
  });
  onTestFinished(node.kill);
  return { ...node, signal: (name) => void process.kill(node.pid, name) };
}

test("a node that slept through a failover stores nothing from before, and what it writes when it wakes is taken as of now", async () => {
  const { sentinels, address, nodes } = await openSite();
  const [awake] = nodes;
  const sleeper = await startSleeper(address);
  await sleeper.call("begin", "k", "t", "old");
  await sleeper.call("revoke", "before", inAnHour());
  const before = await awake!.change({ tags: ["other"] });
  sleeper.signal("SIGSTOP");
  await sentinels.lag();
  await failOver(sentinels);
  const change = await until(
    async () => {
      const made = await awake!.change({ tags: ["t"] });
      return made.pending ? undefined : made;
    },
    { what: "a change gets through", withinMs: 10_000 },
  );
  expect(change.position.epoch).not.toBe(before.position!.epoch);
  sleeper.signal("SIGCONT");
  // It ends its load, which began in the epoch that has ended, and goes on at once.
  expect(await sleeper.call("finish", "k")).toBe("old");
  for (const live of nodes) expect(await read(live, "new")).toBe("new");
  expect(
    await until(() => sleeper.call("changeAndRevoke", "t", "after", inAnHour()), {
      what: "the sleeper writes",
      withinMs: 10_000,
    }),
  ).toMatchObject({ epoch: change.position.epoch });
  const areRefused = (): boolean =>
    nodes.every((live) => ["before", "after"].every((jti) => live.tokens.check({ jti }) === "revoked"));
  await until(areRefused, { what: "both tokens are refused everywhere", withinMs: 5_000 });
  for (const live of nodes) expect(await read(live, "newer")).toBe("newer");
  expect(await until(() => sleeper.call("read", "k"), { what: "it reads", withinMs: 5_000 })).toBe("newer");
});

test("a primary that was frozen wakes among nodes that knew it: nothing that it says or takes counts", async () => {
  const { sentinels, nodes } = await openSite();
  const loads = [loadCache(nodes), await loadEvents(nodes), loadTokens(nodes), loadSessions(nodes)];
  await untilFurther(loads);
  const former = await sentinels.primary();
  former.freeze();
  const now = await sentinels.successorOf(former);
  former.thaw();
  await untilFurther(loads);
  await until(async () => (await former.call("ROLE"))?.toString().startsWith("slave"), {
    what: "it follows its successor",
    withinMs: 15_000,
  });
  await untilFurther(loads);
  expect(await sentinels.primary()).toBe(now);
  for (const load of loads) expect(await load.stop()).toEqual([]);
});
