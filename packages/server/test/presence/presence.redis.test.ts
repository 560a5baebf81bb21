import { openGate, startNode, startRedis, until } from "@livecache/rig";
import type { NodeProcess, RedisProcess } from "@livecache/rig";
import type { PresenceDiffFrame } from "@livecache/wire";
import { createClient } from "redis";
import { beforeAll, expect, test } from "vitest";
import type { PresencePage } from "../../src/presence/presence.ts";
import type { SocketRecord } from "../../src/ports/socket-store.ts";
import { onTestFinished, sideBySide } from "../side-by-side.ts";

const NODE = new URL("./presence-node.mjs", import.meta.url);
const WITHIN_MS = 15_000;

let redis: RedisProcess;

beforeAll(async () => {
  redis = await startRedis();
  return () => redis.close();
});

/** A server of one test, which may break it. */
async function ownRedis(): Promise<RedisProcess> {
  const own = await startRedis();
  onTestFinished(own.close);
  return own;
}

/** A node in a process of its own, over the shared server; each test has rooms of its own. */
async function start({ url }: { readonly url: string } = redis): Promise<NodeProcess> {
  const node = await startNode(NODE, { args: [url] });
  onTestFinished(node.close);
  return node;
}

async function usersOf(node: NodeProcess, room: string): Promise<string[]> {
  const page = (await node.call("of", room)) as PresencePage;
  return page.users.map(({ userId }) => userId);
}

interface Told extends PresenceDiffFrame {
  readonly atMs: number;
}

/** Everything a node told its members of who came and went in a room. */
async function noise(node: NodeProcess, room: string): Promise<string[]> {
  const told = (await node.call("told")) as Told[];
  return told
    .filter(({ channel }) => channel === `room/${room}`)
    .flatMap(({ joined = [], left = [] }) => [
      ...joined.map(({ userId }) => `+${userId}`),
      ...left.map((userId) => `-${userId}`),
    ]);
}

async function settled(node: NodeProcess, room: string, users: readonly string[]): Promise<void> {
  await until(async () => JSON.stringify(await usersOf(node, room)) === JSON.stringify(users), {
    what: `${room} holds ${users.join(", ")}`,
    withinMs: WITHIN_MS,
  });
}

test("G7 users of a killed node are told as gone within 3 s, several times in a row", async () => {
  const survivors = [await start(), await start()];
  for (const [index, node] of survivors.entries()) await node.call("connect", `w${index}`, ["room/kill"]);
  const delays: number[] = [];
  for (let round = 0; round < 2; round++) {
    const victim = await start();
    const user = `victim${round}`;
    await victim.call("connectMany", user, 20, ["room/kill", `room/k${round}`]);
    await until(async () => (await usersOf(survivors[0]!, "kill")).length === 22, {
      what: "all are there",
      withinMs: WITHIN_MS,
    });
    const killedMs = Date.now();
    await victim.kill();
    await until(async () => (await usersOf(survivors[0]!, "kill")).length === 2, {
      what: "pages do without them",
      withinMs: WITHIN_MS,
    });
    const last = await until(
      async () => {
        const told = (await survivors[1]!.call("told")) as Told[];
        return told.find(({ left }) => left?.includes(`${user}19`));
      },
      { what: "the other survivor's members are told", withinMs: WITHIN_MS },
    );
    delays.push(last.atMs - killedMs);
    await until(async () => (await survivors[0]!.call("count", `k${round}`)) === 0, {
      what: "a channel that nobody follows is tidied up",
      withinMs: WITHIN_MS,
    });
  }
  // The quicker: a machine that is busy with something else may stretch one.
  expect(Math.min(...delays), `ms: ${delays.join(", ")}`).toBeLessThanOrEqual(3_000);
  const left = (await noise(survivors[1]!, "kill")).filter((text) => text.startsWith("-"));
  expect(new Set(left).size).toBe(left.length);
});

test.concurrent(
  "G7 a frozen node's users go; when it wakes they are back, under another incarnation and without a storm",
  sideBySide(async () => {
    const [watcher, sleeper] = [await start(), await start()];
    await watcher.call("connect", "w", ["room/freeze"]);
    await settled(watcher, "freeze", ["w"]);
    await sleeper.call("connectMany", "s", 3, ["room/freeze"]);
    await sleeper.call("connect", "w", ["room/freeze"]);
    await settled(watcher, "freeze", ["s0", "s1", "s2", "w"]);
    process.kill(sleeper.pid, "SIGSTOP");
    await settled(watcher, "freeze", ["w"]);
    const noiseOfSleepers = async () =>
      (await noise(watcher, "freeze")).filter((text) => !text.endsWith("w"));
    await until(async () => (await noiseOfSleepers()).length === 6, {
      what: "the leaves are told",
      withinMs: WITHIN_MS,
    });
    process.kill(sleeper.pid, "SIGCONT");
    await settled(watcher, "freeze", ["s0", "s1", "s2", "w"]);
    await until(async () => (await noiseOfSleepers()).length >= 9, {
      what: "they are told as joined",
      withinMs: WITHIN_MS,
    });
    const told = await noiseOfSleepers();
    expect(told.toSorted()).toEqual(
      ["+s0", "+s0", "+s1", "+s1", "+s2", "+s2", "-s0", "-s1", "-s2"].toSorted(),
    );
    await sleeper.call("connect", "late", ["room/freeze"]);
    await settled(sleeper, "freeze", ["late", "s0", "s1", "s2", "w"]);
  }),
);

