import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import { openRedis } from "../../src/redis/open.ts";
import { boxOf, neighboursOf } from "../../src/regions/geohash.ts";
import { inspect, openSite, refuseUnhandledRejections } from "../redis/redis-site.ts";
import type { RedisSite } from "../redis/redis-site.ts";
import { sideBySide } from "../side-by-side.ts";
import { startNode } from "./region-site.ts";
import type { RegionNode, Visitor } from "./region-site.ts";

refuseUnhandledRejections();

/** These tests run side by side, and a machine of two cores may keep one waiting. */
const PATIENT = { commandTimeout: "1s" } as const;

const HERE = "ttngkc";
const [NORTH, , EAST] = neighboursOf(HERE) as readonly [string, string, string];

function middleOf(cell: string): readonly [number, number] {
  const { south, west, north, east } = boxOf(cell);
  return [(south + north) / 2, (west + east) / 2];
}

/** Starts a node; `through` the gate, it can be cut off. */
async function nodeOf(site: RedisSite, through: "gate" | "direct" = "direct"): Promise<RegionNode> {
  return startNode(await openRedis(through === "gate" ? site.url : site.redis.url, PATIENT));
}

/** Connects somebody who is in the middle of a cell. */
async function comeTo(node: RegionNode, cell: string, userId?: string): Promise<Visitor> {
  const visitor = await node.visit(userId === undefined ? undefined : { userId });
  await visitor.locate(...middleOf(cell));
  return visitor;
}

/** Who a node says is around the middle of a cell, and how many it says there are in all. */
async function seen({ live }: RegionNode, cell: string): Promise<{ near: readonly string[]; count: number }> {
  const [latitude, longitude] = middleOf(cell);
  const { cells } = await live.regions.near({ latitude, longitude });
  const near = cells.flatMap(({ members }) => members.map(({ socketId }) => socketId)).sort();
  return { near, count: (await live.regions.count("")).count };
}

async function untilSeen(node: RegionNode, visitors: readonly Visitor[], withinMs = 3_000): Promise<void> {
  const expected = JSON.stringify({ near: visitors.map(({ id }) => id).sort(), count: visitors.length });
  await until(async () => JSON.stringify(await seen(node, HERE)) === expected, { what: expected, withinMs });
}

test.concurrent(
  "two nodes see each other's sockets, and events find whoever is in the cell",
  sideBySide(async () => {
    const site = await openSite(PATIENT);
    const [one, two] = [await nodeOf(site), await nodeOf(site)];
    const here = await comeTo(one, HERE, "7");
    const there = await comeTo(two, NORTH);
    await untilSeen(one, [here, there]);
    await untilSeen(two, [here, there]);
    expect(await two.live.regions.of(here.id)).toBe(HERE);
    await there.locate(...middleOf(EAST));
    await until(async () => (await one.live.regions.of(there.id)) === EAST, {
      what: "the move",
      withinMs: 3_000,
    });
    await one.live.publish("region/:cell", { cell: EAST }, "observed", { text: "pothole" });
    await until(() => there.got.includes("pothole"), { what: "the event", withinMs: 3_000 });
    there.disconnect();
    await untilSeen(one, [here]);
  }),
);

test.concurrent(
  "an operator reads with redis-cli who is in a cell, where a node's sockets are, and how many; all of it ends by itself",
  sideBySide(async () => {
    const site = await openSite(PATIENT);
    const node = await nodeOf(site);
    const [driver, nobody] = [await comeTo(node, HERE, "507f1f77"), await comeTo(node, EAST)];
    await untilSeen(node, [driver, nobody]);
    const { client, keys } = await inspect(site);
    const member = `${node.live.node}.1:${driver.id}`;
    expect(await client.hGetAll("{lc:main}:region:ttngkc:members")).toEqual({ [member]: "507f1f77" });
    expect(await client.hGet(`{lc:main}:places:${node.live.node}.1`, driver.id)).toMatch(/^\d+ ttngkc$/);
    expect(await client.hGetAll("{lc:main}:region:all:counts")).toEqual({ t: "2" });
    expect(await client.zRange("{lc:main}:region:nodes", 0, -1)).toEqual([`${node.live.node}.1`]);
    const ours = (await keys("lc")).filter((key) => /:(region|places|departed):/.test(key));
    const ttls = await Promise.all(ours.map((key) => client.pTTL(key)));
    expect(ours.length).toBeGreaterThan(5);
    expect(ttls.filter((ttlMs) => ttlMs <= 0 || ttlMs > 3_600_000)).toEqual([]);
    driver.disconnect();
    nobody.disconnect();
    await until(async () => (await client.exists("{lc:main}:region:all:counts")) === 0, {
      what: "nothing is left",
      withinMs: 3_000,
    });
    expect(
      await client.exists(["{lc:main}:region:ttngkc:members", `{lc:main}:places:${node.live.node}.1`]),
    ).toBe(0);
  }),
);

