import express from "express";
import type { Express, RequestHandler } from "express";
import { defineKey } from "livecache";
import { cached, liveErrors } from "livecache/express";
import { cacheMiddleware, clearCache, connectByHand, deletePattern } from "./by-hand.ts";
import { openOurs } from "./our-node.ts";
import { ask, openLatch, serve } from "./site.ts";
import type { Site } from "./site.ts";
import type { Outcome, TutorialCase } from "./tutorial-case.ts";

const PATH = "/api/dashboard/summary";
const FIVE_MINUTES = 300;
const USERS = 20;
const ENTRIES = 50;

/** How one side caches a route, and what it does after a write. */
interface Cached {
  readonly route: RequestHandler;
  readonly afterWrite: () => Promise<unknown>;
}

async function byHand(site: Site): Promise<Cached> {
  const client = await connectByHand(site);
  return {
    route: cacheMiddleware(client, FIVE_MINUTES),
    afterWrite: () => clearCache(client, PATH),
  };
}

async function ours(site: Site): Promise<Cached> {
  const live = await openOurs(site);
  return {
    route: cached(live, { ttl: "5m", tags: ["issues"] }) as RequestHandler,
    afterWrite: () => live.change({ tags: ["issues"] }),
  };
}

/** A load that is under way while something is written, and ends after it. */
async function slowLoad(site: Site, { route, afterWrite }: Cached): Promise<Outcome> {
  const latch = openLatch();
  let row = "old";
  let loads = 0;
  const url = await serveRoute(site, route, async (_req, res) => {
    loads++;
    const read = row;
    await latch.pass();
    res.json({ row: read });
  });
  const slow = ask(url);
  await latch.entered;
  row = "new";
  await afterWrite();
  latch.open();
  await slow;
  const answers = [await ask(url), await ask(url), await ask(url)].map(({ body }) => body["row"]);
  if (loads > 2) throw new Error(`nothing was cached: ${loads} loads`);
  return { isFailed: answers.includes("old"), told: `answers after the write: ${answers.join(", ")}` };
}

/** One URL, asked for by several users. */
async function ownAnswers(site: Site, route: RequestHandler): Promise<Outcome> {
  let loads = 0;
  const url = await serveRoute(site, route, (req, res) => {
    loads++;
    res.json({ progressOf: req.headers.authorization });
  });
  let wrong = 0;
  for (let asked = 0; asked < USERS * 2; asked++) {
    const authorization = `user-${asked % USERS}`;
    const { body } = await ask(url, { headers: { authorization } });
    if (body["progressOf"] !== authorization) wrong++;
  }
  if (loads > USERS) throw new Error(`nothing was cached: ${loads} loads`);
  return { isFailed: wrong > 0, told: `${wrong} of ${USERS * 2} answers were another user's` };
}

/** A route that fails once. */
async function oneFailure(site: Site, { route }: Cached): Promise<Outcome> {
  let loads = 0;
  const url = await serveRoute(site, route, (_req, res) => {
    if (loads++ > 0) res.json({ open: 3 });
    else res.status(500).json({ error: "the database is away" });
  });
  await ask(url);
  const { status, body } = await ask(url);
  return { isFailed: "error" in body, told: `the next answer: ${status} ${JSON.stringify(body)}` };
}

/** A user's id that is a star. */
async function starByHand(site: Site): Promise<Outcome> {
  const client = await connectByHand(site);
  for (let user = 0; user < ENTRIES; user++) await client.setEx(`user:${user}:progress`, FIVE_MINUTES, "1");
  await saveProfileOf("*", site, (userId) => deletePattern(client, `user:${userId}:*`));
  const left = await client.keys("user:*");
  return lost(left.length);
}

async function starOurs(site: Site): Promise<Outcome> {
  const { cache } = await openOurs(site);
  const keys = defineKey("user:{userId}:{what}");
  const progress = Array.from({ length: ENTRIES }, (_, userId) => keys.key({ userId, what: "progress" }));
  for (const key of progress) await cache.set(key, 1, { ttl: "5m" });
  await saveProfileOf("*", site, (userId) => cache.deletePattern(keys.pattern({ userId })));
  const left = await Promise.all(progress.map((key) => cache.has(key)));
  return lost(left.filter(Boolean).length);
}

function lost(left: number): Outcome {
  return { isFailed: left < ENTRIES, told: `${ENTRIES - left} of ${ENTRIES} entries of others were deleted` };
}

/** What somebody sends who may choose the id in the path. */
async function saveProfileOf(
  userId: string,
  site: Site,
  afterWrite: (userId: string) => Promise<unknown>,
): Promise<void> {
  const app = express();
  app.put("/api/users/:userId", async (req, res) => {
    await afterWrite(req.params.userId);
    res.json({});
  });
  const { status } = await ask(`${await serve(site, app)}/api/users/${userId}`, { method: "PUT" });
  if (status !== 200) throw new Error(`the profile was not saved: ${status}`);
}

async function serveRoute(site: Site, route: RequestHandler, handler: RequestHandler): Promise<string> {
  const app: Express = express();
  app.get(PATH, route, handler);
  app.use(liveErrors());
  return `${await serve(site, app)}${PATH}`;
}

/** What becomes of cached values. */
export const CACHE_CASES: readonly TutorialCase[] = [
  {
    name: "slow-load",
    fault: "a load that was under way puts the old value back after the cache was cleared",
    guarantee: "G1",
    byHand: async (site) => slowLoad(site, await byHand(site)),
    ours: async (site) => slowLoad(site, await ours(site)),
  },
  {
    name: "url-key",
    fault: "one user's response answers another's request for the same URL",
    guarantee: "G8",
    byHand: async (site) => ownAnswers(site, (await byHand(site)).route),
    ours: async (site) => {
      const live = await openOurs(site);
      return ownAnswers(site, cached(live, { ttl: "5m", vary: ["userId"] }) as RequestHandler);
    },
  },
  {
    name: "cached-error",
    fault: "the body of an error is kept, and answered with status 200",
    guarantee: "G8",
    byHand: async (site) => oneFailure(site, await byHand(site)),
    ours: async (site) => oneFailure(site, await ours(site)),
  },
  {
    name: "star-id",
    fault: "an id of * deletes the entries of everybody",
    guarantee: "Keys",
    byHand: starByHand,
    ours: starOurs,
  },
];
