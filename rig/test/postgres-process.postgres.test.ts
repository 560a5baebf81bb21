import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres } from "../src/postgres-process.ts";
import type { PostgresProcess } from "../src/postgres-process.ts";
import { findPostgres } from "../src/postgres/find-postgres.ts";
import { isRunning } from "../src/postgres/family.ts";
import { until } from "../src/until.ts";

let postgres: PostgresProcess;
beforeAll(async () => void (postgres = await startPostgres({ logical: true })));
afterAll(() => postgres.close());

test("it answers as soon as it has started, and its log can be read row by row", async () => {
  expect(await postgres.query("SHOW wal_level")).toEqual([{ wal_level: "logical" }]);
});

test("a database of its own holds what no other holds", async () => {
  const url = await postgres.createDatabase('one "database"');
  await postgres.query("CREATE TABLE t (id int); INSERT INTO t VALUES (1)", { url });
  expect(await postgres.query("SELECT id FROM t", { url })).toEqual([{ id: 1 }]);
  await expect(postgres.query("SELECT id FROM t")).rejects.toThrow('relation "t" does not exist');
});

test("killed, it resets connections; started again, it has what was committed", async () => {
  await postgres.query("CREATE TABLE kept (id int)");
  const client = new pg.Client({ connectionString: postgres.url });
  const ended = new Promise((resolve) => client.once("error", resolve));
  await client.connect();
  await client.query("INSERT INTO kept VALUES (1)");
  await client.query("BEGIN; INSERT INTO kept VALUES (2)");
  await postgres.kill();
  expect(postgres.pid()).toBeUndefined();
  await ended;
  await postgres.restart();
  expect(await postgres.query("SELECT id FROM kept")).toEqual([{ id: 1 }]);
});

test("frozen it answers nothing, over old connections either; thawed it answers what it was asked", async () => {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  postgres.freeze();
  let answered = false;
  const asked = client.query("SELECT 1").then(() => (answered = true));
  const other = new pg.Client({ connectionString: postgres.url, connectionTimeoutMillis: 200 });
  await expect(other.connect()).rejects.toThrow("timeout");
  expect(answered).toBe(false);
  postgres.thaw();
  await asked;
  await client.end();
});

test("what it refuses is an error that says why, and nothing of it is left", async () => {
  await expect(startPostgres({ settings: { no_such_setting: "1" } })).rejects.toThrow(
    /PostgreSQL did not start: .*unrecognized configuration parameter "no_such_setting"/,
  );
});

test("closed while it is frozen, it is gone", async () => {
  const pid = postgres.pid()!;
  postgres.freeze();
  await postgres.close();
  await postgres.close();
  await until(() => !isRunning(pid), { what: "it ended", withinMs: 5_000 });
  await expect(postgres.query("SELECT 1")).rejects.toThrow("ECONNREFUSED");
});

test("without the program it is said how to get it", () => {
  expect(() => findPostgres({ POSTGRES_BIN: "/no/such/postgres" })).toThrow(
    /PostgreSQL was not found at POSTGRES_BIN=\/no\/such\/postgres: install it/,
  );
});
