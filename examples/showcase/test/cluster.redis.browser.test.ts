import { connect } from "node:net";
import { openBrowser, until } from "@livecache/rig";
import type { ExampleProcess } from "example-kit/testing/example-process.ts";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GroundState, StageAnswer } from "../src/answers.ts";
import { report, row, takeSeat } from "./support/seat.ts";
import type { SeatWindow } from "./support/seat.ts";
import { ask, startShowcase, throwSwitch } from "./support/start-showcase.ts";

let browser: Browser;
let cluster: ExampleProcess;
let context: BrowserContext;
let asha: SeatWindow;
let grace: SeatWindow;

beforeAll(async () => {
  const started = startShowcase("cluster/main", { APPLICATIONS: "hostel,parts" });
  [browser, cluster] = await Promise.all([openBrowser(), started]);
  context = await browser.newContext();
  asha = await takeSeat(context, cluster.url, "asha.hostel");
  grace = await takeSeat(context, cluster.url, "grace.hostel");
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

async function stage(): Promise<StageAnswer> {
  return JSON.parse((await ask(cluster.url, { path: "/api/stage" })).text) as StageAnswer;
}

/** What happened since a switch was thrown, as soon as this is part of it. */
async function untilTold(since: number, words: RegExp): Promise<readonly string[]> {
  return until(
    async () => {
      const told = (await stage()).happenings.filter(({ id }) => id > since).map((one) => one.words);
      return told.some((one) => words.test(one)) ? told : undefined;
    },
    { what: `it is told: ${words.source}`, withinMs: 20_000 },
  );
}

/** Waits until every node says so of Redis. On a busy machine one may have lost it before it was taken away. */
async function untilAll(wanted: GroundState): Promise<void> {
  const grounds = async () => (await stage()).nodes.map(({ name, ground }) => `${name}: ${ground}`);
  const all = [1, 2, 3].map((number) => `Node ${number}: ${wanted}`);
  await expect.poll(grounds, { timeout: 20_000 }).toEqual(all);
}

const lastId = async (): Promise<number> => Math.max(0, ...(await stage()).happenings.map(({ id }) => id));

async function expectUntouched(): Promise<void> {
  for (const seat of [asha, grace]) {
    expect(seat.faults).toEqual([]);
    expect(await seat.isUntouched()).toBe(true);
  }
}

test("a page of the showcase kills Redis and starts it again: nodes notice, windows go on, and show the same in the end", async () => {
  const page = await context.newPage();
  await page.goto(cluster.url);
  await untilAll("here");
  const before = await lastId();
  await page.getByRole("button", { name: "Kill Redis" }).click();
  await untilAll("away");
  await untilTold(before, /noticed after .* that Redis is away/);
  await page.getByText("without Redis").nth(2).waitFor();
  await report(asha, "Reported without Redis");
  await row(asha, "Reported without Redis").waitFor();

  await page.getByRole("button", { name: "Start Redis again" }).click();
  await untilAll("here");
  await untilTold(before, /works with Redis again, .* after its return/);
  await row(grace, "Reported without Redis").waitFor({ timeout: 10_000 });
  await report(asha, "Reported with Redis again");
  await row(grace, "Reported with Redis again").waitFor({ timeout: 5_000 });
  await untilTold(before, /^Meanwhile visitors asked \d+ times: .*the slowest answer took \d+ ms$/);
  await page.getByRole("list", { name: "What happened" }).getByText("Meanwhile visitors asked").waitFor();
  await expectUntouched();
});

test("a frozen Redis is noticed, and thawed it is used again", async () => {
  await untilAll("here");
  const before = await lastId();
  await throwSwitch(cluster.url, "/api/redis", { act: "freeze" });
  await untilAll("away");
  await expect(throwSwitch(cluster.url, "/api/redis", { act: "stop" })).rejects.toThrow(/Redis is frozen/);
  await throwSwitch(cluster.url, "/api/redis", { act: "thaw" });
  await untilAll("here");
  await untilTold(before, /works with Redis again/);
  await expectUntouched();
});

test("a node that is killed takes no window with it: its connections go on with the others, and it comes back", async () => {
  await untilAll("here");
  const { nodes } = await stage();
  const victim = nodes.toSorted((a, b) => b.sockets! - a.sockets!)[0]!;
  expect(victim.sockets).toBeGreaterThan(0);
  const before = await lastId();
  const path = `/api/nodes/${encodeURIComponent(victim.name)}`;
  await throwSwitch(cluster.url, path, { act: "kill" });
  await untilTold(before, /went on with other nodes, after \d+ ms/);
  await report(asha, "Reported with two nodes");
  await row(grace, "Reported with two nodes").waitFor({ timeout: 10_000 });

  await throwSwitch(cluster.url, path, { act: "start" });
  await untilTold(before, new RegExp(`^${victim.name} is up`));
  const again = (await stage()).nodes.find(({ name }) => name === victim.name)!;
  expect([again.state, again.pid === victim.pid]).toEqual(["running", false]);
  await expectUntouched();
});

test("a node that ends by itself is started again", async () => {
  const before = await lastId();
  const { name, pid } = (await stage()).nodes[0]!;
  process.kill(pid!, "SIGKILL");
  const told = await untilTold(before, new RegExp(`^${name} is up`));
  expect(told).toContain(`${name} ended by itself, and is started again`);
});

test("the console of an application knows all nodes", async () => {
  await untilAll("here");
  const running = (await stage()).nodes.map(({ pid }) => pid!).toSorted();
  const known = async (): Promise<number[]> => {
    const { text } = await ask(cluster.url, { path: "/console/hostel/api/nodes" });
    const { nodes } = JSON.parse(text) as { nodes: readonly { pid: number }[] };
    return nodes.map(({ pid }) => pid).toSorted();
  };
  await expect.poll(known, { timeout: 10_000 }).toEqual(running);
});

test("SIGTERM ends everything: no node and no Redis is left", async () => {
  const { nodes, redis } = await stage();
  expect(await cluster.stop()).toBe(0);
  const left = nodes.filter(({ pid }) => isRunning(pid!));
  expect(left).toEqual([]);
  await expect(isListening(redis.port!)).resolves.toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}
