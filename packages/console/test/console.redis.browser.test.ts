import { createRequire } from "node:module";
import { openBrowser, startRedis, until } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import type { AuditReport } from "@livecache/wire";
import { openRedis } from "livecache/redis";
import { accessibilityFaults, tabTo } from "example-kit/testing/accessibility.ts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { makeLife, openNode, report } from "./support/site.ts";
import type { SiteNode } from "./support/site.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const DESKTOP = { viewport: { width: 1280, height: 860 }, colorScheme: "light" } as const;
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: "dark" } as const;

let browser: Browser;
let redis: RedisProcess;
let nodes: readonly [SiteNode, SiteNode];
let people: Awaited<ReturnType<typeof makeLife>>;
const faults: string[] = [];

beforeAll(async () => {
  [browser, redis] = await Promise.all([openBrowser(), startRedis()]);
  const open = async () => openNode(await openRedis(redis.url));
  nodes = [await open(), await open()];
  people = await makeLife(nodes);
});

afterAll(async () => {
  await browser?.close();
  for (const person of people ?? []) person.close();
  await Promise.all((nodes ?? []).map((node) => node.close()));
  await redis?.close();
});

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

async function openConsole(operator: "ada" | "otto", options: BrowserContextOptions, path = "overview") {
  const context = await browser.newContext(options);
  await context.addCookies([{ name: "operator", value: operator, url: nodes[0].url }]);
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.goto(`${nodes[0].console}#/${path}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

/** What axe, and the kit's own look, have against a page. */
async function objections(page: Page): Promise<readonly string[]> {
  // Playwright adds it past the content policy, which lets no page load it.
  await page.evaluate(await axeSource());
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes: where }) => `${id}: ${where[0]?.html.slice(0, 160)}`);
  });
  return [...found, ...(await accessibilityFaults(page))];
}

let source: string | undefined;
async function axeSource(): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  return (source ??= await readFile(AXE, "utf8"));
}

/** Each page, and something on it that comes from the nodes. */
const PAGES = [
  ["overview", "All is well: 2 nodes on Redis"],
  ["feed", "mei connected"],
  ["caches", "hostel:*:name"],
  ["keys", "hostel:12:name"],
  ["keys/key?key=hostel:12:name", "Hostel 12"],
  ["tags", "hostel:5"],
  ["tags/tag?tag=hostel:5", "hostel:5:name"],
  ["changes", "hostel:9"],
  ["users", "samuel"],
  ["users/user?id=mei", "1 session"],
  ["sockets", "hostel/1"],
  ["channels", "hostel/2"],
  ["channels/channel?channel=hostel/1", "people"],
  ["map", "in u33"],
  ["nodes", "process"],
  ["ground", "noeviction"],
  ["audit", "Newest first"],
  ["nowhere", "There is no such page"],
] as const;

test.each([
  ["a desktop", DESKTOP, objections],
  // What axe looks for is the same there; it takes its time.
  ["a phone", PHONE, accessibilityFaults],
] as const)("on %s every page shows what is there, and keeps nobody out", async (...[, options, judge]) => {
  await report(nodes[0], 9);
  const page = await openConsole("ada", options);
  const found: string[] = [];
  for (const [path, words] of PAGES) {
    await page.goto(`${nodes[0].console}#/${path}`);
    await page.getByText(words).and(page.locator(":visible")).first().waitFor();
    found.push(...(await judge(page)).map((objection) => `${path}: ${objection}`));
  }
  expect(found).toEqual([]);
  expect(faults).toEqual([]);
});

test("a change is followed from the write to the first fresh read, on both nodes", async () => {
  const [a, b] = nodes;
  const { changeId } = await report(a, 1);
  const watching = people.filter(({ hostel }) => hostel === 1);
  await Promise.all(watching.map((person) => person.watch()));
  const page = await openConsole("otto", DESKTOP, `changes/trace?change=${changeId}`);
  await page.getByRole("heading", { name: "hostel:1 changed" }).waitFor();
  const story = page.getByRole("list", { name: "What became of it" });
  await story.getByText("2 of 2").waitFor();
  await story.getByText("sockets in 1 room").waitFor();
  for (const node of [a, b]) {
    const lane = page.getByRole("region", { name: `Node ${node.live.node}` });
    await lane.getByText(/^applied after /).waitFor();
    await lane.getByText("created to 1 member of hostel/1").waitFor();
    await lane.getByText(/^1 of 1 screens show it/).waitFor();
    await lane.getByText(/^http:hostels:1:issues.* answered after /).waitFor();
  }
  await page
    .getByRole("region", { name: `Node ${a.live.node}` })
    .getByText("made it")
    .waitFor();
  expect(await objections(page)).toEqual([]);
});

