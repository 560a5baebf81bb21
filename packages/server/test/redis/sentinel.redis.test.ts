import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { startRedis, startSentinels, until } from "@livecache/rig";
import type { RedisSentinels } from "@livecache/rig";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { randomWord } from "../../src/base/ids.ts";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import { openRedis } from "../../src/redis/open.ts";
import {
  changeOf,
  follow,
  refuseUnhandledRejections,
  startsOf,
  stateOf,
  store,
  untilStatus,
} from "./redis-site.ts";

refuseUnhandledRejections();

const HEAD = createKeyspace({ prefix: "lc", database: 0, realm: "main" }).head;

let site: RedisSentinels;
beforeAll(async () => {
  site = await startSentinels();
});
afterAll(() => site.close());

async function open() {
  const ground = await openRedis({ sentinels: site.addresses, name: site.name });
  onTestFinished(ground.close);
  return { ground, realm: ground.realm("main") };
}

test("a failover on command is found, and everything goes on at the new primary, in a new epoch", async () => {
  const { ground, realm } = await open();
  const told: string[] = [];
  const heard = await follow(realm);
  await realm.changeLog.subscribe("room", ({ body }) => void told.push(body));
  await store(realm);
  const { epoch } = await realm.changeLog.position();
  await site.failover();
  await until(async () => (await realm.changeLog.position().catch(() => ({ epoch }))).epoch !== epoch, {
    what: "the change of the primary counts as a loss",
    withinMs: 5_000,
  });
  await untilStatus(ground, "here", 5_000);
  expect(await stateOf(realm)).toBe("invalid");
  const say = changeOf({ events: [{ channel: "room", name: "told", body: "after" }] });
  await until(
    async () => {
      await realm.changeLog.append({ ...say, changeId: randomWord(16) }).catch(() => undefined);
      return told.includes("after");
    },
    { what: "events arrive from the new primary", withinMs: 5_000 },
  );
  await until(() => startsOf(heard).length > 1, { what: "the tail starts again", withinMs: 3_000 });
});

test("one Sentinel that answers is enough; the others may be gone, frozen, or no Sentinels", async () => {
  const [, frozen] = site.sentinels;
  frozen!.freeze();
  onTestFinished(frozen!.thaw);
  const primary = await site.primary();
  const sentinels = [{ host: "127.0.0.1", port: primary.port }, ...site.addresses.slice(1)];
  const ground = await openRedis({ sentinels, name: site.name });
  onTestFinished(ground.close);
  expect(await store(ground.realm("main"))).toMatchObject({ state: "stored" });
});

test("a name that no Sentinel knows, and servers that are no Sentinels, are refused with what to do", async () => {
  await expect(openRedis({ sentinels: site.addresses, name: "other" })).rejects.toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringMatching(/knows no primary "other".* Fix: .*sentinel\.conf/),
  });
  const { port } = await site.primary();
  await expect(openRedis({ sentinels: [{ port }], name: site.name })).rejects.toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringMatching(/no Sentinel\. Fix: /),
  });
});

test("Sentinels that ask for a user and a password of their own are given those", async () => {
  for (const sentinel of site.sentinels) {
    await sentinel.call("ACL", "SETUSER", "watcher", "on", ">s3cret", "+@all");
  }
  const address = { sentinels: site.addresses, name: site.name, sentinelUsername: "watcher" };
  const ground = await openRedis({ ...address, sentinelPassword: "s3cret" });
  onTestFinished(ground.close);
  expect(await store(ground.realm("main"))).toMatchObject({ state: "stored" });
  await expect(openRedis({ ...address, sentinelPassword: "other" })).rejects.toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringMatching(/^no Sentinel names the primary.*WRONGPASS.* Fix: /),
  });
});

test("a Sentinel or a replica in the place of a server is refused with what to do", async () => {
  await expect(openRedis(site.sentinels[0]!.url)).rejects.toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringMatching(/is a Sentinel\. Fix: openRedis\(\{ sentinels/),
  });
  const [replica] = await site.replicas();
  await expect(openRedis(replica!.url)).rejects.toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringMatching(/is a replica\. Fix: /),
  });
});