test("sockets of a node that is cut off are left out after its lease, and back when it is", async () => {
  const site = await openSite(PATIENT);
  const [lost, stays] = [await nodeOf(site, "gate"), await nodeOf(site)];
  const ghosts = [await comeTo(lost, HERE), await comeTo(lost, NORTH), await comeTo(lost, EAST)];
  const witness = await comeTo(stays, HERE);
  await untilSeen(stays, [...ghosts, witness]);
  site.gate.cut();
  await until(async () => (await seen(stays, HERE)).near.length === 1, {
    what: "they are left out",
    withinMs: 5_000,
  });
  await untilSeen(stays, [witness], 8_000);
  expect((await ghosts[0]!.near()).scope).toBe("local");
  expect((await lost.live.regions.count("")).count).toBe(3);
  ghosts.pop()!.disconnect();
  site.gate.pass();
  await untilSeen(stays, [...ghosts, witness], 8_000);
  await untilSeen(lost, [...ghosts, witness], 3_000);
});

test.concurrent(
  "Redis killed: locations go on here, channels known stay, new ones are joined when it is back, and all are told again",
  sideBySide(async () => {
    const site = await openSite(PATIENT);
    const [one, two] = [await nodeOf(site), await nodeOf(site)];
    const mover = await comeTo(one, HERE, "7");
    const host = await comeTo(one, EAST);
    const stays = await comeTo(two, HERE);
    await untilSeen(two, [mover, host, stays]);
    await site.redis.kill();
    await until(() => one.live.status().state === "away", { what: "one knows", withinMs: 3_000 });
    expect(await mover.locate(...middleOf(NORTH))).toEqual({
      cell: NORTH,
      moved: true,
      channel: `region/${NORTH}`,
      pending: true,
    });
    expect(await mover.locate(...middleOf(NORTH))).toEqual({ cell: NORTH, moved: false });
    const near = await mover.near();
    expect([
      near.scope,
      near.cells.flatMap(({ members }) => members.map(({ socketId }) => socketId)),
    ]).toEqual(["local", [host.id]]);
    expect(mover.entered.size).toBe(0);
    await site.redis.restart();
    await until(() => mover.entered.has(`region/${NORTH}`), {
      what: "the channel is joined",
      withinMs: 8_000,
    });
    expect(mover.got.at(-1)).toBe("resync");
    await untilSeen(two, [mover, host, stays], 8_000);
    expect(await two.live.regions.of(mover.id)).toBe(NORTH);
    await until(
      async () => {
        await two.live.publish("region/:cell", { cell: NORTH }, "observed", { text: "again" });
        return mover.got.includes("again");
      },
      { what: "events come", withinMs: 5_000 },
    );
  }),
);

test.concurrent(
  "Redis frozen for three seconds: nobody is taken for dead, and nobody is told anew",
  sideBySide(async () => {
    const site = await openSite(PATIENT);
    const [one, two] = [await nodeOf(site), await nodeOf(site)];
    const [here, there] = [await comeTo(one, HERE), await comeTo(two, EAST)];
    await untilSeen(one, [here, there]);
    site.redis.freeze();
    const frozenAt = performance.now();
    await until(() => performance.now() - frozenAt > 3_000, { what: "three seconds", withinMs: 4_000 });
    site.redis.thaw();
    await untilSeen(one, [here, there], 8_000);
    await untilSeen(two, [here, there], 8_000);
    const { client } = await inspect(site);
    const names = [`${one.live.node}.1`, `${two.live.node}.1`];
    expect((await client.zRange("{lc:main}:region:nodes", 0, -1)).sort()).toEqual(names.sort());
  }),
);

