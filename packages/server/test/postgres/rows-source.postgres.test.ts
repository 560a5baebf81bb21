import { openGate, startPostgres } from "@livecache/rig";
import type { PostgresProcess } from "@livecache/rig";
import pg from "pg";
import { afterAll, beforeAll, describe, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { randomWord } from "../../src/base/ids.ts";
import { movedBy } from "../../src/base/names.ts";
import { changeSourceSuite } from "../../src/conformance/suites.ts";
import type { SourceUnderTest } from "../../src/conformance/suites.ts";
import { findDatabase } from "../../src/postgres/find-database.ts";
import { readTables } from "../../src/postgres/row-mapping.ts";
import type { Prepare } from "../../src/postgres/row-mapping.ts";
import { createRowSource } from "../../src/postgres/row-source.ts";

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
    loseHistory: async () => void (await pool.query("SELECT pg_drop_replication_slot($1)", [name])),
    async close() {
      await gate.close();
      await pool.query(
        `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active`,
        [name],
      );
    },
  };
}

describe("rows from the log of PostgreSQL", () => {
  changeSourceSuite({ test, open: rowsUnderTest });
});
