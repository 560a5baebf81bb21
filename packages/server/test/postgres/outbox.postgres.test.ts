import { startPostgres, until } from "@livecache/rig";
import type { PostgresProcess } from "@livecache/rig";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { randomWord } from "../../src/base/ids.ts";
import { systemClock } from "../../src/base/clock.ts";
import { createSources } from "../../src/change/sources.ts";
import { createLive, createMemoryGround, defineContract } from "../../src/index.ts";
import { findDatabase } from "../../src/postgres/find-database.ts";
import { createOutboxSource } from "../../src/postgres/outbox-source.ts";
import { createOutboxTable } from "../../src/postgres/outbox-table.ts";
import { openOutbox } from "../../src/postgres/postgres.ts";
import type { OutboxOptions } from "../../src/postgres/postgres.ts";
import { createRelayLock } from "../../src/postgres/relay-lock.ts";

let server: PostgresProcess;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

const contract = defineContract({ channels: { issues: { events: { told: z.object({ n: z.number() }) } } } });

/** A node with an outbox in a database of its own, and what it hears of a channel. */
async function openSite(handle: "pool" | "address" = "pool", options: Partial<OutboxOptions> = {}) {
  const url = await server.createDatabase(`outbox_${randomWord(8)}`);
  const pool = new pg.Pool({ connectionString: url, max: 3 });
  pool.on("error", () => undefined);
  onTestFinished(() => pool.end());
  const live = createLive({
    contract,
    authorize: { issues: () => true },
    secret: "0123456789abcdef0123456789abcdef",
    logger: { warn: () => undefined },
  });
  onTestFinished(live.close);
  const outbox = await openOutbox(live, {
    database: handle === "pool" ? pool : url,
    migrate: true,
    ...options,
  });
  await until(() => outbox.status().state === "running", { what: "it relays", withinMs: 20_000 });
  const heard: number[] = [];
  const following = await live.follow("issues", {});
  const hear = async (): Promise<void> => {
    for await (const told of following) if (told.type === "event") heard.push((told.data as { n: number }).n);
  };
  void hear();
  const event = (n: number) => live.event("issues", {}, "told", { n });
  async function begin(): Promise<pg.PoolClient> {
    const client = await pool.connect();
    client.on("error", () => undefined);
    await client.query("BEGIN");
    return client;
  }
  return { live, pool, url, outbox, heard, event, begin };
}

async function commit(client: pg.PoolClient): Promise<void> {
  await client.query("COMMIT");
  client.release();
}

test("in a client of pg a change is committed with the data; the relay needs none of the pool's connections", async () => {
  const { live, pool, heard, event, begin } = await openSite();
  const clients = await Promise.all([begin(), begin(), begin()]);
  const said = await live.changeIn(clients[0], { tags: ["t"], emit: [event(1)] });
  await commit(clients[0]);
  await expect(said.relayed({ within: "20s" })).resolves.toMatchObject({ relayed: true });
  for (const client of clients.slice(1)) await commit(client);
  await until(() => heard.length === 1, { what: "the event", withinMs: 10_000 });
  expect(pool.totalCount).toBe(3);
  await expect(live.changeIn(pool, { tags: ["t"] })).rejects.toThrow(/it is a pool/);
});

test("of two transactions of which one waits for the other's row, the other is told first, though it began later", async () => {
  const { live, pool, heard, event, begin } = await openSite();
  await pool.query("CREATE TABLE counters (id int PRIMARY KEY, n int)");
  await pool.query("INSERT INTO counters VALUES (1, 0), (2, 0)");
  const [early, late] = [await begin(), await begin()];
  await early.query("UPDATE counters SET n = 1 WHERE id = 2");
  await late.query("UPDATE counters SET n = 1 WHERE id = 1");
  await live.changeIn(late, { emit: [event(1)] });
  const waiting = early.query("UPDATE counters SET n = 2 WHERE id = 1");
  await commit(late);
  await waiting;
  await live.changeIn(early, { emit: [event(2)] });
  await commit(early);
  await until(() => heard.length === 2, { what: "both events", withinMs: 10_000 });
  expect(heard).toEqual([1, 2]);
});

