import { openGate, startNode, startRedis, until } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import { createClient } from "redis";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import { openRedis } from "../../src/redis/open.ts";

/** Hazards that are Redis's own: it loses what it held, is set back, or says nothing while its connections stay. */

const quiet = { warn: () => undefined };
const SECRET = "0123456789abcdef0123456789abcdef";

async function openRedisSite(config: readonly string[] = []) {
  const redis = await startRedis({ config });
  onTestFinished(redis.close);
  const open = async (url = redis.url) => {
    const live = createLive({ ground: await openRedis(url), secret: SECRET, logger: quiet });
    onTestFinished(live.close);
    return live;
  };
  return { redis, open };
}

type Live = Awaited<ReturnType<Awaited<ReturnType<typeof openRedisSite>>["open"]>>;

const read = (live: Live, value: string): Promise<string> =>
  live.cache.getOrSet("k", () => value, { ttl: "1m", tags: ["t"] });

/** A plain connection, as a naive cache has one. */
async function connect({ url }: Pick<RedisProcess, "url">) {
  const client = createClient({ url });
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}

type Client = Awaited<ReturnType<typeof connect>>;

/** Entries beside a number for each tag: what most tag caches are. */
function naiveTags(client: Client) {
  const numberOf = async (tag: string): Promise<number> =>
    Number((await client.get(`naive:tag:${tag}`)) ?? 0);
  return {
    async store(value: string, tag: string) {
      await client.set("naive:k", JSON.stringify({ value, number: await numberOf(tag) }));
    },
    move: (tag: string) => client.incr(`naive:tag:${tag}`),
    async read(tag: string): Promise<string | undefined> {
      const stored = await client.get("naive:k");
      if (stored === null) return undefined;
      const { value, number } = JSON.parse(stored) as { value: string; number: number };
      return number === (await numberOf(tag)) ? value : undefined;
    },
    numberOf,
  };
}

const KEEPS_DUMP = ["--dbfilename", "dump.rdb"];

test("a Redis that comes back with older data: naive, the old tag makes the old entry valid again", async () => {
  const { redis } = await openRedisSite(KEEPS_DUMP);
  const client = await connect(redis);
  const naive = naiveTags(client);
  await naive.store("old", "t");
  await redis.command("SAVE");
  await naive.move("t");
  expect(await naive.read("t")).toBeUndefined();
  await redis.restart();
  const again = naiveTags(await connect(redis));
  expect(await again.read("t")).toBe("old");
});

test("a Redis that comes back with older data: ours, on the writer, on a reader, and on a node that joins when they are back", async () => {
  const { redis, open } = await openRedisSite(KEEPS_DUMP);
  const [writer, reader] = [await open(), await open()];
  await read(writer, "old");
  await read(reader, "old");
  await redis.command("SAVE");
  const { pending } = await writer.change({ tags: ["t"] });
  expect(pending).toBe(false);
  await redis.restart();
  expect(await read(writer, "new")).toBe("new");
  await until(async () => (await read(reader, "new")) === "new", {
    what: "the reader loads",
    withinMs: 5_000,
  });
  // The writer's mark tells everybody that Redis was set back; a node that is new has none of its own.
  await until(() => writer.status().state === "here" && reader.status().state === "here", {
    what: "both are back",
    withinMs: 5_000,
  });
  expect(await read(await open(), "new")).toBe("new");
});

test("FLUSHALL: naive, numbers start again and meet those of what a node remembers", async () => {
  const { redis } = await openRedisSite();
  const naive = naiveTags(await connect(redis));
  await naive.move("t");
  const remembered = { value: "old", number: await naive.numberOf("t") };
  await redis.command("FLUSHALL");
  await naive.move("t");
  expect(remembered.number).toBe(await naive.numberOf("t"));
});

test("FLUSHALL: ours, a change made afterwards is obeyed by what every node remembers", async () => {
  const { redis, open } = await openRedisSite();
  const [a, b] = [await open(), await open()];
  await a.change({ tags: ["t"] });
  for (const live of [a, b]) expect(await read(live, "old")).toBe("old");
  await redis.command("FLUSHALL");
  const { pending } = await a.change({ tags: ["t"], wait: "applied" });
  expect(pending).toBe(false);
  for (const live of [a, b]) expect(await read(live, "new")).toBe("new");
});

test("metadata that was evicted from Redis: naive, what is missing counts as it did at the start", async () => {
  const { redis } = await openRedisSite();
  const client = await connect(redis);
  const naive = naiveTags(client);
  await naive.store("old", "t");
  await naive.move("t");
  await client.del("naive:tag:t");
  expect(await naive.read("t")).toBe("old");
});

test("metadata that was evicted from Redis: ours loads anew", async () => {
  const { redis, open } = await openRedisSite();
  const client = await connect(redis);
  const a = await open();
  await read(a, "old");
  await a.change({ tags: ["t"] });
  const { tag } = createKeyspace({ prefix: "lc", database: 0, realm: "main" });
  expect(await client.del([tag("t"), tag("k")])).toBe(2);
  const b = await open();
  expect(await read(b, "new")).toBe("new");
});

test("a half-open connection: naive, who hears nothing keeps what it has", async () => {
  const { redis } = await openRedisSite();
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  const subscriber = await connect(gate);
  const memory = new Map([["k", "old"]]);
  await subscriber.subscribe("naive", (key) => void memory.delete(key));
  gate.hang();
  const writer = await connect(redis);
  // Redis counts it among those who were told.
  expect(await writer.publish("naive", "k")).toBe(1);
  expect(memory.get("k")).toBe("old");
  expect(subscriber.isOpen).toBe(true);
});

test("a half-open connection: ours, a node that hears nothing does not trust its memory for long", async () => {
  const { redis, open } = await openRedisSite();
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  const [writer, cutOff] = [await open(), await open(gate.url)];
  expect(await read(cutOff, "old")).toBe("old");
  gate.hang();
  await writer.change({ tags: ["t"] });
  const loads = async (): Promise<boolean> => (await read(cutOff, "new")) === "new";
  expect(await until(loads, { what: "it loads", withinMs: 5_000 })).toBe(true);
});

test("a half-open connection: a change made on the far side of it is told to the others when it is back", async () => {
  const { redis, open } = await openRedisSite();
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  const [reader, cutOff] = [await open(), await open(gate.url)];
  await read(reader, "old");
  await read(cutOff, "old");
  gate.hang();
  expect(await cutOff.change({ tags: ["t"] })).toMatchObject({ pending: true, scope: "local" });
  expect(await read(cutOff, "new")).toBe("new");
  gate.pass();
  await until(async () => (await read(reader, "new")) === "new", {
    what: "the reader hears",
    withinMs: 10_000,
  });
});

test("a process that dies between COMMIT and change tells nobody: what it had pending dies with it", async () => {
  const { redis, open } = await openRedisSite();
  const gate = await openGate(redis.port);
  onTestFinished(gate.close);
  const reader = await open();
  const writer = await startNode(new URL("writer-node.mjs", import.meta.url), { args: [gate.url] });
  expect(await reader.cache.getOrSet("k", () => "old", { ttl: "3s", tags: ["t"] })).toBe("old");
  gate.hang();
  expect(await writer.call("change", "t")).toMatchObject({ pending: true });
  await writer.kill();
  gate.pass();
  // Promised is no more than the TTL, and that it is kept.
  expect(await read(reader, "new")).toBe("old");
  await until(async () => (await read(reader, "new")) === "new", { what: "the TTL ends", withinMs: 10_000 });
});
