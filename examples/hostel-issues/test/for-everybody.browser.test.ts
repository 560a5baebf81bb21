import { openBrowser } from "@livecache/rig";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { accessibilityFaults, tabTo } from "example-kit/testing/accessibility.ts";
import { figure, row } from "./support/browser.ts";
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

test("an issue can be reported, looked up and closed with the keyboard alone", async () => {
  const { page } = await openWindow(browser, { url: example.url, personId: "asha" });
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Skip to the content");
  await tabTo(page, "Report an issue");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("Typed without a mouse");
  await tabTo(page, "Where?");
  await page.keyboard.type("Library");
  await tabTo(page, "Kind");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "Report it");
  await page.keyboard.press("Enter");
  await row(page, "Typed without a mouse").waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await tabTo(page, "Typed without a mouse");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("Reported by").waitFor();
  await page.getByRole("dialog").getByText("Electricity").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Typed without a mouse");
});

test.each([
  { width: 1280, height: 800, colorScheme: "light" },
  { width: 360, height: 740, colorScheme: "dark" },
] as const)(
  "nothing keeps anybody out, at $width pixels in $colorScheme",
  async ({ colorScheme, ...viewport }) => {
    const context = await browser.newContext({ viewport, colorScheme });
    const page = await context.newPage();
    await page.goto(example.url);
    await page.getByRole("button", { name: "Grace Mbeki" }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    const where = { url: example.url, personId: "elena" };
    const management = await openWindow(browser, where, { viewport, colorScheme });
    await figure(management.page, "open");
    await management.page.getByText("Show as a table").click();
    expect(await accessibilityFaults(management.page)).toEqual([]);
    await management.page.getByRole("link", { name: "Issues" }).click();
    await management.page.getByRole("button", { name: "Mark resolved" }).first().waitFor();
    expect(await accessibilityFaults(management.page)).toEqual([]);
    await management.page.getByRole("button", { name: "Report an issue" }).click();
    expect(await accessibilityFaults(management.page)).toEqual([]);
    await management.page.keyboard.press("Escape");
    await management.page.getByLabel("Issues of").getByRole("link").first().click();
    await management.page.getByText("What happened").waitFor();
    expect(await accessibilityFaults(management.page)).toEqual([]);
    await management.page.keyboard.press("Escape");
    await management.page.getByRole("combobox", { name: "Hostel" }).selectOption("Juniper Lodge");
    await management.page.getByText("Nothing is broken").waitFor();
    expect(await accessibilityFaults(management.page)).toEqual([]);
    expect(management.faults).toEqual([]);
  },
);

test("management warms the caches with the keyboard, and sees when it is done", async () => {
  const { page, faults } = await openWindow(browser, { url: example.url, personId: "elena" });
  await figure(page, "open");
  await page.getByRole("button", { name: "Warm caches" }).waitFor();
  await tabTo(page, "Warm caches");
  await page.keyboard.press("Enter");
  await page.getByRole("progressbar", { name: "Pages loaded" }).waitFor();
  await page
    .getByRole("status")
    .getByText(/^\d+ pages warmed just now: /)
    .waitFor();
  expect(await page.getByRole("progressbar").count()).toBe(0);
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
});
