import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBrowser, until } from "@livecache/rig";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../src/database/open.ts";
import { createIssue } from "../src/store/issues.ts";
import { figure, row, untilLoaded } from "./support/browser.ts";
import { startHostel } from "./support/start-hostel.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import { openWindow } from "./support/visitor.ts";

let browser: Browser;
let example: ExampleProcess;
let dataDir: string;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(() => browser?.close());

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "hostel-issues-"));
  example = await startHostel({ DATA_DIR: dataDir });
});

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await example.kill();
  await rm(dataDir, { recursive: true, force: true });
});

const open = (personId: string) => openWindow(browser, { url: example.url, personId });

test("G5: after the server was killed and started again, both windows show what happened in between, untouched", async () => {
  const warden = await open("grace");
  const management = await open("elena");
  const before = await figure(management.page, "open");
  for (const { page } of [warden, management]) await untilLoaded(page);

  await example.kill();
  await warden.page.getByText("The server cannot be reached.").waitFor();
  await warden.page.getByRole("status").getByText("Offline").waitFor();
  await reportBehindTheServersBack("Reported while nobody was listening");
  await example.start();

  await row(warden.page, "Reported while nobody was listening").waitFor({ timeout: 20_000 });
  await until(async () => (await figure(management.page, "open")) === before + 1, {
    what: "the dashboard counts the issue",
    withinMs: 20_000,
  });
  await warden.page.getByRole("status").getByText("Live", { exact: true }).waitFor();
  for (const window of [warden, management]) {
    expect(window.faults).toEqual([]);
    expect(await window.isUntouched()).toBe(true);
  }
});

test("SIGTERM ends the server in good order", async () => {
  await open("grace");
  expect(await example.stop()).toBe(0);
  expect(example.errors()).toBe("");
});

/** Writes to the database while no server runs: nothing and nobody is told. */
async function reportBehindTheServersBack(title: string): Promise<void> {
  const database = await openDatabase({ databaseUrl: undefined, dataDir });
  await createIssue(database.db, "asha", {
    hostelId: "aspen",
    title,
    description: "",
    place: "Yard",
    category: "other",
    priority: "normal",
  });
  await database.close();
}
