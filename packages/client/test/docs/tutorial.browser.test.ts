import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, openBrowser, startRedis, until } from "@livecache/rig";
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { followChapter } from "./tutorial-files.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const BOUND = { withinMs: 15_000 };

/** The reader's folder, with what `npm install` would have put there. */
async function openFolder(): Promise<string> {
  const parent = join(HERE, "../../dist");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "tutorial-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(join(HERE, "../../../../node_modules"), join(folder, "node_modules"));
  return folder;
}

/** `node server.mjs`, as in the terminal of a reader. */
async function startServer(cwd: string, env: Record<string, string>) {
  const port = await freePort();
  const child = spawn(process.execPath, ["server.mjs"], {
    cwd,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  const ended = once(child, "exit");
  async function stop(): Promise<void> {
    child.kill("SIGKILL");
    await ended;
  }
  onTestFinished(stop);
  await until(() => output.includes("in two windows") || Promise.reject(new Error(output)), {
    what: "the server listens",
    ...BOUND,
  });
  return {
    port,
    url: `http://localhost:${port}/`,
    stop,
    loads: () => output.split("asked the database").length - 1,
  };
}

async function openWindows() {
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  return async (url: string): Promise<Page> => {
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByRole("status").filter({ hasText: "online" }).waitFor();
    return page;
  };
}

async function add(page: Page, text: string): Promise<void> {
  await page.getByPlaceholder("A note").fill(text);
  await page.getByRole("button", { name: "Add" }).click();
}

const shows = (page: Page, text: string): Promise<void> =>
  page.getByRole("listitem").filter({ hasText: text }).waitFor();

async function healthOf(url: string): Promise<unknown> {
  const response = await fetch(`${url}health`);
  return [response.status, ((await response.json()) as { status: string }).status];
}

test("the tutorial, chapter by chapter, as a reader does it", async () => {
  const folder = await openFolder();
  const open = await openWindows();

  expect(await followChapter(folder, "1-two-windows")).toBe(2);
  const alone = await startServer(folder, {});
  const [first, second] = [await open(alone.url), await open(alone.url)];
  const before = alone.loads();
  await add(first, "milk");
  await Promise.all([shows(first, "milk"), shows(second, "milk")]);
  await second.reload();
  await shows(second, "milk");
  expect(alone.loads()).toBe(before + 1);
  await Promise.all([first.close(), second.close(), alone.stop()]);

  expect(await followChapter(folder, "2-redis")).toBe(2);
  const redis = await startRedis();
  onTestFinished(redis.close);
  const env = { REDIS_URL: redis.url, LIVE_SECRET: "a-secret-of-at-least-32-characters" };
  const old = await startServer(folder, env);
  await shows(await open(old.url), "milk");
  await old.stop();

  expect(await followChapter(folder, "3-second-node")).toBe(1);
  expect(await followChapter(folder, "4-outage")).toBe(2);
  const nodes = [await startServer(folder, env), await startServer(folder, env)] as const;
  const [here, there] = [await open(nodes[0].url), await open(nodes[1].url)];
  await Promise.all([shows(here, "milk"), shows(there, "milk")]);
  const loads = (): number => nodes[0].loads() + nodes[1].loads();
  expect(loads()).toBe(0);
  await add(there, "bread");
  await Promise.all([shows(here, "bread"), shows(there, "bread")]);
  expect(loads()).toBe(1);

  await redis.kill();
  await until(async () => String(await healthOf(nodes[0].url)) === "200,degraded", {
    what: "the outage is noticed",
    ...BOUND,
  });
  await add(here, "apples");
  await shows(here, "apples");
  await redis.restart();
  await shows(there, "apples");
  await until(async () => String(await healthOf(nodes[1].url)) === "200,ok", {
    what: "it is over",
    ...BOUND,
  });
}, 180_000);
