import { openGate, startCluster, until } from "@livecache/rig";
import type { RedisCluster } from "@livecache/rig";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { LiveError } from "@livecache/wire";
import { randomWord } from "../../src/base/ids.ts";
import type { Realm } from "../../src/ports/ground.ts";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import { openRedis } from "../../src/redis/open.ts";
import {
  changeOf,
  follow,
  move,
  refuseUnhandledRejections,
  startsOf,
  stateOf,
  store,
  untilStatus,
} from "./redis-site.ts";

refuseUnhandledRejections();

let cluster: RedisCluster;
beforeAll(async () => {
  // By default no primary answers while the slots of another one are nobody's.
  const config = ["--cluster-require-full-coverage", "no"];
  cluster = await startCluster({ shards: 3, replicasPerShard: 1, config });
});
afterAll(() => cluster.close());

/** A ground under a prefix of its own, and where its main realm is. */
async function open() {
  const prefix = randomWord(8);
  const ground = await openRedis({ cluster: [cluster.addresses[0]!] }, { prefix, commandTimeout: "1s" });
  onTestFinished(ground.close);
  const keyspace = createKeyspace({ prefix, database: 0, realm: "main" });
  return { ground, keyspace, prefix, realm: ground.realm("main") };
}

/** Names of entries, as many for each primary. */
async function namesOn(entry: (key: string) => string): Promise<string[]> {
  const found = new Map<number, string>();
  for (let n = 0; found.size < 3; n++) {
    const owner = await cluster.ownerOf(entry(`k${n}`));
    if (!found.has(owner.port)) found.set(owner.port, `k${n}`);
  }
  return [...found.values()];
}

async function otherThan(port: number) {
  const names = [];
  for (const node of cluster.nodes.slice(0, 3)) if (node.port !== port) names.push(node);
  return names[0]!;
}

async function say({ changeLog }: Realm, body: string): Promise<unknown> {
  return changeLog.append(changeOf({ events: [{ channel: "room", name: "told", body }] }));
}

test("entries on every primary are read in one call, in the order asked, and walked over page by page", async () => {
  const { realm, keyspace } = await open();
  const names = await namesOn(keyspace.entry);
  for (const name of names) expect(await store(realm, name)).toMatchObject({ state: "stored" });
  const asked = [names[2]!, "absent", names[0]!, names[1]!, names[2]!];
  const replies = await realm.cacheStore.read(asked);
  expect(replies.map((reply) => ("entry" in reply ? reply.entry.key : reply.state))).toEqual(asked);
  const keys: string[] = [];
  let after: string | undefined;
  do {
    const page = await realm.cacheStore.keys({ prefix: "k", after, limit: 1 });
    keys.push(...page.keys);
    after = page.next;
  } while (after !== undefined);
  expect([...new Set(keys)].sort()).toEqual([...names].sort());
  await expect(realm.cacheStore.keys({ prefix: "", after: "17", limit: 1 })).rejects.toMatchObject({
    code: "LIVE_INPUT_INVALID",
  });
  await move(realm, "t");
  expect(await stateOf(realm, names[0])).toBe("invalid");
});

test("while the slot of an entry moves its entry is read, and after it has moved it is written too", async () => {
  const { realm, keyspace } = await open();
  await store(realm, "moving");
  const key = keyspace.entry("moving");
  const from = await cluster.ownerOf(key);
  const slot = await cluster.moveSlot(key, await otherThan(from.port));
  await slot.begin();
  expect(await stateOf(realm, "moving")).toBe("valid");
  await slot.moveKeys();
  expect(await stateOf(realm, "moving")).toBe("valid");
  // The lease has not been there, so no server has all keys of the script: that passes when the slot has moved.
  await expect(store(realm, "moving")).rejects.toMatchObject({ code: "LIVE_GROUND_AWAY", retryable: true });
  await slot.finish();
  expect(await stateOf(realm, "moving")).toBe("valid");
  expect(await store(realm, "moving")).toMatchObject({ state: "stored" });
});

test("a realm goes with its slot: its log, its events and its tail go on at the new primary, in a new epoch", async () => {
  const { realm, keyspace, ground } = await open();
  const told: string[] = [];
  const heard = await follow(realm);
  await realm.changeLog.subscribe("room", ({ body }) => void told.push(body));
  await say(realm, "before");
  await store(realm);
  await until(() => told.length === 1, { what: "the event arrives", withinMs: 3_000 });
  const { epoch } = await realm.changeLog.position();
  const from = await cluster.ownerOf(keyspace.head);
  const slot = await cluster.moveSlot(keyspace.head, await otherThan(from.port));
  await slot.begin();
  await slot.moveKeys();
  await slot.finish();
  await until(async () => (await realm.changeLog.position()).epoch !== epoch, {
    what: "the change of the primary counts as a loss",
    withinMs: 5_000,
  });
  await untilStatus(ground, "here", 5_000);
  expect(await stateOf(realm)).toBe("invalid");
  await until(
    async () => {
      await say(realm, "after");
      return told.includes("after");
    },
    { what: "events arrive from the new primary", withinMs: 5_000 },
  );
  await until(() => startsOf(heard).length > 1, { what: "the tail starts again", withinMs: 3_000 });
  expect(new Set(startsOf(heard)).size).toBe(startsOf(heard).length);
});

