import { startPostgres, until } from "@livecache/rig";
import type { PostgresProcess } from "@livecache/rig";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../../src/base/clock.ts";
import { randomWord } from "../../src/base/ids.ts";
import { createLive, createMemoryGround, defineContract } from "../../src/index.ts";
import type { ChangeRecord, ChangeSink, SourceChange } from "../../src/index.ts";
import { findDatabase } from "../../src/postgres/find-database.ts";
import { openRowChanges } from "../../src/postgres/postgres.ts";
import type { RowChangesOptions, TableMappings } from "../../src/postgres/postgres.ts";
import { parseLsn } from "../../src/postgres/row-place.ts";
import { readTables } from "../../src/postgres/row-mapping.ts";
import { createRowSource } from "../../src/postgres/row-source.ts";

let server: PostgresProcess;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startPostgres({ logical: true });
  pool = new pg.Pool({ connectionString: server.url });
  pool.on("error", () => undefined);
});
afterAll(async () => {
  await pool.end();
  await server.close();
});

const contract = defineContract({
  channels: { issues: { events: { created: z.object({ id: z.number() }) } } },
});

function openLive() {
  const ground = createMemoryGround();
  const warnings: { message: string; details: unknown }[] = [];
  const live = createLive({
    ground,
    contract,
    authorize: { issues: () => true },
    secret: "0123456789abcdef0123456789abcdef",
    logger: { warn: (message, details) => void warnings.push({ message, details }) },
  });
  onTestFinished(live.close);
  const records: ChangeRecord[] = [];
  ground.realm("main").changeLog.tail({
    node: "test",
    onEvent: (event) => void (event.type === "records" && records.push(...event.records)),
  });
  const moved = () => new Set(records.flatMap(({ tags }) => tags));
  return { live, records, moved, warnings };
}

/** A table of issues and a node that reads it. */
async function openSite(tablesOf: (name: string) => TableMappings, options: Partial<RowChangesOptions> = {}) {
  const node = openLive();
  const name = `issues_${randomWord(6)}`;
  await pool.query(`CREATE TABLE ${name} (id int PRIMARY KEY, hostel int, note text)`);
  const setUp = { connectionString: server.url, slot: name, publication: name };
  const source = await openRowChanges(node.live, { ...setUp, tables: tablesOf(name), ...options });
  onTestFinished(async () => {
    await source.close();
    await dropSlot(name);
  });
  await until(() => source.status().state === "running", { what: "it runs", withinMs: 20_000 });
  node.records.length = 0;
  return { ...node, name, source };
}

async function dropSlot(slot: string): Promise<void> {
  const drop = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1";
  await until(async () => await pool.query(drop, [slot]), {
    what: `slot ${slot} is dropped`,
    withinMs: 10_000,
  });
}

const byHostel = (name: string): TableMappings => ({
  [name]: ({ id, hostel }) => [`issue:${String(id)}`, `hostel:${String(hostel)}`],
});

test("what another program commits moves tags and tells events; a transaction is one change", async () => {
  const { live, records, name } = await openSite((table) => ({
    [table]: ({ id }) => ({
      tags: ["dashboard"],
      emit: [live.event("issues", {}, "created", { id: id as number })],
    }),
  }));
  let loads = 0;
  const load = () => live.cache.getOrSet("summary", async () => ++loads, { ttl: "1h", tags: ["dashboard"] });
  await load();
  const following = await live.follow("issues", {});
  await pool.query(`INSERT INTO ${name} SELECT n, 1, 'x' FROM generate_series(1, 50) AS n`);
  const ids: number[] = [];
  for await (const told of following) {
    if (told.type === "event") ids.push((told.data as { id: number }).id);
    if (ids.length === 50) break;
  }
  expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  expect(records).toHaveLength(1);
  expect(await load()).toBe(2);
});

test("an update moves the tags of the row as it was and as it is, if the table tells; otherwise a warning says how to have it told", async () => {
  const { moved, name, warnings } = await openSite(byHostel);
  const fix = `ALTER TABLE public.${name} REPLICA IDENTITY FULL;`;
  expect(warnings).toContainEqual({
    message: expect.stringContaining("tells only the key"),
    details: { fix },
  });
  await pool.query(`INSERT INTO ${name} VALUES (1, 10, 'x')`);
  await pool.query(`UPDATE ${name} SET hostel = 20 WHERE id = 1`);
  await until(() => moved().has("hostel:20"), { what: "the update", withinMs: 10_000 });
  await pool.query(fix);
  await pool.query(`UPDATE ${name} SET hostel = 30 WHERE id = 1`);
  await until(() => moved().has("hostel:30"), { what: "the second update", withinMs: 10_000 });
  const before = moved();
  await pool.query(`DELETE FROM ${name}`);
  await until(() => moved().size === before.size, { what: "the deletion", withinMs: 10_000 });
  expect([...before].filter((tag) => tag.startsWith("hostel") && !tag.endsWith("*")).sort()).toEqual([
    "hostel:10",
    "hostel:20",
    "hostel:30",
  ]);
});

