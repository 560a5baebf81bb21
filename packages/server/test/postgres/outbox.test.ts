import { readFile } from "node:fs/promises";
import { PGlite } from "@electric-sql/pglite";
import { until } from "@livecache/rig";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pglite";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { randomWord } from "../../src/base/ids.ts";
import { changeSourceSuite } from "../../src/conformance/suites.ts";
import { createLive, createMemoryGround, defineContract } from "../../src/index.ts";
import type { Ground } from "../../src/index.ts";
import type { Row } from "../../src/postgres/database.ts";
import { createPgliteDatabase } from "../../src/postgres/pglite-database.ts";
import { createOutboxTable } from "../../src/postgres/outbox-table.ts";
import { openOutbox } from "../../src/postgres/postgres.ts";
import type { OutboxOptions } from "../../src/postgres/postgres.ts";

import { outboxUnderTest } from "./outbox-site.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await database.exec("CREATE TABLE issues (id serial PRIMARY KEY, title text)");
});
afterAll(() => database.close());

const contract = defineContract({
  channels: {
    "hostel/:id": {
      events: { new_issue: z.object({ n: z.number() }) },
      history: { events: 200 },
    },
  },
});

/** A node, and what it hears of a channel. */
async function openNode(ground: Ground = createMemoryGround()) {
  const warnings: string[] = [];
  const live = createLive({
    ground,
    contract,
    authorize: { "hostel/:id": () => true },
    secret: "0123456789abcdef0123456789abcdef",
    logger: { warn: (message) => void warnings.push(message) },
  });
  onTestFinished(live.close);
  const heard: number[] = [];
  const following = await live.follow("hostel/:id", { id: 7 });
  const listen = async (): Promise<void> => {
    for await (const told of following) if (told.type === "event") heard.push((told.data as { n: number }).n);
  };
  void listen();
  const event = (n: number) => live.event("hostel/:id", { id: 7 }, "new_issue", { n });
  return { live, heard, event, warnings };
}

