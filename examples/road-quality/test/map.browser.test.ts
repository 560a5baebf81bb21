import { openBrowser, until } from "@livecache/rig";
import { accessibilityFaults, tabTo } from "example-kit/testing/accessibility.ts";
import { openWindow } from "example-kit/testing/browser.ts";
import type { Window } from "example-kit/testing/browser.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { HazardsAnswer, SessionsAnswer } from "../src/answers.ts";
import { openPhone } from "./support/phone.ts";
import { startRoads } from "./support/start-roads.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: "dark" } as const;

let browser: Browser;
let example: ExampleProcess;

beforeAll(async () => {
  [browser, example] = await Promise.all([openBrowser(), startRoads({ DATA_DIR: "memory://" })]);
});

afterAll(() => Promise.all([browser?.close(), example?.kill()]));

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

const open = (name: string, options: BrowserContextOptions = {}): Promise<Window> =>
  openWindow(browser, { url: example.url, name }, options);

/** A figure of the overview, as screen readers read it. */
async function figure(page: Page, name: string): Promise<number> {
  const words = await page.locator(`[data-figure="${name}"] .visually-hidden`).textContent();
  return Number(words?.replaceAll(",", ""));
}

test("who drives on a phone is on the other's map, is counted, measures roads and is warned", async () => {
  const desk = await open("Asha Verma");
  const phone = await open("Mei Lin", PHONE);
  const before = await figure(desk.page, "observations");
  expect(await accessibilityFaults(desk.page)).toEqual([]);

  await phone.page.getByRole("button", { name: "Start driving" }).click();
  await phone.page.getByRole("region", { name: "Your drive" }).waitFor();
  await desk.page.locator(".vehicle").first().waitFor({ state: "attached", timeout: 3_000 });
  await until(async () => (await figure(desk.page, "vehicles")) === 1, {
    what: "the map counts the vehicle",
    withinMs: 5_000,
  });
  await until(async () => (await figure(desk.page, "observations")) > before, {
    what: "the map has a new observation",
    withinMs: 20_000,
  });
  expect(await accessibilityFaults(phone.page)).toEqual([]);

  const operator = await openPhone(example.url, "elena");
  const place = await until(
    async () => {
      const { sessions } = await operator.get<SessionsAnswer>("/api/sessions");
      return sessions.find(({ userId, lastLocation }) => userId === "mei" && lastLocation)?.lastLocation;
    },
    { what: "the operator knows where the driver is", withinMs: 15_000 },
  );
  await operator.send("POST /api/hazards", { kind: "debris", note: "A ladder", ...place });
  await phone.page.getByLabel("Notices").getByText("Debris ahead").waitFor();
  await desk.page
    .getByRole("button", { name: /^Debris/ })
    .first()
    .waitFor({ state: "attached" });
  operator.client.close();

  await phone.page.getByRole("button", { name: "Stop driving" }).click();
  await phone.page.getByRole("button", { name: "Start driving" }).waitFor();
  for (const window of [desk, phone]) {
    expect(window.faults).toEqual([]);
    expect(await window.isUntouched()).toBe(true);
  }
});

test("with the keyboard alone one finds a road in the list, reads its details and reports a hazard", async () => {
  const { page, faults } = await open("Tom Okafor");
  await tabTo(page, "Roads");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Roads", level: 1 }).waitFor();
  await tabTo(page, "Street");
  await page.keyboard.type("peacock");
  await until(async () => (await page.getByRole("row").count()) === 4, {
    what: "three roads fit",
    withinMs: 3_000,
  });
  expect(await accessibilityFaults(page)).toEqual([]);
  await tabTo(page, "Peacock Avenue");
  await page.keyboard.press("Enter");
  const details = page.getByRole("complementary", { name: "Peacock Avenue" });
  await details.getByText("Latest observations").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Report a hazard" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("ArrowRight");
  await tabTo(page, "Anything that helps (optional)");
  await page.keyboard.type("Behind the bend");
  await page.keyboard.press("Enter");
  await page
    .getByLabel("Notices")
    .getByText(/^Debris/)
    .waitFor();
  expect(faults).toEqual([]);
});

test("a link to a hazard leads to its sign, which stands in the middle of the map then", async () => {
  const { page } = await open("Asha Verma");
  const { hazards } = (await (await fetch(`${example.url}/api/hazards`)).json()) as HazardsAnswer;
  await page.goto(`${example.url}/?hazard=${hazards[0]!.id}`);
  await page.getByRole("button", { name: "It is gone" }).waitFor();
  const map = (await page.locator(".map").boundingBox())!;
  const isInMiddle = (tip: { x: number; y: number }): boolean =>
    Math.hypot(tip.x - map.x - map.width / 2, tip.y - map.y - map.height / 2) < 10;
  await until(
    async () => {
      const signs = await Promise.all((await page.locator(".sign").all()).map((sign) => sign.boundingBox()));
      return signs.some((sign) => sign && isInMiddle({ x: sign.x + sign.width / 2, y: sign.y + 31 }));
    },
    { what: "a sign stands in the middle", withinMs: 5_000 },
  );
  expect(await page.getByRole("complementary").getByText(hazards[0]!.reporter.name).count()).toBe(1);
});

test("a grade that is taken away fades from the map, and an operator sees who is connected", async () => {
  const { page, faults } = await open("Elena Petrova");
  const smooth = page.getByRole("checkbox", { name: /^Smooth/ });
  await smooth.uncheck();
  expect(await smooth.isChecked()).toBe(false);
  await page.getByRole("link", { name: "Connections" }).click();
  await page.getByRole("list", { name: "Sockets" }).getByText("Elena Petrova").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
});
