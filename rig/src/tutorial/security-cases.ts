import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import type { SessionOptions } from "express-session";
import { sessionSettings } from "livecache/session";
import { until } from "../until.ts";
import { connectByHand } from "./by-hand.ts";
import { SECRET, openOurs } from "./our-node.ts";
import { ask, openLatch, serve } from "./site.ts";
import type { Site } from "./site.ts";
import type { Outcome, TutorialCase } from "./tutorial-case.ts";

const TOKENS = Array.from({ length: 200 }, (_, index) => `token-${index}`);
const HOUR_SECONDS = 3_600;

/** Signed out, and then Redis comes back empty. */
async function blacklistByHand(site: Site): Promise<Outcome> {
  const client = await connectByHand(site);
  for (const token of TOKENS) await client.setEx(`blacklist:${token}`, HOUR_SECONDS, "1");
  await site.redis.restart();
  const pong = async (): Promise<boolean> => client.isReady && String(await client.ping()) === "PONG";
  await until(pong, { what: "the client is connected again", withinMs: 10_000 });
  const isRevoked = await Promise.all(TOKENS.map((token) => client.exists(`blacklist:${token}`)));
  return accepted(isRevoked.filter((there) => there === 0).length);
}

async function blacklistOurs(site: Site): Promise<Outcome> {
  const live = await openOurs(site);
  const expiresAt = Date.now() + HOUR_SECONDS * 1_000;
  await Promise.all(TOKENS.map((token) => live.tokens.revoke(token, expiresAt)));
  await site.redis.restart();
  // A node that was not there before is judged as well: it has nothing but what Redis is given back.
  const nodes = [live, await openOurs(site)];
  const valid = new Set<string>();
  const look = (): boolean => {
    for (const { tokens } of nodes) {
      for (const jti of TOKENS) if (tokens.check({ jti }) === "valid") valid.add(jti);
    }
    return nodes.every(({ tokens }) => tokens.check({ jti: "another" }) === "valid");
  };
  await until(look, { what: "both nodes vouch for tokens", withinMs: 15_000 });
  look();
  return accepted(valid.size);
}

function accepted(count: number): Outcome {
  return { isFailed: count > 0, told: `${count} of ${TOKENS.length} revoked tokens were accepted` };
}

async function sessionsByHand(site: Site): Promise<SessionOptions> {
  const store = new RedisStore({ client: await connectByHand(site) });
  return { store, secret: SECRET, resave: false, saveUninitialized: false };
}

async function sessionsOurs(site: Site): Promise<SessionOptions> {
  return sessionSettings(await openOurs(site), { secret: SECRET, plainHttp: true });
}

/** An application with sessions, and one browser that has one. */
async function openBrowser(site: Site, options: SessionOptions) {
  const latch = openLatch();
  const app = express();
  app.use(session(options));
  app.get("/put", (req, res) => {
    Object.assign(req.session, req.query);
    res.json({});
  });
  app.get("/slow", async (req, res) => {
    Object.assign(req.session, req.query);
    await latch.pass();
    res.json({});
  });
  app.get("/sign-out", (req, res, next) =>
    req.session.destroy((error) => (error ? next(error) : res.json({}))),
  );
  app.get("/see", (req, res) => {
    const { cookie: _cookie, ...data } = req.session;
    res.json(data);
  });
  const url = await serve(site, app);
  const first = await fetch(`${url}/put?name=ana`);
  await first.text();
  const cookie = first.headers.get("set-cookie")!.split(";")[0]!;
  return { latch, get: async (path: string) => (await ask(`${url}${path}`, { headers: { cookie } })).body };
}

/** Two requests at a time that change different properties. */
async function lostUpdate(site: Site, options: SessionOptions): Promise<Outcome> {
  const { get, latch } = await openBrowser(site, options);
  const slow = get("/slow?theme=dark");
  await latch.entered;
  await get("/put?cart=3");
  latch.open();
  await slow;
  const seen = await get("/see");
  return {
    isFailed: !("cart" in seen && "theme" in seen),
    told: `the session holds ${JSON.stringify(seen)}`,
  };
}

/** A request that is under way while its user signs out. */
async function revived(site: Site, options: SessionOptions): Promise<Outcome> {
  const { get, latch } = await openBrowser(site, options);
  const slow = get("/slow?theme=dark");
  await latch.entered;
  await get("/sign-out");
  latch.open();
  await slow;
  const seen = await get("/see");
  return { isFailed: "name" in seen, told: `after signing out the cookie opens ${JSON.stringify(seen)}` };
}

/** What becomes of tokens and sessions. */
export const SECURITY_CASES: readonly TutorialCase[] = [
  {
    name: "blacklist",
    fault: "revoked tokens are accepted once Redis has come back empty",
    guarantee: "G6",
    byHand: blacklistByHand,
    ours: blacklistOurs,
  },
  {
    name: "session-update",
    fault: "of two requests at a time, one undoes what the other saved in the session",
    guarantee: "Sessions",
    byHand: async (site) => lostUpdate(site, await sessionsByHand(site)),
    ours: async (site) => lostUpdate(site, await sessionsOurs(site)),
  },
  {
    name: "session-revived",
    fault: "a slow request brings a session back that was signed out",
    guarantee: "Sessions",
    byHand: async (site) => revived(site, await sessionsByHand(site)),
    ours: async (site) => revived(site, await sessionsOurs(site)),
  },
];