test.concurrent(
  "G7 a user who reconnects to another node within the grace is never told as gone",
  sideBySide(async () => {
    const nodes = [await start(), await start()];
    await nodes[0]!.call("connect", "w", ["room/reload"]);
    await settled(nodes[0]!, "reload", ["w"]);
    let at = 0;
    let socket = await nodes[at]!.call("connect", "a", ["room/reload"]);
    await settled(nodes[0]!, "reload", ["a", "w"]);
    for (let round = 0; round < 6; round++) {
      await nodes[at]!.call("disconnect", socket);
      at = 1 - at;
      socket = await nodes[at]!.call("connect", "a", ["room/reload"]);
    }
    // Longer than every grace that has begun.
    await nodes[at]!.call("disconnect", socket);
    await settled(nodes[0]!, "reload", ["w"]);
    await until(async () => (await noise(nodes[0]!, "reload")).includes("-a"), {
      what: "the last leave is told",
      withinMs: WITHIN_MS,
    });
    expect((await noise(nodes[0]!, "reload")).filter((text) => text.endsWith("a"))).toEqual(["+a", "-a"]);
  }),
);

test.concurrent(
  "G7 Redis frozen and killed: nobody flickers, and everybody is there again",
  sideBySide(async () => {
    const mine = await ownRedis();
    const nodes = [await start(mine), await start(mine)];
    for (const [index, node] of nodes.entries())
      await node.call("connectMany", `u${index}`, 5, ["room/away"]);
    const all = ["u00", "u01", "u02", "u03", "u04", "u10", "u11", "u12", "u13", "u14"];
    await settled(nodes[0]!, "away", all);
    const before = await Promise.all(nodes.map((node) => noise(node, "away")));
    for (const fault of ["freeze", "kill"] as const) {
      await (fault === "freeze" ? mine.freeze() : mine.kill());
      await Promise.all(
        nodes.map((node) =>
          until(async () => ((await node.call("of", "away")) as PresencePage).stale, {
            what: `presence is marked stale after ${fault}`,
            withinMs: WITHIN_MS,
          }),
        ),
      );
      const frozen = (await nodes[0]!.call("of", "away")) as PresencePage;
      expect(frozen.users.map(({ userId }) => userId)).toEqual(all);
      await (fault === "freeze" ? mine.thaw() : mine.restart());
      await Promise.all(
        nodes.map((node) =>
          until(async () => ((await node.call("of", "away")) as PresencePage).stale === undefined, {
            what: `presence is current again after ${fault}`,
            withinMs: WITHIN_MS,
          }),
        ),
      );
      await settled(nodes[0]!, "away", all);
      await settled(nodes[1]!, "away", all);
    }
    expect(await Promise.all(nodes.map((node) => noise(node, "away")))).toEqual(before);
  }),
);

test.concurrent(
  "G7 a node that is cut off from Redis: the others tell its users as gone, its own see what they saw, marked",
  sideBySide(async () => {
    const gate = await openGate(redis.port);
    onTestFinished(gate.close);
    const [near, far] = [await start(), await start({ url: `redis://127.0.0.1:${gate.port}` })];
    await near.call("connect", "n", ["room/cut"]);
    await far.call("connect", "f", ["room/cut"]);
    for (const node of [near, far]) await settled(node, "cut", ["f", "n"]);
    gate.hang();
    await settled(near, "cut", ["n"]);
    await until(async () => ((await far.call("of", "cut")) as PresencePage).stale, {
      what: "the other marks what it knows",
      withinMs: WITHIN_MS,
    });
    expect(await usersOf(far, "cut")).toEqual(["f", "n"]);
    await near.call("connect", "late", ["room/cut"]);
    gate.pass();
    for (const node of [near, far]) await settled(node, "cut", ["f", "late", "n"]);
    await until(async () => (await noise(far, "cut")).includes("+late"), {
      what: "its members are told",
      withinMs: WITHIN_MS,
    });
    expect((await noise(far, "cut")).filter((text) => text.startsWith("-"))).toEqual([]);
  }),
);