test("a large transaction is handed over in parts, all of it", async () => {
  const { moved, records, name } = await openSite((table) => ({
    [table]: ({ id }) => [`issue:${String(id)}`],
  }));
  await pool.query(`INSERT INTO ${name} SELECT n, 1, 'x' FROM generate_series(1, 3500) AS n`);
  await until(() => moved().has("issue:3500"), { what: "the last row", withinMs: 20_000 });
  expect(records.map(({ tags }) => tags.length)).toEqual([2_000, 2_000, 2_000, 1_000]);
  expect(moved().size).toBe(7_000);
});

test("TRUNCATE moves the tags that are given for it; without them everything is forgotten", async () => {
  const { live, moved, name, source } = await openSite((table) => ({
    [table]: { rows: () => ["row"], truncate: ["all of it"] },
  }));
  await pool.query(`TRUNCATE ${name}`);
  await until(() => moved().has("all of it"), { what: "the tag", withinMs: 10_000 });
  expect(source.status().gaps).toBe(1);
  const plain = await openSite(byHostel);
  const load = (node: typeof live) => node.cache.getOrSet("any", async () => randomWord(8), { ttl: "1h" });
  const before = await load(plain.live);
  expect(await load(plain.live)).toBe(before);
  await pool.query(`TRUNCATE ${plain.name}`);
  await until(async () => (await load(plain.live)) !== before, { what: "it is forgotten", withinMs: 10_000 });
  expect(plain.source.status().gaps).toBe(2);
});

test("rows of which no change can be made are reported with table and row, and stop the source if that was chosen", async () => {
  const { warnings, name, source } = await openSite((table) => ({ [table]: () => [""] }), { poison: "stop" });
  await pool.query(`INSERT INTO ${name} VALUES (7, 1, 'x')`);
  await until(() => source.status().state === "stopped", { what: "it stops", withinMs: 10_000 });
  expect(source.status()).toMatchObject({ poisoned: 1, error: { code: "LIVE_SOURCE_STOPPED" } });
  expect(warnings.at(-2)!.message).toContain(`insert in public.${name}: {"id":7`);
});

test("a database that cannot be read so says what to do", async () => {
  const plain = await startPostgres();
  onTestFinished(plain.close);
  const stops = async (options: Partial<RowChangesOptions>): Promise<unknown> => {
    const { live } = openLive();
    const tables: TableMappings = { nowhere: () => [] };
    const source = await openRowChanges(live, { connectionString: server.url, tables, ...options });
    await until(() => source.status().state === "stopped", { what: "it stops", withinMs: 20_000 });
    expect(source.status().error).toMatchObject({ code: "LIVE_SOURCE_REFUSED" });
    return String(source.status().error);
  };
  expect(await stops({ connectionString: plain.url })).toMatch(
    /wal_level is replica.*ALTER SYSTEM SET wal_level/,
  );
  expect(await stops({})).toMatch(
    /no publication livecache.*CREATE PUBLICATION livecache FOR TABLE "public"."nowhere"/,
  );
  await pool.query("CREATE PUBLICATION without_it");
  expect(await stops({ publication: "without_it" })).toMatch(
    /ALTER PUBLICATION without_it ADD TABLE public.nowhere/,
  );
  await pool.query("CREATE TABLE there (id int PRIMARY KEY)");
  await pool.query("SELECT pg_create_logical_replication_slot('other_kind', 'test_decoding')");
  const tables: TableMappings = { there: () => [] };
  expect(await stops({ tables, slot: "other_kind" })).toMatch(/slot other_kind is of another kind/);
  await pool.query("CREATE ROLE weak LOGIN; GRANT SELECT ON there TO weak");
  const connectionString = server.url.replace("postgres@", "weak@");
  expect(await stops({ tables, slot: "weak", connectionString })).toMatch(/may not replicate.*ALTER ROLE/);
});