test("a tag is changed with the keyboard: its effect is seen before, and a line stands in the audit after", async () => {
  const [a, b] = nodes;
  const page = await openConsole("ada", DESKTOP, "tags/tag?tag=hostel:7");
  await page.getByText("hostel:7:name").waitFor();
  await tabTo(page, "Change it");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Change hostel:7" });
  await dialog.getByText(/drops 4 entries from the memories of 2 nodes/).waitFor();
  expect(await objections(page)).toEqual([]);
  expect(await dialog.getByRole("button", { name: "Change", exact: true }).isDisabled()).toBe(true);
  await tabTo(page, "Why?");
  await page.keyboard.type("The data was mended by hand");
  await tabTo(page, "Change");
  await page.keyboard.press("Enter");
  await page.getByText("Changed, on every node.").waitFor();
  await dialog.waitFor({ state: "detached" });
  await until(async () => (await b.live.why("hostel:7:name")).far !== "absent", {
    what: "it is told",
    withinMs: 5_000,
  });
  const { lines } = (await b.live.admin.audit()) as AuditReport;
  expect(lines[0]).toMatchObject({
    ...{ node: a.live.node, operator: "Ada Lovelace", action: "change", target: { tags: ["hostel:7"] } },
    ...{ reason: "The data was mended by hand", outcome: { scope: "cluster" } },
  });
  await page.goto(`${a.console}#/audit`);
  await page.getByText("The data was mended by hand").waitFor();
});

test("somebody is disconnected and signed out, and whoever only looks on can do none of it", async () => {
  const page = await openConsole("ada", PHONE, "users/user?id=elena");
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByText("ends 1 session, on every device").waitFor();
  await page.getByLabel("Why?").fill("She has lost her phone");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("elena is signed out: 1 session ended.").waitFor();
  await page.getByText(/^Tokens issued up to .* are refused\.$/).waitFor();
  await page.getByText("No session").waitFor();

  const other = await openConsole("otto", DESKTOP, "users/user?id=mei");
  await other.getByText("1 session").first().waitFor();
  await other.getByText("looks on, and may not act").and(other.locator(":visible")).waitFor();
  const acts = other.getByRole("button", { name: /Sign out|Disconnect|End/ });
  expect(await acts.count()).toBe(0);
});

test("the feed tells what happens while one looks, by kind, and stands still while it is paused", async () => {
  const page = await openConsole("ada", DESKTOP, "feed");
  await page.getByText("mei connected").waitFor();
  await nodes[1].live.change({ tags: ["seen:at:once"] });
  await page.getByText("seen:at:once changed").waitFor();
  await page.getByLabel("change", { exact: true }).uncheck();
  await page.getByText("seen:at:once changed").waitFor({ state: "detached" });
  await page.getByLabel("change", { exact: true }).check();
  await page.getByRole("button", { name: "Pause" }).click();
  await nodes[1].live.change({ tags: ["while:it:stood"] });
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText("while:it:stood changed").waitFor();
});

test("what it costs is shown, and nothing is asked while nobody looks", async () => {
  const context = await browser.newContext(DESKTOP);
  await context.addCookies([{ name: "operator", value: "ada", url: nodes[0].url }]);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${nodes[0].console}#/nodes`);
  await page
    .getByText(/^This console cost [1-9]\d* requests?, \d/)
    .and(page.locator(":visible"))
    .waitFor();
  await page
    .getByText(/process \d+/)
    .first()
    .waitFor();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.clock.runFor(10_000);
  await until(() => asked.length > 0, { what: "it asks while somebody looks", withinMs: 5_000 });

  const look = (state: string): Promise<void> =>
    page.evaluate((visibility) => {
      Object.defineProperty(document, "visibilityState", { get: () => visibility, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await look("hidden");
  await page.clock.runFor(120_000);
  const before = asked.length;
  await page.clock.runFor(120_000);
  expect(asked.length).toBe(before);
  await look("visible");
  await until(() => asked.length > before, { what: "it asks again", withinMs: 5_000 });
});
