import { openGate, startPostgres } from "@livecache/rig";
import type { PostgresProcess } from "@livecache/rig";
import pg from "pg";
import { afterAll, beforeAll, describe, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { changeSourceSuite } from "../../src/conformance/suites.ts";
import { createPgDatabase } from "../../src/postgres/pg-database.ts";
import type { PgClient } from "../../src/postgres/pg-database.ts";
import { outboxUnderTest } from "./outbox-site.ts";
import type { OutboxSite } from "./outbox-site.ts";

let server: PostgresProcess;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startPostgres();
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

describe("the outbox in PostgreSQL", () => {
  changeSourceSuite({ test, open: async () => outboxUnderTest(await openSite()) });
});