test.concurrent(
  "Redis emptied: every node tells where its sockets are again, under another name",
  sideBySide(async () => {
    const site = await openSite(PATIENT);
    const [one, two] = [await nodeOf(site), await nodeOf(site)];
    const drivers = [await comeTo(one, HERE, "7"), await comeTo(one, NORTH), await comeTo(two, EAST)];
    await untilSeen(two, drivers);
    await site.redis.command("FLUSHALL");
    await until(async () => (await seen(two, HERE)).count < 3, { what: "it is gone", withinMs: 1_000 }).catch(
      () => 0,
    );
    await untilSeen(two, drivers, 5_000);
    await untilSeen(one, drivers, 5_000);
    const { client } = await inspect(site);
    const members = await client.hGetAll("{lc:main}:region:ttngkc:members");
    expect(Object.values(members)).toEqual(["7"]);
    expect(Object.keys(members)[0]).toMatch(new RegExp(`^${one.live.node}\\.[23]:${drivers[0]!.id}$`));
  }),
);

test.concurrent(
  "Redis back with what it had a moment before: who moved since is where they are, and who left since is nowhere",
  sideBySide(async () => {
    const site = await openSite(PATIENT);
    const [one, two] = [await nodeOf(site), await nodeOf(site)];
    const [moves, leaves, stays] = [
      await comeTo(one, EAST),
      await comeTo(one, HERE),
      await comeTo(two, HERE),
    ];
    await untilSeen(two, [moves, leaves, stays]);
    await site.redis.command("SAVE");
    await moves.locate(...middleOf(NORTH));
    leaves.disconnect();
    await untilSeen(two, [moves, stays]);
    await site.redis.kill();
    await site.redis.restart();
    for (const node of [one, two]) {
      await untilSeen(node, [moves, stays], 8_000);
      expect(await node.live.regions.of(moves.id)).toBe(NORTH);
    }
  }),
);

test.concurrent(
  "cells, counts and places that were evicted are whole again when their members are told of once more",
  sideBySide(async () => {
    const site = await openSite(PATIENT);
    const { regionStore } = site.realm;
    await regionStore.renew({ node: "n", leaseMs: 60_000, begins: true });
    const cells = [HERE, HERE, "ttngkf", "ttnfv2", "u4pruy"];
    const tell = (from: readonly (string | undefined)[], sequence: number) =>
      Promise.all(
        cells.map((to, at) => {
          const member = { node: "n", connection: `s${at}` };
          return regionStore.move({ member, from: from[at], to, sequence, userId: undefined });
        }),
      );
    await tell([], 1);
    const asked = ["", "t", "ttn", "ttngk", HERE, "ttngkf", "u4pruy"];
    const counts = await regionStore.count(asked);
    expect(counts).toEqual([5, 4, 4, 3, 2, 1, 1]);
    const { client, keys } = await inspect(site);
    const lost = (await keys("lc")).filter((key) => /:(region:[^n].*|places:n)$/.test(key));
    expect(lost).toContain("{lc:main}:places:n");
    await client.del([...lost]);
    expect(await regionStore.count(asked)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    await tell(cells, 2);
    expect(await regionStore.count(asked)).toEqual(counts);
    expect((await regionStore.members([HERE], 9))[0]!.members).toHaveLength(2);
    expect(await regionStore.find("s4")).toBe("u4pruy");
    await client.del(["{lc:main}:region:all:counts", "{lc:main}:region:ttngk:counts"]);
    await tell(cells, 3);
    expect(await regionStore.count(asked)).toEqual(counts);
  }),
);

test.concurrent(
  "a node that closes is forgotten at once",
  sideBySide(async () => {
    const site = await openSite(PATIENT);
    const [one, two] = [await nodeOf(site), await nodeOf(site)];
    const leaver = await comeTo(one, HERE);
    const stays = await comeTo(two, HERE);
    await untilSeen(two, [leaver, stays]);
    await one.live.close();
    expect((await seen(two, HERE)).near).toEqual([stays.id]);
    await untilSeen(two, [stays], 6_000);
  }),
);
