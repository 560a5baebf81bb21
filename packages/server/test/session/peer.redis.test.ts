import { RedisStore } from "connect-redis";
import type { SessionOptions } from "express-session";
import { startRedis } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import { createClient } from "redis";
import { expect, onTestFinished, test, vi } from "vitest";
import { createLive } from "../../src/index.ts";
import { openRedis } from "../../src/redis/open.ts";
import { SECRET, openBrowser, openLatch, ours, serve, usualRoutes } from "./session-site.ts";

// What connect-redis 9 does, and what the store of Livecache does, with the same application, the same requests and the same Redis.

async function openRedisOfTest(config: readonly string[] = []): Promise<RedisProcess> {
  const redis = await startRedis({ config });
  onTestFinished(redis.close);
  return redis;
}

async function openNode({ url }: RedisProcess) {
  const live = createLive({
    ground: await openRedis(url, { commandTimeout: "2s" }),
    secret: SECRET,
    logger: { warn() {} },
  });
  onTestFinished(live.close);
  return live;
}

/** The settings that its manual gives, over a client of its own. */
async function peer({ url }: RedisProcess) {
  const client = createClient({ url, disableOfflineQueue: true });
  client.on("error", () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  const store = new RedisStore({ client });
  return { store, secret: SECRET, resave: false, saveUninitialized: false } satisfies SessionOptions;
}

async function both() {
  const redis = await openRedisOfTest();
  const live = await openNode(redis);
  const [peerLatch, latch] = [openLatch(), openLatch()];
  const peerUrl = await serve(await peer(redis), usualRoutes(undefined, peerLatch));
  const url = await serve(ours(live), usualRoutes(live, latch));
  return { redis, live, peerUrl, url, peerLatch, latch };
}

test("fixation: an id from before signing in is worth nothing afterwards", async () => {
  const { peerUrl, url } = await both();
  async function plant(at: string, signInAt: string) {
    const attacker = openBrowser(at);
    await attacker.ask("/put?planted=1");
    const victim = openBrowser(at, attacker.cookie);
    await victim.ask(signInAt);
    return (await attacker.ask("/see")).body;
  }
  expect(await plant(peerUrl, "/naive-sign-in?user=victim")).toMatchObject({ userId: "victim" });
  expect(await plant(url, "/sign-in?user=victim")).not.toHaveProperty("userId");
});

test("fixation by cookie toss: a cookie that another host of the domain has set beside it is not believed", async () => {
  const { peerUrl, url } = await both();
  async function toss(at: string, signInAt: string) {
    const [victim, attacker] = [openBrowser(at), openBrowser(at)];
    await victim.ask(`${signInAt}?user=victim`);
    await attacker.ask(`${signInAt}?user=attacker`);
    // A browser sends the cookie with the longer path first, and that is the tossed one.
    return (await openBrowser(at, `${attacker.cookie}; ${victim.cookie}`).ask("/see")).body;
  }
  expect(await toss(peerUrl, "/naive-sign-in")).toMatchObject({ userId: "attacker" });
  expect(await toss(url, "/sign-in")).not.toHaveProperty("userId");
});

test("revived session: what was ended while a request was on its way stays ended", async () => {
  const { peerUrl, url, peerLatch, latch } = await both();
  async function endMeanwhile(at: string, held: typeof latch) {
    const browser = openBrowser(at);
    await browser.ask("/put?name=ana");
    const { cookie } = browser;
    const slow = openBrowser(at, cookie).ask("/hold?cart=3");
    await held.entered;
    await browser.ask("/naive-sign-out");
    held.open();
    await slow;
    return (await openBrowser(at, cookie).ask("/see")).body;
  }
  expect(await endMeanwhile(peerUrl, peerLatch)).toMatchObject({ name: "ana" });
  expect(await endMeanwhile(url, latch)).not.toHaveProperty("name");
});

test("concurrent saves: nothing that one request saved is lost to another", async () => {
  const { peerUrl, url, peerLatch, latch } = await both();
  async function saveMeanwhile(at: string, held: typeof latch) {
    const browser = openBrowser(at);
    await browser.ask("/put?name=ana");
    const slow = openBrowser(at, browser.cookie).ask("/hold?theme=dark");
    await held.entered;
    await openBrowser(at, browser.cookie).ask("/put?cart=3");
    held.open();
    await slow;
    return (await openBrowser(at, browser.cookie).ask("/see")).body;
  }
  const lost = await saveMeanwhile(peerUrl, peerLatch);
  expect(lost).toMatchObject({ theme: "dark" });
  expect(lost).not.toHaveProperty("cart");
  expect(await saveMeanwhile(url, latch)).toMatchObject({ theme: "dark", cart: "3" });
});

test("sign-out everywhere: a store that does not know whose sessions are whose cannot do it", async () => {
  const { redis, live, url } = await both();
  const { store } = await peer(redis);
  expect(
    Object.keys(Object.getOwnPropertyDescriptors(RedisStore.prototype)).filter((name) =>
      /user|everywhere/i.test(name),
    ),
  ).toEqual([]);
  expect(store).not.toHaveProperty("endAll");
  const [phone, laptop] = [openBrowser(url), openBrowser(url)];
  for (const browser of [phone, laptop]) await browser.ask("/sign-in?user=ana");
  expect(await live.sessions.endAll("ana")).toBe(2);
  for (const browser of [phone, laptop])
    expect((await browser.ask("/see")).body).not.toHaveProperty("userId");
});

test("a write per request: requests that change nothing write nothing", async () => {
  const { redis, live, peerUrl, url } = await both();
  const [old, browser] = [openBrowser(peerUrl), openBrowser(url)];
  await old.ask("/put?name=ana");
  const { body } = await browser.ask("/put?name=ana");
  const expires = async () =>
    Number(/cmdstat_expire:calls=(\d+)/.exec(await redis.command("INFO commandstats"))?.[1] ?? 0);
  const before = await expires();
  for (let count = 0; count < 20; count++) await old.ask("/see");
  expect((await expires()) - before).toBe(20);
  const seen = await live.sessions.read(body.id);
  const spared = live.sessions.status().sparedTouches;
  for (let count = 0; count < 20; count++) await browser.ask("/see");
  expect(await live.sessions.read(body.id)).toEqual(seen);
  expect(live.sessions.status().sparedTouches - spared).toBe(20);
});

test("outage: known sessions are read from this node's copy, unknown ones fail with 503, and nobody is signed out", async () => {
  const { redis, live, url } = await both();
  const other = await openNode(redis);
  const known = openBrowser(url);
  await known.ask("/sign-in?user=ana");
  await known.ask("/see");
  const unknown = openBrowser(await serve(ours(other), usualRoutes(other)));
  await unknown.ask("/sign-in?user=ben");
  await redis.kill();
  await vi.waitFor(() => expect(live.status().state).not.toBe("up"));
  const read = await known.ask("/see");
  expect(read).toMatchObject({ status: 200, body: { userId: "ana" }, setCookie: null });
  const refused = await openBrowser(url, unknown.cookie).ask("/see");
  expect(refused).toMatchObject({ status: 503, setCookie: null });
  expect(refused.body.code).toMatch(/^LIVE_GROUND_/);
  const signIn = await openBrowser(url).ask("/sign-in?user=eve");
  expect(signIn).toMatchObject({ status: 503, setCookie: null });
});

test("migration: who signed in with connect-redis stays signed in when the store is swapped", async () => {
  const redis = await openRedisOfTest();
  const old = openBrowser(await serve(await peer(redis), usualRoutes(undefined)));
  const before = await old.ask("/naive-sign-in?user=ana");
  const live = await openNode(redis);
  const settings = ours(live, { name: "connect.sid", store: { connectRedis: true } });
  const browser = openBrowser(await serve(settings, usualRoutes(live)), old.cookie);
  expect((await browser.ask("/see")).body).toEqual({ id: before.body.id, userId: "ana" });
  expect((await browser.ask("/put?cart=3")).body).toMatchObject({ userId: "ana", cart: "3" });
  expect((await browser.ask("/see")).body).toEqual({ id: before.body.id, userId: "ana", cart: "3" });
  expect(await live.sessions.endAll("ana")).toBe(1);
  expect((await browser.ask("/see")).body).not.toHaveProperty("userId");
});

test("sessions survive a restart of the server, and of a Redis that keeps its data", async () => {
  const redis = await openRedisOfTest(["--appendonly", "yes", "--appendfsync", "always"]);
  const first = await openNode(redis);
  const browser = openBrowser(await serve(ours(first), usualRoutes(first)));
  await browser.ask("/sign-in?user=ana");
  await first.close();
  await redis.restart();
  const second = await openNode(redis);
  const again = openBrowser(await serve(ours(second), usualRoutes(second)), browser.cookie);
  expect((await again.ask("/see")).body).toMatchObject({ userId: "ana" });
  expect((await again.ask("/put?cart=3")).body).toMatchObject({ userId: "ana", cart: "3" });
});
