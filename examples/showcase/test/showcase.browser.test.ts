import { openBrowser, until } from "@livecache/rig";
import { accessibilityFaults } from "example-kit/testing/accessibility.ts";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ExhibitsAnswer, LifeAnswer } from "../src/answers.ts";
import { report, row, seatOn, takeSeat } from "./support/seat.ts";
import { ask, startShowcase, throwSwitch } from "./support/start-showcase.ts";
import type { PlainRequest } from "./support/start-showcase.ts";

let browser: Browser;
let showcase: ExampleProcess;

beforeAll(async () => {
  [browser, showcase] = await Promise.all([openBrowser(), startShowcase("main", {})]);
}, 120_000);

afterAll(() => Promise.all([browser?.close(), showcase?.kill()]));

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

async function get<Answer>(path: string): Promise<Answer> {
  return JSON.parse((await ask(showcase.url, { path })).text) as Answer;
}

test("all five applications run, each with the two people who are to be opened side by side", async () => {
  const { exhibits } = await get<ExhibitsAnswer>("/api/exhibits");
  expect(exhibits.map(({ name, failure, pair }) => [name, failure, pair.map(({ seat }) => seat)])).toEqual([
    ["hostel", undefined, ["asha", "grace"]],
    ["parts", undefined, ["lucia", "nadia"]],
    ["roads", undefined, ["asha", "elena"]],
    ["trainer", undefined, ["mia", "nora"]],
    ["school", undefined, ["hana", "lena"]],
  ]);
});

test("every seat of every application lets its person in", async () => {
  const { exhibits } = await get<ExhibitsAnswer>("/api/exhibits");
  const seats = exhibits.flatMap(({ name, people }) => people.map(({ seat }) => `${seat}.${name}.localhost`));
  const entered = await Promise.all(seats.map((host) => ask(showcase.url, { path: "/~enter", host })));
  expect(entered.map(({ status, headers }) => [status, headers["location"]])).toEqual(
    seats.map(() => [303, "/"]),
  );
  const signedIn = await Promise.all(
    entered.map(({ headers }, index) => {
      const cookie = [headers["set-cookie"] ?? []].flat().map((line) => line.split(";")[0]);
      return ask(showcase.url, {
        path: "/api/session",
        host: seats[index]!,
        headers: { cookie: cookie.join("; ") },
      });
    }),
  );
  expect(signedIn.map(({ text }) => (JSON.parse(text) as { person: unknown }).person)).not.toContain(null);
});

test("one click opens two people of one browser; what one does, the other shows", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(showcase.url);
  const popups: Promise<unknown>[] = [];
  const opened = new Promise<void>((resolve) => {
    context.on("page", (popup) => {
      popups.push(popup.waitForLoadState());
      if (popups.length === 2) resolve();
    });
  });
  await page.getByRole("button", { name: "Asha and Grace, side by side" }).click();
  await opened;
  const find = (seat: string) => context.pages().find((one) => one.url().includes(`//${seat}.hostel`))!;
  await until(() => find("asha") && find("grace"), { what: "both windows are somewhere", withinMs: 10_000 });
  const [asha, grace] = await Promise.all([seatOn(find("asha")), seatOn(find("grace"))]);

  await report(asha, "Tap leaks in the showcase");
  await row(grace, "Tap leaks in the showcase").waitFor({ timeout: 5_000 });
  await row(grace, "Tap leaks in the showcase").getByRole("button").click();
  await row(asha, "Tap leaks in the showcase").getByText("In progress").waitFor({ timeout: 5_000 });
  for (const seat of [asha, grace]) {
    expect(seat.faults).toEqual([]);
    expect(await seat.isUntouched()).toBe(true);
  }
});

test("where names lead nowhere, a seat leads to the port of the application, signed in", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("http://probe.localhost*/**", (route) => route.abort());
  await page.goto(showcase.url);
  await page.getByText("private window").waitFor();
  expect(await page.getByRole("button", { name: /side by side/ }).count()).toBe(0);
  const [window] = await Promise.all([
    context.waitForEvent("page"),
    page
      .getByRole("list", { name: "Be somebody in Hostel Desk" })
      .getByRole("link", { name: "Elena Petrova" })
      .click(),
  ]);
  const seat = await seatOn(window);
  const { exhibits } = await get<ExhibitsAnswer>("/api/exhibits");
  expect(window.url()).toContain(`http://localhost:${exhibits[0]!.port}/`);
  expect(await seat.page.getByText("Elena Petrova").count()).toBeGreaterThan(0);
});

