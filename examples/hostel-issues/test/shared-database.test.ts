import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../src/database/open.ts";
import { issues, people } from "../src/database/schema.ts";
import { shareDatabase } from "example-kit/shared-database";
import { DEMO_PEOPLE } from "../src/demo-people.ts";

async function share() {
  const shared = await shareDatabase("memory://");
  onTestFinished(() => shared.close());
  return shared;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test("of several processes that start together, one fills the database", async () => {
  const { url } = await share();
  const opened = await Promise.all(
    [1, 2, 3].map(() => openDatabase({ databaseUrl: url, dataDir: "memory://" })),
  );
  onTestFinished(async () => {
    await Promise.all(opened.map((database) => database.close()));
  });
  const counts = await Promise.all(
    opened.map(({ db }) => Promise.all([db.$count(people), db.$count(issues)])),
  );
  expect(new Set(counts.map(([, issueCount]) => issueCount)).size).toBe(1);
  expect(counts[0]![0]).toBe(DEMO_PEOPLE.length);
  expect(opened.map(({ kind }) => kind)).toEqual(["postgres", "postgres", "postgres"]);
});

test("a transaction is not mixed with what other connections do", async () => {
  const { url } = await share();
  const [one, two] = [await connect(url), await connect(url)];
  await one.query("create table seats (id int)");
  await one.query("begin");
  await one.query("insert into seats values (1)");
  const order: string[] = [];
  const counted = two.query("select count(*)::int as count from seats").then(({ rows }) => {
    order.push("count");
    return rows[0].count as number;
  });
  await one.query("insert into seats values (2)");
  order.push("commit");
  await one.query("commit");
  expect(await counted).toBe(2);
  expect(order).toEqual(["commit", "count"]);
});

test("a connection that dies in the middle of a transaction leaves nothing behind and holds nobody up", async () => {
  const { url } = await share();
  const [one, two] = [await connect(url), await connect(url)];
  await one.query("create table seats (id int)");
  await one.query("begin");
  await one.query("insert into seats values (1)");
  (one as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  const { rows } = await two.query("select count(*)::int as count from seats");
  expect(rows[0].count).toBe(0);
});

test("a failed statement is told to the client that sent it, and the next one works", async () => {
  const { url } = await share();
  const client = await connect(url);
  await expect(client.query("select * from nowhere")).rejects.toThrow(/nowhere/);
  await expect(client.query("select $1::int as wrong", ["x"])).rejects.toThrow(/integer/);
  expect((await client.query("select $1::text as text", ["x".repeat(200_000)])).rows[0].text).toHaveLength(
    200_000,
  );
});