test("options are checked", async () => {
  const { live } = openLive();
  const connectionString = server.url;
  const open = (options: object) =>
    openRowChanges(live, { connectionString, tables: { t: () => [] }, ...options } as never);
  await expect(open({ table: {} })).rejects.toThrow(/Did you mean "tables"/);
  const wrong = [
    { tables: {} },
    { tables: { t: ["tag"] } },
    { tables: { "a.b.c": () => [] } },
    { slot: "Slot" },
    { slot: "s".repeat(64) },
    { publication: "p q" },
    { connectionString: "localhost" },
    { poison: "none" },
  ];
  for (const options of wrong) {
    await expect(open(options), JSON.stringify(options)).rejects.toMatchObject({
      code: "LIVE_OPTIONS_INVALID",
    });
  }
  const bad = { tables: { t: { rows: () => [], truncate: [""] } } };
  await expect(open(bad)).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
});

/** A sink that takes the first changes and then never answers. */
function stuckSink(takes: number, taken: SourceChange[], place?: string): ChangeSink {
  let left = takes;
  const never = new Promise<never>(() => undefined);
  return {
    place: async () => taken.at(-1)?.place ?? place,
    async take(changes) {
      if (left <= 0) await never;
      left -= changes.length;
      taken.push(...changes);
    },
    gap: async (gap) => void (place = gap.place),
    refuse: async () => undefined,
    tell: () => undefined,
  };
}

test("of two transactions whose commits follow one on the other, the second is not taken for done with the first", async () => {
  const name = `twin_${randomWord(6)}`;
  await pool.query(`CREATE TABLE ${name} (tag text)`);
  const connectionString = server.url;
  const source = createRowSource({
    setup: {
      ...{ slot: name, publication: name, warn: () => undefined },
      tables: readTables({ [name]: ({ tag }) => [String(tag)] }),
    },
    connectionString,
    database: await findDatabase(connectionString, systemClock),
    replication: await findDatabase(connectionString, systemClock, { replication: "database" }),
    prepare: async ({ tags = [] }) => ({ tags, mode: "purge", events: [] }),
    clock: systemClock,
  });
  const taken: SourceChange[] = [];
  const stuck = source.open(stuckSink(1, taken));
  const isActive = async () =>
    (await pool.query("SELECT active FROM pg_replication_slots WHERE slot_name = $1 AND active", [name]))
      .rowCount === 1;
  await until(isActive, { what: "it reads", withinMs: 20_000 });
  const [first, second] = [await pool.connect(), await pool.connect()];
  for (const [client, tag] of [
    [first, "a"],
    [second, "b"],
  ] as const) {
    await client.query("BEGIN");
    await client.query(`INSERT INTO ${name} VALUES ($1)`, [tag]);
  }
  await Promise.all([first.query("COMMIT"), second.query("COMMIT")]);
  first.release();
  second.release();
  const confirmed = async () => {
    const { rows } = await pool.query(
      "SELECT confirmed_flush_lsn::text AS at FROM pg_replication_slots WHERE slot_name = $1",
      [name],
    );
    return parseLsn(rows[0].at as string);
  };
  await until(() => taken.length === 1, { what: "the first is taken", withinMs: 10_000 });
  const place = parseLsn(/@([^+]+)/.exec(taken[0]!.place)![1]!);
  await until(async () => (await confirmed()) > place, { what: "the first is confirmed", withinMs: 10_000 });
  await pool.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1", [
    name,
  ]);
  // It cannot be closed in order: its sink does not answer.
  void stuck.close();
  const next = source.open(stuckSink(9, taken));
  await until(() => taken.length === 2, { what: "the second is taken", withinMs: 20_000 });
  await next.close();
  await dropSlot(name);
  expect(taken.map(({ tags }) => tags[0]).sort()).toEqual(["a", "b"]);
});

test("what does not concern us moves the slot on, so that the log does not grow; and the server can be stopped", async () => {
  const { name, source } = await openSite(byHostel);
  const slotAt = async () => {
    const query = "SELECT confirmed_flush_lsn::text AS at FROM pg_replication_slots WHERE slot_name = $1";
    return parseLsn((await pool.query(query, [name])).rows[0].at as string);
  };
  const before = await slotAt();
  await pool.query(
    "CREATE TABLE other AS SELECT repeat(md5(n::text), 20) AS text FROM generate_series(1, 30000) AS n",
  );
  await until(async () => (await slotAt()) > before + 16_000_000n, {
    what: "the slot moves",
    withinMs: 20_000,
  });
  // A fast shutdown waits until readers have confirmed everything.
  process.kill(server.pid()!, "SIGINT");
  await until(() => source.status().state === "away", { what: "the server is gone", withinMs: 10_000 });
  await server.restart();
  await pool.query(`INSERT INTO ${name} VALUES (1, 1, 'x')`);
  await until(() => source.status().state === "running", { what: "it runs again", withinMs: 20_000 });
  expect(source.status().gaps).toBe(1);
});
