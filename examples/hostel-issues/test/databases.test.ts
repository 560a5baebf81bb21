import { startPostgres } from "@livecache/rig";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../src/database/open.ts";
import type { OpenDatabase } from "../src/database/database.ts";
import { issues, people } from "../src/database/schema.ts";
import { DEMO_PEOPLE } from "../src/demo-people.ts";
import { createAnnouncement, listAnnouncements } from "../src/store/announcements.ts";
import { changeStatus, createIssue, findIssue, listIssues, listSteps } from "../src/store/issues.ts";
import { findByPassword } from "../src/store/people.ts";
import { summarise } from "../src/store/summary.ts";

// `npm test` says aloud when there is no PostgreSQL.
const postgres = process.env["LIVECACHE_SKIP_POSTGRES"] === "1" ? undefined : await startPostgres();
afterAll(() => postgres?.close());

const places = [
  { kind: "embedded", databaseUrl: undefined },
  ...(postgres ? [{ kind: "postgres", databaseUrl: postgres.url }] : []),
];

describe.each(places)("on $kind", ({ kind, databaseUrl }) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openDatabase({ databaseUrl, dataDir: "memory://" });
  });
  afterAll(() => database?.close());

  const report = (title: string) =>
    createIssue(database.db, "asha", {
      hostelId: "aspen",
      title,
      description: "It's “quoted”; drop table issues",
      place: "Yard",
      category: "other",
      priority: "urgent",
    });

  test("an issue is kept as it was reported, and found again", async () => {
    expect(database.kind).toBe(kind);
    const issue = await report("Gate squeaks");
    expect(issue).toMatchObject({ title: "Gate squeaks", status: "open", resolvedAt: null });
    expect(issue.reporter).toEqual({ id: "asha", name: "Asha Verma" });
    expect(new Date(issue.createdAt).toISOString()).toBe(issue.createdAt);
    expect(await findIssue(database.db, issue.id)).toEqual(issue);
    expect((await listIssues(database.db, "aspen", { limit: 1 })).issues).toEqual([issue]);
  });

  test("of two who set the same status at once, one changes it", async () => {
    const { id } = await report("Two hands on one tap");
    const change = { issueId: id, personId: "grace", status: "resolved" } as const;
    const outcomes = await Promise.all([
      changeStatus(database.db, change),
      changeStatus(database.db, change),
    ]);
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect((await listSteps(database.db, id)).map(({ status }) => status)).toEqual(["open", "resolved"]);
  });

  test("the figures of the dashboard follow", async () => {
    const before = await summarise(database.db);
    const { id } = await report("Counted");
    await changeStatus(database.db, { issueId: id, personId: "grace", status: "in_progress" });
    const after = await summarise(database.db);
    expect(after.inProgress).toBe(before.inProgress + 1);
    expect(after.days.at(-1)!.reported).toBe(before.days.at(-1)!.reported + 1);
    expect(after.meanHoursToResolve).toBeGreaterThan(1);
    const unresolved = after.byCategory.reduce((sum, category) => sum + category.unresolved, 0);
    expect(unresolved).toBe(after.open + after.inProgress);
  });

  test("an announcement to all is listed in every hostel, one to a hostel only there", async () => {
    const text = { title: "Heads up", body: "Read me." };
    const one = await createAnnouncement(database.db, "grace", { ...text, hostelId: "aspen" });
    const all = await createAnnouncement(database.db, "elena", { ...text, hostelId: null });
    expect((await listAnnouncements(database.db, "aspen")).slice(0, 2)).toEqual([all, one]);
    expect((await listAnnouncements(database.db, "birch"))[0]).toEqual(all);
    expect((await listAnnouncements(database.db, "all"))[0]).toEqual(all);
  });

  test("people are found by address and password only", async () => {
    const asha = await findByPassword(database.db, " Asha@demo.test ", "demo-student");
    expect(asha).toMatchObject({ userId: "asha", role: "student" });
    expect(await findByPassword(database.db, "asha@demo.test", "demo-warden")).toBeUndefined();
  });
});

test.skipIf(!postgres)(
  "of several processes that start together on PostgreSQL, one fills the database",
  async () => {
    const client = new pg.Client({ connectionString: postgres!.url });
    await client.connect();
    await client.query("create database fresh");
    await client.end();
    const place = { databaseUrl: postgres!.url.replace(/\/postgres$/, "/fresh"), dataDir: "memory://" };
    const opened = await Promise.all([1, 2, 3].map(() => openDatabase(place)));
    const counts = await Promise.all(
      opened.map(({ db }) => Promise.all([db.$count(people), db.$count(issues)])),
    );
    expect(new Set(counts.map(String)).size).toBe(1);
    expect(counts[0]![0]).toBe(DEMO_PEOPLE.length);
    await Promise.all(opened.map((database) => database.close()));
  },
);