test("the button makes life happen in all applications that are chosen, and stops it", async () => {
  const page = await browser.newPage();
  await page.goto(showcase.url);
  const context = await browser.newContext();
  const management = await takeSeat(context, showcase.url, "elena.hostel");
  await page.getByRole("button", { name: "Make life happen" }).click();
  const feed = page.getByRole("list", { name: "What people do" });
  for (const title of ["Hostel Desk", "Line Check", "Road Watch", "Personal Trainer", "School Day"]) {
    await feed.getByText(title).first().waitFor({ timeout: 20_000 });
  }
  const news = management.page.getByLabel("Notices").getByRole("button", { name: "Dismiss" });
  await news.first().waitFor({ timeout: 20_000 });

  await page.getByRole("checkbox", { name: "Road Watch" }).uncheck();
  await until(async () => !(await get<LifeAnswer>("/api/life")).alive.includes("roads"), {
    what: "nobody drives any more",
    withinMs: 5_000,
  });
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Make life happen" }).waitFor();
  expect((await get<LifeAnswer>("/api/life")).alive).toEqual([]);
  expect(await management.isUntouched()).toBe(true);
});

test.each([
  ["a desktop, light", { viewport: { width: 1280, height: 800 }, colorScheme: "light" }],
  ["a phone, dark", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
] as const)("the page is for everybody: %s", async (_name, options) => {
  const page = await browser.newPage(options);
  await page.goto(showcase.url);
  await page.locator("#stage").waitFor();
  await page.getByText("npm run start:cluster").waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
});

const NOT_HERE = /at http:\/\/localhost/;

test.each([
  {
    from: "another host name, as a rebound name has it",
    asked: { host: "evil.example" },
    told: [403, NOT_HERE],
  },
  {
    from: "another site",
    asked: { headers: { origin: "http://evil.example", "sec-fetch-site": "cross-site" } },
    told: [403, /own pages/],
  },
  { from: "a proxy", asked: { headers: { "x-forwarded-for": "10.0.0.1" } }, told: [403, NOT_HERE] },
  { from: "this machine, without a Redis", asked: {}, told: [409, /npm run start:cluster/] },
  {
    from: "this machine, with another wish",
    asked: { body: { act: "flush" } },
    told: [400, /expected one of stop, .*received \\"flush/],
  },
] as const)("a switch thrown from $from is refused", async ({ asked, told: [status, words] }) => {
  const stop = { method: "POST", path: "/api/redis", body: { act: "stop" } };
  const answer = await ask(showcase.url, { ...stop, ...(asked as Partial<PlainRequest>) });
  expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(words)]);
});

test("consoles open at this machine only", async () => {
  const [here, elsewhere] = await Promise.all([
    ask(showcase.url, { path: "/console/hostel/api/nodes" }),
    ask(showcase.url, { path: "/console/hostel/api/nodes", host: "evil.example" }),
  ]);
  expect([here.status, elsewhere.status]).toEqual([200, 403]);
  expect(JSON.parse(here.text)).toMatchObject({ nodes: [{ pid: expect.any(Number) }] });
});

test("seats and applications that there are not are said plainly", async () => {
  const hosts = ["nobody.hostel.localhost", "shop.localhost"];
  const answers = await Promise.all(hosts.map((host) => ask(showcase.url, { path: "/~enter", host })));
  expect(answers.map(({ status, text }) => [status, text.includes("There is nothing here")])).toEqual([
    [404, true],
    [404, true],
  ]);
  await expect(throwSwitch(showcase.url, "/api/life", { applications: ["shop"] })).rejects.toThrow(
    /404.*shop/,
  );
  await expect(throwSwitch(showcase.url, "/api/nodes/Node%201", { act: "kill" })).rejects.toThrow(/409/);
});
