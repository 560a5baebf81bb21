import { openBrowser, until } from "@livecache/rig";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { figure, reportIssue, row } from "./support/browser.ts";
import { startHostel } from "./support/start-hostel.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import { openWindow } from "./support/visitor.ts";

let browser: Browser;
let example: ExampleProcess;

beforeAll(async () => {
  [browser, example] = await Promise.all([openBrowser(), startHostel({ DATA_DIR: "memory://" })]);
});

afterAll(() => Promise.all([browser?.close(), example?.kill()]));

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const open = (personId: string) => openWindow(browser, { url: example.url, personId });

test("what one window reports, another window's list and a dashboard show without a reload", async () => {
  const student = await open("asha");
  const warden = await open("grace");
  const management = await open("elena");
  const before = await figure(management.page, "open");

  await reportIssue(student.page, "Piano out of tune");
  await row(warden.page, "Piano out of tune").waitFor({ timeout: 5_000 });
  await until(async () => (await figure(management.page, "open")) === before + 1, {
    what: "the dashboard counts the issue",
    withinMs: 5_000,
  });
  await warden.page.getByLabel("Notices").getByText("Piano out of tune").waitFor();

  await row(warden.page, "Piano out of tune").getByRole("button").click();
  await row(student.page, "Piano out of tune").getByText("In progress").waitFor({ timeout: 5_000 });
  await student.page.getByLabel("Notices").getByText("In progress: Piano out of tune").waitFor();

  for (const window of [student, warden, management]) {
    expect(window.faults).toEqual([]);
    expect(await window.isUntouched()).toBe(true);
  }
});

test("nobody is told what they did themselves", async () => {
  const student = await open("asha");
  const other = await open("tom");
  await reportIssue(student.page, "Door squeaks");
  await other.page.getByLabel("Notices").getByText("New issue").waitFor();
  expect(await student.page.getByLabel("Notices").getByText("New issue").count()).toBe(0);
});

test("an announcement to every hostel appears in each", async () => {
  const [aspen, birch, management] = [await open("asha"), await open("mei"), await open("elena")];
  await birch.page.getByRole("link", { name: "Announcements" }).click();
  await management.page.getByRole("link", { name: "Announcements" }).click();
  await management.page.getByRole("button", { name: "Announce something" }).click();
  await management.page.getByLabel("Every hostel").check();
  await management.page.getByLabel("Title").fill("Summer party");
  await management.page.getByLabel("What should people know?").fill("On Friday in the yard.");
  await management.page.getByRole("button", { name: "Announce it" }).click();
  await birch.page.getByRole("heading", { name: "Summer party" }).waitFor();
  await aspen.page.getByLabel("Notices").getByText("Summer party").waitFor();
});

test("who signs out in one window is signed out in the others of the same browser", async () => {
  const { page, faults } = await open("asha");
  const other = await page.context().newPage();
  await other.goto(example.url);
  await other.getByRole("status").getByText("Live", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await other.getByRole("button", { name: "Grace Mbeki" }).waitFor();
  expect(faults).toEqual([]);
});
