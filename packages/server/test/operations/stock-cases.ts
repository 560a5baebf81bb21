import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import type { Node } from "./site.ts";

const BOUND = { withinMs: 5_000 };

/** What is stored, and where people are, over two nodes on any ground. */
export function stockCases(open: () => Promise<readonly [Node, Node]>): void {
  test("tags are counted over all nodes, and say what depends on them and when they moved", async () => {
    const [a, b] = await open();
    for (const node of [a, b]) {
      for (const key of ["hostel:7:issues", "hostel:7:rooms"]) {
        await node.live.cache.getOrSet(key, () => key, { ttl: "1m", tags: ["hostel:7", "all"] });
      }
    }
    const both = { entries: 4, nodes: 2 };
    expect((await a.ask("GET tags")).body).toMatchObject({
      tags: expect.arrayContaining([
        { tag: "all", ...both },
        { tag: "hostel:7", ...both },
      ]),
      isPartial: false,
      missing: [],
    });
    expect((await b.ask("GET tags?search=hostel")).body["tags"]).toEqual([{ tag: "hostel:7", ...both }]);

    const { changeId } = await b.live.change({ tags: ["all"], wait: "applied" });
    const { body } = await a.ask("GET tag?tag=all");
    const moved = { changeId, position: expect.any(String), atMs: expect.any(Number) };
    expect(body["nodes"]).toHaveLength(2);
    expect(body["nodes"]).toContainEqual({
      ...{ node: a.live.node, entries: 2, keys: ["hostel:7:issues", "hostel:7:rooms"] },
      ...{ queries: 0, watchers: 0, moved },
    });
  });

  test("keys are searched, and come a page at a time until there are no more", async () => {
    const [a, b] = await open();
    const all = Array.from({ length: 250 }, (_, index) => `room:${index}`);
    await Promise.all(all.map((key) => b.live.cache.set(key, 1, { ttl: "1m" })));
    const found = new Set<string>();
    let query = "GET keys?pattern=room:*&limit=50";
    let pages = 0;
    for (let next: unknown = ""; next !== undefined; pages++) {
      const { body } = await a.ask(query);
      for (const key of body["keys"] as string[]) found.add(key);
      next = body["next"];
      query = `GET keys?pattern=room:*&limit=50&after=${String(next)}`;
    }
    expect([...found].sort()).toEqual(all.sort());
    expect(pages).toBeGreaterThan(1);
    expect((await a.ask("GET keys?search=m:24&limit=1000")).body["keys"]).toHaveLength(11);
    expect((await a.ask("GET keys?pattern=ro*m")).body["detail"]).toMatch(/expected a prefix/);
  });

  test("whoever is in a channel, and on the map, is seen from any node", async () => {
    const [a, b] = await open();
    const { socket } = await b.connect("mei");
    await until(async () => (await a.ask("GET presence?channel=hostel/7")).body["count"] === 1, {
      what: "she is told",
      ...BOUND,
    });
    expect((await a.ask("GET presence?channel=hostel/7")).body).toMatchObject({
      hasPresence: true,
      users: [{ userId: "mei" }],
    });
    expect((await a.ask("GET presence?channel=region/u33dc")).body).toEqual({
      ...{ channel: "region/u33dc", hasPresence: false, count: 0, users: [] },
    });

    expect((await a.ask("GET regions")).body).toMatchObject({ precision: 5, prefix: "", counts: {} });
    await socket.emitWithAck("locate", { latitude: 52.52, longitude: 13.405 });
    await until(async () => ((await a.ask("GET regions")).body["prefix"] as string).length === 4, {
      what: "she is on the map",
      ...BOUND,
    });
    const { body: around } = await a.ask("GET regions");
    const [cell] = Object.entries(around["counts"] as Record<string, number>)[0]!;
    const { body: inCell } = await a.ask(`GET regions?prefix=${cell}`);
    expect(inCell["members"]).toEqual([{ socketId: socket.id, userId: "mei" }]);
    expect((await a.ask("GET regions?prefix=a")).status).toBe(400);
  });
}

/** What is known of a person's tokens, and of readers. */
export function figureCases(open: () => Promise<readonly [Node, Node]>): void {
  test("a person's tokens are known to be refused up to when they were signed out", async () => {
    const [a, b] = await open();
    expect((await a.ask("GET user?id=mei")).body).not.toHaveProperty("tokensRevokedUpToMs");
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    await b.live.tokens.revokeUser("mei");
    await until(async () => (await a.ask("GET user?id=mei")).body["tokensRevokedUpToMs"] !== undefined, {
      what: "it is known",
      ...BOUND,
    });
    const { body } = await a.ask("GET user?id=mei");
    expect(body["tokensRevokedUpToMs"]).toBeGreaterThanOrEqual(before - 1_000);
    expect(body["tokensRevokedUpToMs"]).toBeLessThanOrEqual(before + 10_000);
  });

  test("how long readers waited is counted by who answered", async () => {
    const [a, b] = await open();
    await a.live.cache.getOrSet("user:42:name", () => "Mei", { ttl: "1m" });
    await b.live.cache.getOrSet("user:42:name", () => "Mei", { ttl: "1m" });
    for (let reads = 0; reads < 600; reads++) await b.live.cache.get("user:42:name");
    const { body } = await a.ask("GET nodes");
    const ofB = (body["nodes"] as { node: string; cache: { patterns: Record<string, unknown>[] } }[]).find(
      ({ node }) => node === b.live.node,
    );
    const { latency } = ofB!.cache.patterns.find(({ pattern }) => pattern === "user:*:name")!;
    expect(latency).toEqual({ near: expect.anything(), far: [[expect.any(Number), 1]] });
  });
}
