import { startNode, startPostgres, startRedis, until } from "@livecache/rig";
import type { NodeProcess, PostgresProcess } from "@livecache/rig";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { randomWord } from "../../src/base/ids.ts";
import { createLive, defineContract } from "../../src/index.ts";
import { openOutbox } from "../../src/postgres/postgres.ts";
import { openRedis } from "../../src/redis/open.ts";

let server: PostgresProcess;
beforeAll(async () => {
  server = await startPostgres({ logical: true });
});
afterAll(() => server.close());

type Kind = "outbox" | "rows";

const contract = defineContract({
  channels: { issues: { events: { created: z.object({ n: z.number() }) }, history: { events: 5_000 } } },
});

/** A Redis, a database with a table of issues, and somebody who hears what is told of them. */
async function openSite(kind: Kind) {
  const redis = await startRedis({ config: ["--appendonly", "yes"] });
  onTestFinished(redis.close);
  const url = await server.createDatabase(`${kind}_${randomWord(6)}`);
  await server.query("CREATE TABLE issues (id serial PRIMARY KEY, n int)", { url });
  const live = createLive({
    ground: await openRedis(redis.url),
    contract,
    authorize: { issues: () => true },
    secret: "0123456789abcdef0123456789abcdef",
    logger: { warn: () => undefined },
  });
  onTestFinished(live.close);
  if (kind === "outbox") await (await openOutbox(live, { database: url, migrate: true })).close();
  const heard: number[] = [];
  /** Hears the channel from now on; a resync is heard as NaN. */
  const listen = async (): Promise<void> => {
    const following = await live.follow("issues", {});
    const hear = async (): Promise<void> => {
      for await (const told of following) {
        heard.push(told.type === "event" ? (told.data as { n: number }).n : Number.NaN);
      }
    };
    void hear();
  };
  const start = async (dies = ""): Promise<NodeProcess> => {
    const node = await startNode(new URL("./relay-node.mjs", import.meta.url), {
      args: [kind, redis.url, url, dies],
    });
    onTestFinished(node.close);
    return node;
  };
  const insertAll = async (numbers: readonly number[]): Promise<void> => {
    const values = numbers.map((n) => `(${n})`).join(", ");
    if (kind === "rows")
      for (const n of numbers) await server.query(`INSERT INTO issues (n) VALUES (${n})`, { url });
    else await server.query(outboxRows(values), { url });
  };
  return { redis, url, live, heard, listen, start, insertAll };
}

/** As `changeIn` writes them. */
function outboxRows(values: string): string {
  const event = `jsonb_build_object('channel', 'issues', 'name', 'created', 'body', jsonb_build_object('n', n)::text)`;
  const tags = `jsonb_build_array('issue:' || n, 'issue:' || n || ':*')`;
  const change = `jsonb_build_object('tags', ${tags}, 'mode', 'purge', 'events', jsonb_build_array(${event}))`;
  return `INSERT INTO livecache_outbox (change_id, change) SELECT 'c' || n, ${change}::text FROM (VALUES ${values}) AS v (n)`;
}

const numbersFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => first + index);

const DEATHS: Readonly<Record<Kind, readonly string[]>> = {
  // A batch of 120 rows goes out by 50: read and nothing sent, within a go, all made and not said.
  outbox: ["before 1", "sent 60", "after 120"],
  rows: ["after 2"],
};

test.each(["outbox", "rows"] as const)(
  "%s: a relay that is killed at any step loses nothing, and nothing is told twice",
  async (kind) => {
    const { live, heard, listen, start, insertAll } = await openSite(kind);
    if (kind === "rows") await runOnce(await start());
    await listen();
    const each = kind === "outbox" ? 120 : 4;
    let written = 0;
    for (const death of DEATHS[kind]) {
      const numbers = numbersFrom(written, each);
      written += each;
      for (const n of [numbers[0]!, numbers.at(-1)!]) {
        await live.cache.getOrSet(`k${n}`, async () => "old", { ttl: "1h", tags: [`issue:${n}`] });
      }
      await insertAll(numbers);
      const node = await start(death);
      await until(() => node.ended() === "SIGKILL", { what: `the relay died: ${death}`, withinMs: 30_000 });
    }
    await start();
    await until(() => heard.length >= written, { what: "all is told", withinMs: 30_000 });
    expect(heard).toEqual(numbersFrom(0, written));
    for (let n = 0; n < written; n += each) {
      expect(await live.cache.getOrSet(`k${n}`, async () => "new", { ttl: "1h", tags: [`issue:${n}`] })).toBe(
        "new",
      );
    }
  },
);

/** A slot tells what is committed after it was made. */
async function runOnce(node: NodeProcess): Promise<void> {
  await until(async () => ((await node.call("status")) as { state: string }).state === "running", {
    what: "the source runs",
    withinMs: 30_000,
  });
  await node.close();
}

test("outbox: a process that is killed before its commit has changed nothing, and after it everything, also while Redis is away", async () => {
  const { redis, heard, listen, start } = await openSite("outbox");
  await listen();
  const [careless, writer] = await Promise.all([start(), start()]);
  await expect(careless.call("write", 1, "before commit")).rejects.toThrow("SIGKILL");
  await redis.kill();
  await expect(writer.call("write", 2, "after commit")).rejects.toThrow("SIGKILL");
  await redis.restart();
  const relay = await start();
  await relay.call("write", 3);
  await until(() => heard.at(-1) === 3, { what: "the last is told", withinMs: 30_000 });
  expect(heard.filter((n) => !Number.isNaN(n))).toEqual([2, 3]);
});

test("outbox: after Redis has lost its data what was relayed is not told again, and what was not is told", async () => {
  const { live, url, redis, heard, listen } = await openSite("outbox");
  const outbox = await openOutbox(live, { database: url });
  await listen();
  const write = async (n: number): Promise<void> => {
    await server.query(outboxRows(`(${n})`), { url });
    outbox.wake();
    await until(() => heard.at(-1) === n, { what: `${n} is told`, withinMs: 30_000 });
  };
  await write(1);
  await write(2);
  await redis.command("FLUSHALL");
  await until(() => Number.isNaN(heard.at(-1)), { what: "the loss is told", withinMs: 10_000 });
  await write(3);
  expect(heard).toEqual([1, 2, Number.NaN, 3]);
});
