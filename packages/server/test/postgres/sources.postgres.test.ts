import { openGate, startPostgres, until } from "@livecache/rig";
import type { PostgresProcess } from "@livecache/rig";
import pg from "pg";
import { afterAll, beforeAll, describe, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { randomWord } from "../../src/base/ids.ts";
import { movedBy } from "../../src/base/names.ts";
import { changeSourceSuite } from "../../src/conformance/suites.ts";
import type { SourceUnderTest } from "../../src/conformance/suites.ts";
import { findDatabase } from "../../src/postgres/find-database.ts";
import { createPgDatabase } from "../../src/postgres/pg-database.ts";
import type { PgClient } from "../../src/postgres/pg-database.ts";
import { readTables } from "../../src/postgres/row-mapping.ts";
import type { Prepare } from "../../src/postgres/row-mapping.ts";
import { createRowSource } from "../../src/postgres/row-source.ts";
import { outboxUnderTest } from "./outbox-site.ts";
import type { OutboxSite } from "./outbox-site.ts";

let server: PostgresProcess;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startPostgres({ logical: true });
  pool = new pg.Pool({ connectionString: server.url });
});
afterAll(async () => {
  await pool.end();
  await server.close();
});

/** The relay comes through a gate, which the test can close. */
async function openSite(): Promise<OutboxSite> {
  const gate = await openGate(server.port);
  const connectionString = server.url.replace(`:${server.port}/`, `:${gate.port}/`);
  return {
    database: createPgDatabase(() => new pg.Client({ connectionString }) as unknown as PgClient, systemClock),
    run: async (sql, params = []) => (await pool.query(sql, [...params])).rows,
    async begin() {
      const client = await pool.connect();
      return {
        run: async (sql, params = []) => (await client.query(sql, [...params])).rows,
        end: async () => client.release(),
      };
    },
    async cut() {
      gate.cut();
      return async () => gate.pass();
    },
    close: () => gate.close(),
  };
}

const prepare: Prepare = async ({ tags = [] }) => ({
  tags: tags.flatMap(movedBy),
  mode: "purge",
  events: [],
});

/** A table, a slot and a publication of its own, read through a gate. */
async function rowsUnderTest(): Promise<SourceUnderTest> {
  const name = `rows_${randomWord(8)}`;
  await pool.query(`CREATE TABLE ${name} (id serial PRIMARY KEY, tag text)`);
  const gate = await openGate(server.port);
  const connectionString = server.url.replace(`:${server.port}/`, `:${gate.port}/`);
  const insert = `INSERT INTO ${name} (tag) VALUES ($1)`;
  const tables = readTables({
    [name](row) {
      if (row["tag"] === "poison") throw new Error("poison");
      return [String(row["tag"])];
    },
  });
  const [database, replication] = await Promise.all([
    findDatabase(connectionString, systemClock),
    findDatabase(connectionString, systemClock, { replication: "database" }),
  ]);
  return {
    create: () =>
      createRowSource({
        setup: { slot: name, publication: name, tables, warn: () => undefined },
        ...{ connectionString, database, replication, prepare, clock: systemClock },
      }),
    commit: async (tag) => void (await pool.query(insert, [tag])),
    commitPoison: async () => void (await pool.query(insert, ["poison"])),
    async begin(tag) {
      const client = await pool.connect();
      await client.query("BEGIN");
      await client.query(insert, [tag]);
      const end = async (how: string): Promise<void> => {
        await client.query(how);
        client.release();
      };
      return { commit: () => end("COMMIT"), rollback: () => end("ROLLBACK") };
    },
    async cut() {
      gate.cut();
      return async () => gate.pass();
    },
    loseHistory: () => dropSlot(name),
    async close() {
      await gate.close();
      await dropSlot(name);
    },
  };
}

/** Whoever has read a slot lets go of it a little later. */
async function dropSlot(slot: string): Promise<void> {
  const drop = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1";
  await until(async () => await pool.query(drop, [slot]), {
    what: `slot ${slot} is dropped`,
    withinMs: 5_000,
  });
}

describe("the outbox in PostgreSQL", () => {
  changeSourceSuite({ test, open: async () => outboxUnderTest(await openSite()) });
});

describe("rows from the log of PostgreSQL", () => {
  changeSourceSuite({ test, open: rowsUnderTest });
});