test.concurrent(
  "G7 Redis emptied behind everybody's back: each node says again who is there, and nobody flickers",
  sideBySide(async () => {
    const mine = await ownRedis();
    const nodes = [await start(mine), await start(mine)];
    for (const [index, node] of nodes.entries())
      await node.call("connectMany", `u${index}`, 3, ["room/flush"]);
    const all = ["u00", "u01", "u02", "u10", "u11", "u12"];
    await settled(nodes[0]!, "flush", all);
    await settled(nodes[1]!, "flush", all);
    const before = await Promise.all(nodes.map((node) => noise(node, "flush")));
    await mine.command("FLUSHALL");
    await until(
      async () => {
        const told = (await Promise.all(nodes.map((node) => node.call("told")))) as Told[][];
        return told.every((frames) => frames.some(({ stale }) => stale === false));
      },
      { what: "both nodes notice, and look again", withinMs: WITHIN_MS },
    );
    expect(await nodes[1]!.call("count", "flush")).toBe(6);
    for (const node of nodes) await settled(node, "flush", all);
    expect(await Promise.all(nodes.map((node) => noise(node, "flush")))).toEqual(before);
  }),
);

test.concurrent(
  "presence writes grow with nodes, not with members",
  sideBySide(async () => {
    const quiet = await ownRedis();
    const nodes = [await start(quiet), await start(quiet)];
    await nodes[0]!.call("connectMany", "a", 400, ["room/big"]);
    await nodes[1]!.call("connectMany", "b", 400, ["room/big"]);
    await until(async () => (await nodes[0]!.call("count", "big")) === 800, {
      what: "all are there",
      withinMs: WITHIN_MS,
    });
    const inspector = createClient({ url: quiet.url });
    await inspector.connect();
    onTestFinished(() => inspector.destroy());
    // Sockets are written to their own records for a moment longer.
    await until(async () => (await inspector.keys("lc:main:socket:*")).length >= 800, {
      what: "all records are written",
      withinMs: WITHIN_MS,
    });
    const count = async (): Promise<Record<string, number>> => {
      const text = await inspector.info("commandstats");
      const calls = [...text.matchAll(/cmdstat_(\w+):calls=(\d+)/g)];
      return Object.fromEntries(calls.map(([, name, number]) => [name!, Number(number)]));
    };
    await inspector.configResetStat();
    const beganMs = Date.now();
    // What a renewal writes besides the lease: where the clock of leases stands.
    const renewals = async (): Promise<number> => {
      const { hset = 0, hgetall = 0 } = await count();
      return hset - hgetall;
    };
    await until(async () => (await renewals()) >= 10, {
      what: "five renewals of each node",
      withinMs: WITHIN_MS,
    });
    const seconds = (Date.now() - beganMs) / 1_000;
    const calls = await count();
    const writes = ["hset", "hdel", "hincrby", "sadd", "srem", "zrem", "spublish"];
    // Revocations are compared by the way, which reads a hash and writes to it once.
    const compared = calls["hgetall"] ?? 0;
    const written = writes.reduce((sum, name) => sum + (calls[name] ?? 0), 0) - compared;
    expect(written / seconds, JSON.stringify(calls)).toBeLessThanOrEqual(1.5 * nodes.length);
  }),
);

test.concurrent(
  "socket sessions are readable with plain commands, and go with the socket",
  sideBySide(async () => {
    const node = await start();
    const id = (await node.call("connect", "u 1", ["room/s"])) as string;
    const inspector = createClient({ url: redis.url });
    await inspector.connect();
    onTestFinished(() => inspector.destroy());
    const text = await until(() => inspector.get(`lc:main:socket:{${id}}`), {
      what: "the record is written",
      withinMs: WITHIN_MS,
    });
    const record = JSON.parse(text) as SocketRecord;
    expect(record).toEqual({
      socketId: id,
      userId: "u 1",
      currentRegionId: null,
      lastLocation: null,
      connectedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      lastActivityAt: expect.stringMatching(/^\d{4}-.*Z$/),
      userAgent: "test/1.0",
    });
    expect(await inspector.sMembers("lc:main:sockets:{u 1}")).toEqual([id]);
    const { at } = (await node.call("ask", id, "heartbeat", {})) as { at: string };
    await until(async () => (await inspector.get(`lc:main:heartbeat:{${id}}`)) === at, {
      what: "the heartbeat is written",
      withinMs: WITHIN_MS,
    });
    const ttls = await Promise.all(
      ["socket", "heartbeat"].map((kind) => inspector.pTTL(`lc:main:${kind}:{${id}}`)),
    );
    expect(ttls[0]).toBeGreaterThan(3_500_000);
    expect(ttls[0]).toBeLessThanOrEqual(3_600_000);
    expect(ttls[1]).toBeGreaterThan(290_000);
    expect(ttls[1]).toBeLessThanOrEqual(300_000);
    expect(await inspector.pTTL("lc:main:sockets:{u 1}")).toBeGreaterThan(3_500_000);
    expect(await node.call("session", id)).toEqual(record);
    expect(await node.call("socketsOf", "u 1")).toEqual([record]);
    expect(await node.call("heartbeat", id)).toBe(at);
    await node.call("disconnect", id);
    await until(
      async () => (await inspector.exists([`lc:main:socket:{${id}}`, "lc:main:sockets:{u 1}"])) === 0,
      {
        what: "the records are removed",
        withinMs: WITHIN_MS,
      },
    );
  }),
);
