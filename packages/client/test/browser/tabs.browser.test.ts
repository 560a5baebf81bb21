import { openBrowser } from "@livecache/rig";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { AnySubscription } from "../../src/channel-subscription.ts";
import type { LiveClient } from "../../src/client.ts";
import type { upload } from "../../src/upload.ts";
import { openSite } from "./unbundled-site.ts";
import type { Site } from "./unbundled-site.ts";

/** What the page of the site leaves on its window. */
declare const window: {
  readonly heard: number[];
  readonly resyncs: string[];
  readonly livecache: { readonly upload: typeof upload };
  readonly client: LiveClient;
  readonly room: AnySubscription;
  readonly query: { getSnapshot(): { readonly data: number } };
};

let browser: Browser;
let site: Site;
let context: BrowserContext;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  site = await openSite();
  context = await browser.newContext();
});
afterEach(async () => {
  await context.close();
  await site.close();
});

const until = (check: () => unknown, timeout = 10_000) => vi.waitFor(check, { timeout, interval: 10 });

async function openTab(hash = "#shared"): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.url + hash);
  await page.waitForFunction(() => window.client?.connection.getSnapshot().status === "online");
  await page.waitForFunction(() => window.query.getSnapshot().data !== undefined);
  return page;
}

/** Ticks until every page has heard one. */
async function tickUntilHeard(pages: readonly Page[]): Promise<void> {
  await until(async () => {
    await site.tick();
    const heard = await Promise.all(pages.map((page) => page.evaluate(() => window.heard.length)));
    expect(Math.min(...heard)).toBeGreaterThan(0);
  });
}

/** Expects that every page has heard every number from its first one on, once and in order, and shows the last. */
async function expectNothingLost(pages: readonly Page[]): Promise<void> {
  await until(async () => {
    for (const page of pages) {
      const { heard, resyncs, shown } = await page.evaluate(() => ({
        heard: window.heard,
        resyncs: window.resyncs,
        shown: window.query.getSnapshot().data,
      }));
      const first = heard[0]!;
      expect(resyncs).toEqual([]);
      expect(heard).toEqual(Array.from({ length: site.ticks() - first + 1 }, (_, at) => first + at));
      expect(shown).toBe(site.ticks());
    }
  });
}

test("without a bundler a page gets events and live data from an import map and built files", async () => {
  const page = await openTab("");
  await tickUntilHeard([page]);
  await expectNothingLost([page]);
  expect(site.sockets().now).toBe(1);
});

test("the page of the reference runs as it is written there", async () => {
  const page = await context.newPage();
  await page.goto(`${site.url}reference`);
  await page.getByText("0", { exact: true }).waitFor();
  await site.tick();
  await page.getByText("1", { exact: true }).waitFor();
});

test("an upload tells how far it is, and can be given up", async () => {
  const page = await openTab("");
  const { status, body, last, id } = await page.evaluate(async () => {
    const { livecache, client } = window;
    const seen: number[][] = [];
    const blob = new Blob([new Uint8Array(3_000_000)]);
    const onProgress = (loaded: number, total: number | undefined) => seen.push([loaded, total ?? -1]);
    const response = await livecache.upload(client, "/files", { body: blob, onProgress, id: "mine" });
    return {
      status: response.status,
      body: (await response.json()) as unknown,
      last: seen.at(-1),
      id: response.headers.get("x-upload-id"),
    };
  });
  expect({ status, body, last, id }).toEqual({
    status: 201,
    body: { bytes: 3_000_000 },
    last: [3_000_000, 3_000_000],
    id: "mine",
  });
  const reason = await page.evaluate(async () => {
    const { livecache, client } = window;
    const giving = new AbortController();
    const sent = livecache.upload(client, "/files", { body: "x", signal: giving.signal });
    giving.abort();
    return sent.catch((error: Error) => error.name);
  });
  expect(reason).toBe("AbortError");
});

test("ten tabs use one socket; when the leader's tab is killed the next takes over and nothing is lost", async () => {
  const leader = await openTab();
  const pages: Page[] = [];
  for (let count = 0; count < 9; count++) pages.push(await openTab());
  await tickUntilHeard([leader, ...pages]);
  await expectNothingLost([leader, ...pages]);
  expect(site.sockets()).toEqual({ now: 1, ever: 1 });

  const words = Array.from({ length: 30 }, (_, at) => `w${at}`);
  const sent = pages[4]!.evaluate(
    (all) => Promise.all(all.map((word) => window.room.send("say", word))),
    words,
  );
  const session = await context.newCDPSession(leader);
  session.send("Page.crash").catch(() => {});
  const killedAt = Date.now();
  await until(async () => {
    await site.tick();
    expect(site.sockets().ever).toBe(2);
  });
  await until(() => expect(site.sockets().now).toBe(1));
  const tookOverMs = Date.now() - killedAt;
  await site.tick();
  await expectNothingLost(pages);
  expect(tookOverMs).toBeLessThan(5_000);
  expect(await sent).toHaveLength(30);
  expect(site.said()).toEqual(words);
}, 120_000);

test("when the leader closes its client, or its tab, the others go on; the last one ends the socket", async () => {
  const first = await openTab();
  const second = await openTab();
  const third = await openTab();
  await tickUntilHeard([first, second, third]);
  await first.evaluate(() => window.client.close());
  await until(() => expect(site.sockets()).toEqual({ now: 1, ever: 2 }));
  await site.tick();
  await expectNothingLost([second, third]);
  await second.close();
  await until(() => expect(site.sockets()).toEqual({ now: 1, ever: 3 }));
  await site.tick();
  await expectNothingLost([third]);
  await third.close();
  await until(() => expect(site.sockets()).toEqual({ now: 0, ever: 3 }));
});

test("a leader that hangs is deposed by a tab that somebody sees", async () => {
  const leader = await openTab();
  const other = await openTab();
  await tickUntilHeard([leader, other]);
  void leader
    .evaluate(() => {
      const wakesAt = Date.now() + 7_000;
      while (Date.now() < wakesAt);
    })
    .catch(() => {});
  await other.bringToFront();
  await until(() => expect(site.sockets().ever).toBe(2), 8_000);
  await site.tick();
  await expectNothingLost([other]);
  await leader.waitForFunction(() => window.client.connection.getSnapshot().status === "online");
  await expectNothingLost([leader, other]);
  await until(() => expect(site.sockets().now).toBe(1));
}, 60_000);

test("tabs without locks have a socket each", async () => {
  await context.addInitScript(() => {
    Object.defineProperty(navigator, "locks", { value: undefined });
  });
  const pages = [await openTab(), await openTab()];
  await tickUntilHeard(pages);
  await expectNothingLost(pages);
  expect(site.sockets().now).toBe(2);
});