test("while the slot of a realm moves, nothing is done by halves: an epoch's first event is kept, and a session ends", async () => {
  const { realm, keyspace } = await open();
  const { changeLog, sessionStore } = realm;
  const kept = { maxEvents: 10, maxAgeMs: 60_000 };
  const sayKept = (body: string) =>
    changeLog.append(changeOf({ events: [{ channel: "room", name: "told", body, kept }] }));
  const create = (id: string) => {
    const life = { idleMs: 60_000, absoluteMs: undefined, isForeign: false };
    return sessionStore.create({ id, fields: [["name", '"ana"']], userId: undefined, ...life });
  };
  const end = (id: string) => sessionStore.end([id], { changeId: id, origin: "a", tags: ["sessions"] });
  for (const id of ["first", "second"]) expect(await create(id)).toMatchObject({ state: "created" });
  expect(await end("first")).toBe(1);
  await sayKept("before");
  await changeLog.renewEpoch((await changeLog.position()).epoch);
  const from = await cluster.ownerOf(keyspace.head);
  const slot = await cluster.moveSlot(keyspace.head, await otherThan(from.port));
  await slot.begin();
  // All keys are still here, and what is deleted now cannot be written again.
  await sayKept("after");
  expect(await end("second")).toBe(1);
  const query = { after: { epoch: "none", offset: 0 }, limit: 100, maxBytes: 1_000_000, ...kept };
  const { cursor } = await changeLog.history("room", query);
  expect(cursor.offset).toBe(1);
  const { events } = await changeLog.history("room", { ...query, after: { ...cursor, offset: 0 } });
  expect(events.map(({ body }) => body)).toEqual(["after"]);
  while ((await slot.moveKeys()) > 0);
  await slot.finish();
  await until(async () => (await sessionStore.read("second")).state === "ended", {
    what: "the session has ended at the new primary",
    withinMs: 5_000,
  });
});

test("behind NAT, every node is reached where the map says", async () => {
  const gates = await Promise.all(cluster.nodes.map(({ port }) => openGate(port)));
  for (const gate of gates) onTestFinished(gate.close);
  const reached = cluster.nodes.map(({ port }, at) => [`127.0.0.1:${port}`, gates[at]!.port] as const);
  const natMap = Object.fromEntries(reached.map(([told, port]) => [told, { host: "localhost", port }]));
  const address = { cluster: [{ host: "localhost", port: gates[0]!.port }], natMap };
  const ground = await openRedis(address, { prefix: randomWord(8) });
  onTestFinished(ground.close);
  expect(await store(ground.realm("main"))).toMatchObject({ state: "stored" });
  for (const gate of gates) gate.hang();
  await untilStatus(ground, "away", 3_000);
});

test("when the primary of a realm is killed, the replica that takes over is found, and what was before is void", async () => {
  const { realm, keyspace, ground } = await open();
  await store(realm);
  const { epoch } = await realm.changeLog.position();
  const former = await cluster.ownerOf(keyspace.head);
  await former.kill();
  await untilStatus(ground, "away", 3_000);
  await cluster.successorOf(former, keyspace.head);
  await untilStatus(ground, "here", 6_000);
  expect((await realm.changeLog.position()).epoch).not.toBe(epoch);
  expect(["invalid", "absent"]).toContain(await stateOf(realm));
  expect(await store(realm)).toMatchObject({ state: "stored" });
  await former.restart();
});

test("a primary that only has entries may fail: the ground stays, its entries are away, then at its successor", async () => {
  const { realm, keyspace, ground } = await open();
  const epochBefore = (await realm.changeLog.position()).epoch;
  const realmOwner = await cluster.ownerOf(keyspace.head);
  const names = await namesOn(keyspace.entry);
  const owners = await Promise.all(names.map((name) => cluster.ownerOf(keyspace.entry(name))));
  const at = owners.findIndex(({ port }) => port !== realmOwner.port);
  const [away, here] = [names[at]!, names[owners.indexOf(realmOwner)]!];
  for (const name of [away, here]) await store(realm, name);
  const told: string[] = [];
  ground.onStatus(({ state }) => told.push(state));
  await owners[at]!.kill();
  await until(
    async () => (await realm.cacheStore.read([away]).then(() => "", codeOf)) === "LIVE_GROUND_AWAY",
    {
      what: "its entries are away",
      withinMs: 3_000,
    },
  );
  expect(await stateOf(realm, here)).toBe("valid");
  const both = await realm.cacheStore.read([here, away]);
  expect(both.map(({ state }) => state)).toEqual(["valid", "absent"]);
  await cluster.successorOf(owners[at]!, keyspace.entry(away));
  const stored = async () => (await store(realm, away).catch(() => undefined))?.state === "stored";
  await until(stored, { what: "its successor is found", withinMs: 6_000 });
  expect(await stateOf(realm, away)).toBe("valid");
  expect([told, (await realm.changeLog.position()).epoch]).toEqual([[], epochBefore]);
});

function codeOf(error: unknown): string {
  return (error as LiveError).code;
}
