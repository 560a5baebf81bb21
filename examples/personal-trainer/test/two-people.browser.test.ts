import { openBrowser, until } from "@livecache/rig";
import { accessibilityFaults } from "example-kit/testing/accessibility.ts";
import { startExample } from "example-kit/testing/example-process.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { DESKTOP, PHONE, logWorkout, stat } from "./support/browser.ts";
import { openWindow } from "./support/visitor.ts";

let browser: Browser;
let example: ExampleProcess;

beforeAll(async () => {
  const main = new URL("../dist/main.js", import.meta.url);
  [browser, example] = await Promise.all([openBrowser(), startExample(main, { DATA_DIR: "memory://" })]);
});

afterAll(() => Promise.all([browser?.close(), example?.kill()]));

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const open = (personId: string, options: BrowserContextOptions) =>
  openWindow(browser, { url: example.url, personId }, options);

test("what a member logs on the phone moves the trainer's figures, and they talk about it", async () => {
  const [trainer, member] = [await open("nora", DESKTOP), await open("mia", PHONE)];
  const card = trainer.page.locator('[data-client="mia"]');
  const before = Number(await stat(member.page, "workouts"));
  await card.getByText("(here now)").waitFor({ state: "attached" });
  await member.page.getByText("Here now", { exact: true }).waitFor();

  const moved = Promise.all([
    member.page.locator('[data-figure="workouts"].stat-updated').waitFor(),
    trainer.page.locator('[data-client="mia"].stat-updated').waitFor(),
  ]);
  await logWorkout(member.page, "Heavy squats", 205);
  await moved;
  await until(async () => Number(await stat(member.page, "workouts")) === before + 1, {
    what: "the member's tile counts the workout",
    withinMs: 5_000,
  });
  await card.getByText("Heavy squats").waitFor();
  await trainer.page.getByLabel("Notices").getByText('Mia Hoffmann finished "Heavy squats"').waitFor();
  await member.page.getByLabel("Notices").getByText("A personal record").waitFor();

  await card.click();
  await trainer.page.getByRole("link", { name: "Heavy squats" }).click();
  await member.page.getByRole("link", { name: "Heavy squats" }).click();
  await member.page.getByText("Your trainer is looking at this now").waitFor();
  await trainer.page.getByLabel("Say something").pressSequentially("Deep!");
  await member.page.getByText("Your trainer is writing").waitFor();
  await trainer.page.getByRole("button", { name: "Send" }).click();
  await member.page.getByRole("dialog").getByText("Deep!").waitFor();
  await member.page.getByText("Your trainer is writing").waitFor({ state: "detached" });
  expect(await accessibilityFaults(member.page)).toEqual([]);

  for (const window of [trainer, member]) {
    expect(window.faults).toEqual([]);
    expect(await window.isUntouched()).toBe(true);
  }
});

test("a member is taken on, is told of a session, comes, and is let go again", async () => {
  const [trainer, member] = [await open("nora", DESKTOP), await open("tess", PHONE)];
  await member.page.getByText("You have none yet").waitFor();
  await trainer.page.getByRole("button", { name: "Take on Tess O'Brien" }).click();
  await member.page.getByText("Here now", { exact: true }).waitFor();
  await member.page.getByRole("button", { name: "Notifications, 1 unread" }).waitFor();

  await trainer.page.getByRole("button", { name: "Announce a session" }).click();
  await trainer.page.getByLabel("What is it?").fill("Kettlebell hour");
  await trainer.page.getByLabel("Where?").fill("Yard");
  await trainer.page.getByRole("button", { name: "Announce it" }).click();
  await member.page.getByLabel("Notices").getByText("New session: Kettlebell hour").waitFor();
  await member.page.getByRole("link", { name: "Sessions" }).click();
  await member.page.getByRole("button", { name: "I am coming to Kettlebell hour" }).click();
  await trainer.page.getByRole("link", { name: "Sessions" }).click();
  await trainer.page.getByText("Tess comes").waitFor();

  await trainer.page.getByRole("link", { name: "Clients" }).click();
  await trainer.page.locator('[data-client="tess"]').click();
  await trainer.page.getByRole("button", { name: "End the training" }).click();
  await trainer.page.getByRole("button", { name: "Yes, let Tess go" }).click();
  await member.page.getByText("Nothing is planned").waitFor();
  await member.page.getByRole("link", { name: "Today" }).click();
  await member.page.getByText("You have none yet").waitFor();
  for (const { faults } of [trainer, member]) expect(faults).toEqual([]);
});

test("figures change without motion for whoever wants none", async () => {
  const { page } = await open("sam", { ...DESKTOP, reducedMotion: "reduce" });
  const before = Number(await stat(page, "workouts"));
  await logWorkout(page, "Calm squats", 60);
  const tile = page.locator('[data-figure="workouts"]');
  await tile
    .locator(".figure")
    .getByText(String(before + 1), { exact: true })
    .waitFor();
  // The mark is taken off when its animation has ended, which is at once.
  await until(async () => !(await tile.getAttribute("class"))!.includes("stat-updated"), {
    what: "the tile is calm",
    withinMs: 5_000,
  });
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});

const MEMBER_PAGES = ["Workouts", "Muscles", "Records", "Sessions", "Speed"];
const FORMS = ["Log a workout", "Set a goal", "Profile"];

test.each([
  { name: "desktop, light", options: DESKTOP },
  { name: "phone, dark", options: PHONE },
])("nothing keeps anybody out: $name", async ({ options }) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(example.url);
  await page.getByRole("button", { name: "I do not know my password" }).click();
  expect(await accessibilityFaults(page)).toEqual([]);

  const member = await open("mia", options);
  await stat(member.page, "workouts");
  await expectNoFaults(member.page, FORMS);
  for (const name of MEMBER_PAGES) {
    await member.page.getByRole("link", { name, exact: true }).click();
    await member.page.getByRole("heading", { level: 1, name }).waitFor();
    await member.page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
    expect(await accessibilityFaults(member.page)).toEqual([]);
  }
  const trainer = await open("nora", options);
  await stat(trainer.page, "workouts");
  await expectNoFaults(trainer.page, ["Announce a session"]);
  await trainer.page.locator('[data-client="sam"]').click();
  await stat(trainer.page, "records");
  expect(await accessibilityFaults(trainer.page)).toEqual([]);
});

/** Looks at the page, and at each dialog that these buttons open. */
async function expectNoFaults(page: Page, buttons: readonly string[]): Promise<void> {
  expect(await accessibilityFaults(page)).toEqual([]);
  for (const name of buttons) {
    await page.getByRole("button", { name }).first().click();
    await page.getByRole("dialog").waitFor();
    await page.getByRole("dialog").locator("input, select").first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
}