test("when the primary is killed, its successor is found", async () => {
  const { ground, realm } = await open();
  await store(realm);
  const former = await site.primary();
  await former.kill();
  await untilStatus(ground, "away", 3_000);
  await site.successorOf(former);
  await untilStatus(ground, "here", 6_000);
  expect(["invalid", "absent"]).toContain(await stateOf(realm));
  expect(await store(realm)).toMatchObject({ state: "stored" });
});

/** A way to a server, which says when somebody has come along. */
async function openPath(port: number) {
  let come: () => void;
  const somebody = new Promise<void>((resolve) => (come = resolve));
  const path = createServer((socket) => {
    const beyond = connect(port, "127.0.0.1");
    for (const end of [socket, beyond]) {
      end.on("error", () => undefined);
      end.on("close", () => [socket, beyond].forEach((one) => one.destroy()));
    }
    socket.pipe(beyond).pipe(socket);
    come();
  });
  await new Promise<void>((resolve) => path.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void path.close());
  return { port: (path.address() as AddressInfo).port, somebody };
}

test("a primary that stood still while it was being connected to, and was replaced meanwhile, is not taken", async () => {
  const own = await startSentinels();
  onTestFinished(own.close);
  const former = await own.primary();
  const path = await openPath(former.port);
  former.freeze();
  onTestFinished(former.thaw);
  const opening = openRedis(
    {
      ...{ sentinels: own.addresses, name: own.name },
      natMap: { [`127.0.0.1:${former.port}`]: { host: "127.0.0.1", port: path.port } },
    },
    { connectTimeout: "20s" },
  );
  await path.somebody;
  const now = await own.failover();
  former.thaw();
  const ground = await opening;
  onTestFinished(ground.close);
  const { epoch } = await ground.realm("main").changeLog.append(changeOf({ tags: ["t"] }));
  expect(String(await now.call("GET", HEAD))).toContain(epoch);
});

/** A Sentinel that hears of no other: it names the first primary for ever. */
async function startDeafSentinel({ name, servers }: RedisSentinels) {
  for (const server of servers) {
    await server.call("ACL", "SETUSER", "deaf", "on", ">deaf", "resetchannels", "+ping", "+info", "+role");
  }
  const lines = [
    `sentinel monitor ${name} 127.0.0.1 ${servers[0]!.port} 9`,
    `sentinel auth-user ${name} deaf`,
    `sentinel auth-pass ${name} deaf`,
  ];
  const deaf = await startRedis({ configFile: `${lines.join("\n")}\n`, config: ["--sentinel"] });
  onTestFinished(deaf.close);
  return deaf;
}

test("of several Sentinels the one that knows of the latest failover counts, also when the one asked first is cut off", async () => {
  const own = await startSentinels();
  onTestFinished(own.close);
  const deaf = await startDeafSentinel(own);
  const ground = await openRedis({
    sentinels: [{ host: "127.0.0.1", port: deaf.port }, ...own.addresses],
    name: own.name,
  });
  onTestFinished(ground.close);
  const { changeLog } = ground.realm("main");
  const { epoch } = await changeLog.append(changeOf({ tags: ["t"] }));
  const former = await own.primary();
  // Nobody can tell it that it was replaced.
  await former.call("ACL", "SETUSER", "default", "-replicaof", "-slaveof", "-client|kill", "-shutdown");
  const now = await own.failover();
  expect((await former.call("ROLE"))?.toString()).toMatch(/^master/);
  await until(async () => (await changeLog.position().catch(() => ({ epoch }))).epoch !== epoch, {
    what: "the node has moved to the new primary",
    withinMs: 5_000,
  });
  const moved = await changeLog.position();
  expect(String(await now.call("GET", HEAD))).toContain(moved.epoch);
});
