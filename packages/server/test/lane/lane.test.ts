import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import type { Express, RequestHandler } from "express";
import { afterEach, expect, test } from "vitest";
import { cached, liveRoutes } from "../../src/express/express.ts";
import type { CachedOptions } from "../../src/express/express.ts";
import { createLive } from "../../src/index.ts";
import { createLane } from "../../src/lane/lane.ts";
import type { LaneOptions } from "../../src/lane/lane.ts";

interface User {
  readonly userId: string;
  readonly role: string;
}

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** An application with sessions in a map, middleware that guards, and one cached route. */
async function openSite(
  options: CachedOptions<never> = { ttl: "1h", vary: ["role"] },
  laneOptions: LaneOptions<User> = {},
  before: readonly RequestHandler[] = [],
) {
  const sessions = new Map<string, User>();
  const identify = ({ headers }: { headers: Readonly<Record<string, unknown>> }): User | undefined =>
    sessions.get(String(headers["cookie"] ?? "").replace("sid=", ""));
  const live = createLive({ identify, logger: { warn: () => undefined } });
  const lane = createLane(live, laneOptions);
  const counts = { framework: 0, handler: 0 };
  const app: Express = express();
  app.use((_req, res, next) => {
    counts.framework++;
    res.set("Content-Security-Policy", "default-src 'self'");
    next();
  });
  app.use(liveRoutes(live), ...before);
  app.get("/summary", cached(live, { ...options, lane } as never), (_req, res) => {
    counts.handler++;
    res.json({ made: counts.handler });
  });
  const server = createServer(app);
  lane.attach(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    lane.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await live.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = async (headers: Record<string, string> = {}, method = "GET") => {
    const response = await fetch(`${origin}/summary`, { headers, method });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  /** Asks until the framework has answered twice alike from memory, so that the next one is the lane's. */
  const settle = async (headers: Record<string, string> = {}) => {
    for (let time = 0; time < 3; time++) await get(headers);
    counts.framework = 0;
  };
  return { live, lane, sessions, counts, get, settle, server };
}

const ANA = { cookie: "sid=1" };
const guard =
  (
    site: () => { sessions: Map<string, User> },
    allowed: (user: User | undefined) => boolean,
  ): RequestHandler =>
  (req, res, next) => {
    const user = site().sessions.get((req.headers.cookie ?? "").replace("sid=", ""));
    if (allowed(user)) next();
    else res.status(403).json({ error: "forbidden" });
  };

/** A site whose middleware lets managers in. */
async function openGuarded(
  laneOptions: LaneOptions<User> = {},
  allowed = (user?: User) => user?.role === "manager",
) {
  const site: Awaited<ReturnType<typeof openSite>> = await openSite(undefined, laneOptions, [
    guard(
      () => site,
      (user) => allowed(user),
    ),
  ]);
  site.sessions.set("1", { userId: "ana", role: "manager" });
  await site.settle(ANA);
  return site;
}

test("what the framework has let through twice is answered without it, with the same headers", async () => {
  const site = await openSite();
  const first = await site.get();
  await site.settle();
  const hit = await site.get();
  expect(site.counts).toEqual({ framework: 0, handler: 1 });
  expect(site.lane.figures()).toMatchObject({ answered: 2 });
  expect([hit.status, hit.body]).toEqual([200, first.body]);
  for (const name of [
    "content-type",
    "etag",
    "content-security-policy",
    "x-powered-by",
    "vary",
    "live-query",
  ]) {
    expect([name, hit.headers.get(name)]).toEqual([name, first.headers.get(name)]);
  }
  expect(hit.headers.get("cache-status")).toMatch(/hit.*detail=hit-near/);
});

test("HEAD, revalidation and encodings are answered by the lane", async () => {
  const site = await openSite();
  await site.settle();
  const { headers } = await site.get();
  const notModified = await site.get({ "if-none-match": headers.get("etag")! });
  expect([notModified.status, notModified.body]).toEqual([304, ""]);
  expect(site.counts.framework).toBe(0);
  for (let time = 0; time < 2; time++) await site.get({}, "HEAD");
  site.counts.framework = 0;
  const head = await site.get({}, "HEAD");
  expect([head.status, head.body, head.headers.get("content-length")]).toEqual([200, "", "10"]);
  expect(site.counts.framework).toBe(0);
});

test("a change is obeyed at once: the framework makes the new response", async () => {
  const site = await openSite({ ttl: "1h", tags: ["t"] });
  await site.settle();
  await site.live.change({ tags: ["t"] });
  expect((await site.get()).body).toBe('{"made":2}');
  expect(site.counts.framework).toBe(1);
  expect(site.lane.figures()).toMatchObject({ missed: 1 });
});

test("sign-out: a session that has ended is not answered", async () => {
  const site = await openGuarded();
  expect((await site.get(ANA)).status).toBe(200);
  expect(site.counts.framework).toBe(0);
  site.sessions.delete("1");
  expect((await site.get(ANA)).status).toBe(403);
  expect(site.lane.figures()).toMatchObject({ answered: 1, identityChanged: 1 });
});

test("a revoked token, and a token that nobody ever had, are not answered", async () => {
  const site = await openGuarded();
  expect((await site.get({ cookie: "sid=2" })).status).toBe(403);
  expect((await site.get()).status).toBe(403);
  site.sessions.set("1", { userId: "bo", role: "manager" });
  await site.get(ANA);
  expect(site.lane.figures()).toMatchObject({ answered: 0, identityChanged: 1 });
});

test("a changed role is not answered with what the old one could read", async () => {
  const site = await openGuarded();
  site.sessions.set("1", { userId: "ana", role: "student" });
  expect((await site.get(ANA)).status).toBe(403);
  site.sessions.set("1", { userId: "ana", role: "manager" });
  expect((await site.get(ANA)).status).toBe(200);
});

test("what identify cannot see is said by admit: a ban of one of those who share a response", async () => {
  const bans = new Set<string>();
  const free = (user?: User): boolean => user?.role === "manager" && !bans.has(user.userId);
  const site = await openGuarded({ admit: free }, free);
  bans.add("ana");
  expect((await site.get(ANA)).status).toBe(403);
  expect(site.lane.figures()).toMatchObject({ answered: 0, notAdmitted: 1 });
});

test("another address, header, method or query goes to the framework", async () => {
  const site = await openSite();
  await site.settle();
  await site.get({ "user-agent": "robot" });
  await site.get({ range: "bytes=0-1" });
  await site.get({ "x-forwarded-for": "10.0.0.9" });
  await site.get({}, "POST");
  expect(site.counts.framework).toBe(4);
  expect(site.lane.figures()).toMatchObject({ answered: 0 });
});

test("what is different for each response cannot be repeated: cookies, and headers that change", async () => {
  const cookie = await openSite(undefined, {}, [
    (_req, res, next) => {
      res.cookie("seen", "1");
      next();
    },
  ]);
  await cookie.settle();
  expect((await cookie.get()).headers.get("set-cookie")).toMatch(/^seen=1/);
  let nonce = 0;
  const changing = await openSite(undefined, {}, [
    (_req, res, next) => {
      res.set("X-Nonce", String(++nonce));
      next();
    },
  ]);
  await changing.settle();
  expect((await changing.get()).headers.get("x-nonce")).toBe(String(nonce));
  expect([cookie.counts.framework, changing.counts.framework]).toEqual([1, 1]);
});

test("an identify or an admit that fails leaves the answer to the framework", async () => {
  let isBroken = false;
  const site = await openSite(undefined, {
    admit() {
      if (isBroken) throw new Error("no database");
      return true;
    },
  });
  await site.settle();
  isBroken = true;
  expect((await site.get()).status).toBe(200);
  expect(site.counts.framework).toBe(1);
});

test("an admit that takes its time is waited for", async () => {
  const bans = new Set<string>();
  const site = await openSite(undefined, { admit: async () => !bans.has("all") });
  await site.settle();
  await site.get();
  expect(site.counts.framework).toBe(0);
  bans.add("all");
  await site.get();
  expect(site.counts.framework).toBe(1);
  expect(site.lane.figures()).toMatchObject({ answered: 1, notAdmitted: 1 });
});

test("a pass ends after its time", async () => {
  const site = await openSite(undefined, { passFor: "30ms" });
  await site.settle();
  await expect
    .poll(async () => {
      await site.get();
      return site.counts.framework;
    })
    .toBeGreaterThan(0);
});

test("two nodes: what one has changed, the other's lane does not answer to who knows of it", async () => {
  const site = await openSite({ ttl: "1h", tags: ["t"] });
  await site.settle();
  const { position } = await site.live.change({ tags: ["t"] });
  const { headers } = await site.get({ "live-position": `${position!.epoch}.${position!.seq}` });
  expect(headers.get("cache-status")).toMatch(/detail=changed/);
});

test("close gives the server back, and attaching to a server without a framework is refused", async () => {
  const site = await openSite();
  await site.settle();
  site.lane.close();
  site.lane.close();
  await site.get();
  expect(site.counts.framework).toBe(1);
  expect(() => site.lane.attach(createServer())).toThrow(/attach the lane last/);
});

test.each([
  [{ admit: true }, /admit: expected a function/],
  [{ passFor: "61s" }, /passFor: expected at most a minute/],
  [{ ignoreHeaders: "x" }, /ignoreHeaders: expected a list/],
  [{ maxBytes: 1 }, /maxBytes/],
  [{ admitt: () => true }, /Did you mean "admit"/],
])("%j is refused by name", async (fault, message) => {
  const live = createLive({ logger: { warn: () => undefined } });
  closers.push(() => live.close());
  expect(() => createLane(live, fault as LaneOptions)).toThrow(message);
});