test("a transaction that stays open holds up nobody", async () => {
  const { live, heard, event, begin } = await openSite();
  const slow = await begin();
  await live.changeIn(slow, { emit: [event(1)] });
  const quick = await begin();
  await live.changeIn(quick, { emit: [event(2)] });
  await commit(quick);
  await until(() => heard.length === 1, { what: "the quick one", withinMs: 10_000 });
  await commit(slow);
  await until(() => heard.length === 2, { what: "the slow one", withinMs: 10_000 });
  expect(heard).toEqual([2, 1]);
});

test("whoever holds the lock and is silent loses its connection; it comes back by itself", async () => {
  const { live, pool, outbox, heard, event, begin } = await openSite();
  const lock = createRelayLock("livecache_outbox");
  const run = async (sql: string, params: readonly unknown[] = []) =>
    (await pool.query(sql, [...params])).rows;
  const holders = async () =>
    (
      await pool.query(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      )
    ).rows;
  const [before] = await holders();
  await lock.endSilentHolder(run, 60_000);
  expect(await holders()).toEqual([before]);
  await lock.endSilentHolder(run, 0);
  await until(async () => (await holders())[0]?.pid !== before.pid && outbox.status().state === "running", {
    what: "it has another connection",
    withinMs: 20_000,
  });
  const client = await begin();
  await live.changeIn(client, { emit: [event(1)] });
  await commit(client);
  await until(() => heard.length === 1, { what: "the event", withinMs: 10_000 });
  expect(heard).toEqual([1]);
});

test("a database that is frozen, and one that is killed, is told as away, and gone on with", async () => {
  const { live, outbox, heard, event, begin } = await openSite("address", { poll: "100ms" });
  server.freeze();
  await until(() => outbox.status().state === "away", { what: "it is away: frozen", withinMs: 20_000 });
  server.thaw();
  await until(() => outbox.status().state === "running", { what: "it runs again", withinMs: 20_000 });
  const client = await begin();
  await live.changeIn(client, { emit: [event(1)] });
  await server.kill();
  await until(() => outbox.status().state === "away", { what: "it is away: killed", withinMs: 20_000 });
  client.release(true);
  await server.restart();
  await until(() => outbox.status().state === "running", {
    what: "it runs after the restart",
    withinMs: 20_000,
  });
  const next = await begin();
  await live.changeIn(next, { emit: [event(2)] });
  await commit(next);
  await until(() => heard.length === 1, { what: "the event", withinMs: 10_000 });
  expect(heard).toEqual([2]);
});

test("a database that cannot be reached is told when the outbox is opened", async () => {
  const live = createLive({ secret: "0123456789abcdef0123456789abcdef", logger: { warn: () => undefined } });
  onTestFinished(live.close);
  const closed = openOutbox(live, { database: "postgresql://nobody@127.0.0.1:1/none" });
  await expect(closed).rejects.toMatchObject({ code: "LIVE_SOURCE_REFUSED" });
});

test("two relays that both take it for their turn tell each change once, in the order of places", async () => {
  const { pool, outbox, url } = await openSite();
  await outbox.close();
  const database = await findDatabase(url, systemClock);
  const whole = createOutboxTable("livecache_outbox", true);
  const table = { ...whole, lock: { ...whole.lock, take: async () => true } };
  const { changeLog } = createMemoryGround().realm("main");
  const told: string[] = [];
  changeLog.tail({
    node: "reader",
    onEvent: (event) =>
      void (event.type === "records" && told.push(...event.records.flatMap(({ tags }) => tags))),
  });
  for (const node of ["n1", "n2"]) {
    const sources = createSources({ node, changeLog, clock: systemClock, warn: () => undefined });
    onTestFinished(sources.close);
    sources.open(
      createOutboxSource({ name: "outbox", database, table, clock: systemClock, pollMs: 20, keepMs: 60_000 }),
    );
  }
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; n < 50; n++) {
      const { sql, params } = table.insert(
        `${writer}-${n}`,
        `{"tags":["w${writer}-${n}"],"mode":"purge","events":[]}`,
      );
      await pool.query(sql, [...params]);
    }
  };
  await Promise.all([write(1), write(2), write(3)]);
  await until(() => told.length >= 150, { what: "all are told", withinMs: 30_000 });
  const { rows } = await pool.query("SELECT change_id FROM livecache_outbox ORDER BY place");
  expect(told).toEqual(rows.map(({ change_id: id }) => `w${String(id)}`));
});