/** A node with an outbox of its own. */
async function openSite(options: Partial<OutboxOptions> = {}) {
  const node = await openNode();
  const table = `outbox_${randomWord(8)}`;
  const outbox = await openOutbox(node.live, { database, table, migrate: true, ...options });
  onTestFinished(outbox.close);
  let loads = 0;
  const load = () => node.live.cache.getOrSet("dashboard", async () => ++loads, { ttl: "1h" });
  const rows = async () =>
    (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;
  return { ...node, outbox, table, load, rows };
}

const ONE_SESSION = "a PGlite has one session, so that each of several relays is let through; see below";

describe("as a source", () => {
  changeSourceSuite({
    test,
    open: () =>
      outboxUnderTest({
        database: createPgliteDatabase(database),
        run: async (text, params = []) => (await database.query<Row>(text, [...params])).rows,
        close: async () => undefined,
      }),
    skip: {
      "of several that open it one hands over, and another goes on when that one is closed": ONE_SESSION,
    },
  });
});

test("tags move and events are told once the transaction is committed, and neither when it is rolled back", async () => {
  const { live, heard, event, load } = await openSite();
  expect(await load()).toBe(1);
  const given = database.transaction(async (tx) => {
    await live.changeIn(tx, { tags: ["dashboard"], emit: [event(1)] });
    throw new Error("given up");
  });
  await expect(given).rejects.toThrow("given up");
  await database.transaction(async (tx) => {
    await tx.query("INSERT INTO issues (title) VALUES ('a')");
    await live.changeIn(tx, { tags: ["dashboard"], emit: [event(2)] });
    expect(await load()).toBe(1);
  });
  await until(async () => (await load()) === 2, { what: "the tag moves", withinMs: 5_000 });
  await until(() => heard.length > 0, { what: "the event", withinMs: 5_000 });
  expect(heard).toEqual([2]);
});

test("whoever waits after the commit has moved tags, and its reads are at least as new", async () => {
  const { live, load, heard, event } = await openSite();
  await load();
  const said = await database.transaction((tx) =>
    live.changeIn(tx, { tags: ["dashboard"], emit: [event(1)] }),
  );
  const result = await said.relayed();
  expect(result).toMatchObject({
    relayed: true,
    changeId: said.changeId,
    position: { epoch: expect.any(String) },
  });
  expect(await load()).toBe(2);
  await until(() => heard.length === 1, { what: "the event", withinMs: 5_000 });
});

test("when nobody relays in time the tags move at once, and the events follow", async () => {
  const { live, load, heard, event, outbox, table } = await openSite();
  await load();
  const said = await database.transaction((tx) =>
    live.changeIn(tx, { tags: ["dashboard"], emit: [event(1)] }),
  );
  await outbox.close();
  await expect(said.relayed({ within: "50ms" })).resolves.toMatchObject({ changeId: said.changeId });
  expect(await load()).toBe(2);
  const again = await openOutbox(live, { database, table });
  onTestFinished(again.close);
  await until(() => heard.length === 1, { what: "the event", withinMs: 5_000 });
});

test("transactions of Drizzle, and functions that run a statement, do as well", async () => {
  const { live, heard, event } = await openSite();
  const db = drizzle({ client: database });
  await db.transaction(async (tx) => {
    await tx.execute(sql`INSERT INTO issues (title) VALUES ('b')`);
    await live.changeIn(tx, { tags: ["it's", 'a "quoted" ü tag\\'], emit: [event(1)] });
  });
  await database.transaction((tx) =>
    live.changeIn((text: string, params: string[]) => tx.query(text, params), { emit: [event(2)] }),
  );
  await until(() => heard.length === 2, { what: "both events", withinMs: 5_000 });
  expect(heard).toEqual([1, 2]);
});

test("what is no transaction is refused, and so is what holds the whole database", async () => {
  const { live } = await openSite();
  const pool = { idleCount: 0, connect: () => undefined, query: () => undefined };
  await expect(live.changeIn(pool, { tags: ["t"] })).rejects.toThrow(/it is a pool/);
  await expect(live.changeIn(database, { tags: ["t"] })).rejects.toThrow(/it is a database/);
  await expect(live.changeIn(drizzle({ client: database }), { tags: ["t"] })).rejects.toThrow(
    /it is a database/,
  );
  for (const wrong of [undefined, 7, {}]) {
    await expect(live.changeIn(wrong, { tags: ["t"] })).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  }
});

test("a change is checked as live.change checks it, and then nothing is written", async () => {
  const { live, event, rows } = await openSite();
  const write = (request: object) => database.transaction((tx) => live.changeIn(tx, request));
  await expect(write({ tags: [""] })).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  await expect(write({ tags: ["t"], wait: "applied" })).rejects.toThrow(/unknown option "wait"/);
  await expect(write({ emit: [event("7" as unknown as number)] })).rejects.toMatchObject({
    code: "LIVE_EVENT_INVALID",
  });
  const tags = Array.from({ length: 1_001 }, (_, index) => `t${index}`);
  await expect(write({ tags })).rejects.toThrow(/at most 1000/);
  expect(await rows()).toBe(0);
  await expect(write({ tags: tags.slice(1) })).resolves.toMatchObject({ changeId: expect.any(String) });
});

test("without an outbox, or without its table, changeIn says what to do", async () => {
  const { live } = await openNode();
  await expect(live.changeIn(database, { tags: ["t"] })).rejects.toMatchObject({
    code: "LIVE_OUTBOX_MISSING",
    message: expect.stringContaining("openOutbox(live, { database"),
  });
  await expect(openOutbox(live, { database, table: "nowhere" })).rejects.toMatchObject({
    code: "LIVE_OUTBOX_MISSING",
    message: expect.stringContaining("migrate: true"),
  });
  const site = await openSite();
  await database.exec(`DROP TABLE ${site.table}`);
  const write = database.transaction((tx) => site.live.changeIn(tx, { tags: ["t"] }));
  await expect(write).rejects.toMatchObject({ code: "LIVE_OUTBOX_MISSING" });
  await until(() => site.outbox.status().state === "away", { what: "the relay says so", withinMs: 5_000 });
});

test("options are checked: unknown names, tables that need quotes, other databases, a second outbox", async () => {
  const { live } = await openNode();
  const open = (options: object) => openOutbox(live, { database, ...options } as OutboxOptions);
  await expect(open({ tabel: "x" })).rejects.toThrow(/Did you mean "table"/);
  for (const table of ["Outbox", "a b", 'a"; DROP TABLE issues; --', "", "a.b.c", "x".repeat(41)]) {
    await expect(open({ table })).rejects.toMatchObject({ code: "LIVE_OPTIONS_INVALID" });
  }
  await expect(open({ poll: 5 })).rejects.toThrow(/bare number/);
  await expect(open({ migrate: "yes" })).rejects.toThrow(/true or false/);
  await expect(open({ poison: "ignore" })).rejects.toThrow(/"skip", "forget" or "stop"/);
  for (const wrong of ["mysql://x", {}, undefined]) {
    await expect(open({ database: wrong })).rejects.toMatchObject({ code: "LIVE_OPTIONS_INVALID" });
  }
  const { live: second, table } = await openSite();
  await expect(openOutbox(second, { database, table })).rejects.toMatchObject({
    code: "LIVE_OPTIONS_INVALID",
  });
  const [first, other] = ["x".repeat(40), `public.${"y".repeat(40)}`];
  for (const name of [first, other]) {
    const node = await openNode();
    await expect(openOutbox(node.live, { database, table: name, migrate: true })).resolves.toBeDefined();
  }
});

test("a record of no use is reported with its place and passed over; told to stop, the relay stops before it", async () => {
  for (const poison of ["skip", "forget", "stop"] as const) {
    const { live, table, outbox, heard, event, warnings, load } = await openSite({ poison });
    await load();
    await database.query(`INSERT INTO ${table} (change_id, change) VALUES ('p', 'no JSON')`);
    await database.transaction((tx) => live.changeIn(tx, { emit: [event(1)] }));
    const told = () => (poison === "stop" ? outbox.status().state === "stopped" : heard.length === 1);
    await until(told, { what: `the poison, ${poison}`, withinMs: 5_000 });
    expect(outbox.status().poisoned).toBe(1);
    expect(warnings.some((warning) => warning.includes(`of row 1 of ${table}`))).toBe(true);
    expect(await load()).toBe(poison === "forget" ? 2 : 1);
    const { code } = (outbox.status().error ?? {}) as { code?: string };
    expect(code).toBe(poison === "stop" ? "LIVE_SOURCE_STOPPED" : undefined);
  }
});

test("two nodes that relay at once, as in a PGlite, tell each change once and in order", async () => {
  const ground = createMemoryGround();
  const [first, second] = [await openNode(ground), await openNode(ground)];
  const table = `outbox_${randomWord(8)}`;
  for (const { live } of [first, second]) await openOutbox(live, { database, table, migrate: true });
  const numbers = Array.from({ length: 60 }, (_, index) => index);
  for (const n of numbers) {
    const node = n % 2 === 0 ? first : second;
    await database.transaction((tx) => node.live.changeIn(tx, { emit: [node.event(n)] }));
  }
  await until(() => first.heard.length >= numbers.length, { what: "all events", withinMs: 10_000 });
  expect(first.heard).toEqual(numbers);
});

test("rows that were relayed are removed after a while", async () => {
  const { live, rows } = await openSite({ keep: "1ms", poll: "50ms" });
  for (let n = 0; n < 5; n++) await database.transaction((tx) => live.changeIn(tx, { tags: ["t"] }));
  await until(async () => (await rows()) === 0, { what: "the rows are removed", withinMs: 40_000 });
  const { relayed } = await (
    await database.transaction((tx) => live.changeIn(tx, { tags: ["t"] }))
  ).relayed();
  expect(relayed).toBe(true);
});

test("without notifications changes wait for the next look", async () => {
  const { live, heard, event } = await openSite({ notify: false, poll: "200ms" });
  await database.transaction((tx) => live.changeIn(tx, { emit: [event(1)] }));
  await until(() => heard.length === 1, { what: "the event", withinMs: 5_000 });
  expect(heard).toEqual([1]);
});

test("the page shows the statements that create the tables", async () => {
  const page = await readFile(new URL("../../../../docs/how-to/outbox.md", import.meta.url), "utf8");
  const [, statements] = /```sql\n([\s\S]*?)```/.exec(page)!;
  const { schema } = createOutboxTable("livecache_outbox", true);
  expect(statements).toBe(schema.map((statement) => `${statement};\n`).join(""));
});
