import { openBrowser, until } from "@livecache/rig";
import { accessibilityFaults } from "example-kit/testing/accessibility.ts";
import { openWindow as openAny } from "example-kit/testing/browser.ts";
import { startExample } from "example-kit/testing/example-process.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

let browser: Browser;
let example: ExampleProcess;

beforeAll(async () => {
  const main = new URL("../dist/main.js", import.meta.url);
  [browser, example] = await Promise.all([openBrowser(), startExample(main, { DATA_DIR: "memory://" })]);
});

afterAll(() => Promise.all([browser?.close(), example?.kill()]));

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const PHONE = { viewport: { width: 390, height: 800 }, colorScheme: "dark" } as const;

const open = (name: string, options?: BrowserContextOptions) =>
  openAny(browser, { url: example.url, name }, options);

/** Fills in and submits an audit of the grinder, of which the dressing of the wheel failed. */
async function audit(page: Page): Promise<void> {
  await page.getByRole("link", { name: "New audit" }).click();
  expect(await page.getByLabel("Machine").isDisabled()).toBe(true);
  await page.getByLabel("Line").selectOption("Gear shafts");
  await page.getByLabel("Machine").selectOption("Grinder G-230");
  // It does one thing only, so that is chosen already.
  for (const question of ["Runout at most 0.01 mm", "No burn marks", "Spark-out time kept"]) {
    await page.getByRole("group", { name: question }).getByLabel("Pass").check();
  }
  await page.getByRole("group", { name: "Wheel dressed this shift" }).getByLabel("Fail").check();
  await page.getByLabel("What is wrong?").fill("Last dressing noted yesterday");
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Submit audit" }).click();
  await page.getByRole("heading", { name: "3 of 4 passed" }).waitFor();
}

test("an inspector's audit from a phone is on the administrator's screen: list, bell, comments, photo", async () => {
  const admin = await open("Nadia Rahman");
  const inspector = await open("Lucia Ferri", PHONE);
  await admin.page.getByRole("list", { name: "Audits" }).waitFor();
  expect(await inspector.page.getByRole("link", { name: "Plant" }).count()).toBe(0);
  await audit(inspector.page);

  await admin.page.getByRole("list", { name: "Audits" }).getByText("just now").waitFor({ timeout: 5_000 });
  await admin.page.getByRole("button", { name: "Notifications, 1 unread" }).click();
  await admin.page.getByText("New ones arrive as they happen").waitFor();
  expect(await accessibilityFaults(admin.page)).toEqual([]);
  await admin.page.getByRole("region", { name: "Notifications" }).getByText("Failed: Grinding").click();
  await admin.page.getByRole("button", { name: "Notifications", exact: true }).waitFor();
  await admin.page.getByText("Lucia Ferri is looking, too").waitFor();
  await inspector.page.getByText("Nadia Rahman is looking, too").waitFor();

  await admin.page.getByLabel("Write a comment").pressSequentially("Is the batch locked?");
  await inspector.page.getByText("Nadia Rahman is typing…").waitFor();
  await admin.page.getByRole("button", { name: "Comment" }).click();
  await inspector.page.getByText("Is the batch locked?", { exact: true }).first().waitFor();
  // Who looks at it has seen it.
  await inspector.page.getByRole("button", { name: "Notifications", exact: true }).waitFor();

  const slow = await inspector.page.context().newCDPSession(inspector.page);
  const network = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 40_000 };
  await slow.send("Network.emulateNetworkConditions", network);
  const picture = { name: "wheel.png", mimeType: "image/png", buffer: await admin.page.screenshot() };
  await inspector.page.getByLabel("Photo", { exact: true }).setInputFiles(picture);
  await inspector.page.getByRole("progressbar", { name: "Sending wheel.png" }).waitFor();
  await admin.page.getByRole("progressbar", { name: "A photo is arriving" }).waitFor();
  for (const { page } of [admin, inspector]) {
    await page.getByRole("img", { name: "wheel.png" }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  }
  for (const window of [admin, inspector]) {
    expect(window.faults).toEqual([]);
    expect(await window.isUntouched()).toBe(true);
  }
});

test("what an administrator adds to the plant is there for the inspector's next audit", async () => {
  const admin = await open("Viktor Hansson");
  const inspector = await open("Jonas Weber", PHONE);
  await inspector.page.getByRole("link", { name: "New audit" }).click();
  await admin.page.getByRole("link", { name: "Plant" }).click();
  await admin.page.getByRole("button", { name: "Add a line" }).click();
  await admin.page.getByLabel("Name").fill("Steering knuckles");
  await admin.page.getByRole("button", { name: "Add it" }).click();
  const option = inspector.page.getByLabel("Line").getByRole("option", { name: "Steering knuckles" });
  await option.waitFor({ state: "attached" });
  expect(await accessibilityFaults(admin.page)).toEqual([]);
  await admin.page.getByRole("button", { name: "Retire Steering knuckles" }).click();
  await option.waitFor({ state: "detached" });
  expect([...admin.faults, ...inspector.faults]).toEqual([]);
});

test("caches and account are for everybody who may see them, also on a phone in the dark", async () => {
  const { page, faults } = await open("Viktor Hansson", PHONE);
  await page.getByRole("list", { name: "Audits" }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole("link", { name: "Caches" }).click();
  await page.getByRole("rowheader", { name: "GET /api/audits", exact: true }).waitFor();
  await page.getByRole("button", { name: "Warm caches" }).click();
  await page.getByText(/^\d+ pages warmed just now: /).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole("link", { name: "Account" }).click();
  await page.getByText("This one").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Sign out everywhere", exact: true }).click();
  await page.getByRole("button", { name: "Nadia Rahman" }).waitFor();
  await until(async () => (await accessibilityFaults(page)).length === 0, {
    what: "nothing keeps anybody out",
    withinMs: 5_000,
  });
  expect(faults).toEqual([]);
});
