import { createServer } from "node:http";
import { RedisStore } from "connect-redis";
import express from "express";
import type { RequestHandler } from "express";
import session from "express-session";
import { jwtVerify } from "jose";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { createClient } from "redis";
import { SECRET } from "../secret.ts";
import { LIFETIME_MS, sessionData } from "../sessions/session-side.ts";
import { AMPLE, USER, WINDOW_S, answerItem, cookieOf, listeningSite } from "./guarded-site.ts";
import type { GuardedSite } from "./guarded-site.ts";
import { TOKEN_SECRET, tokenOf } from "./tokens.ts";

/** Limits by user with rate-limiter-flexible; `userOf` reads what the middleware before has found. */
function limitBy(
  client: unknown,
  userOf: (response: { locals: Record<string, unknown> }) => string,
): RequestHandler {
  const limiter = new RateLimiterRedis({
    storeClient: client,
    points: AMPLE,
    duration: WINDOW_S,
    useRedisPackage: true,
  });
  return async (_request, response, next) => {
    try {
      const { remainingPoints } = await limiter.consume(userOf(response));
      response.setHeader("RateLimit-Remaining", remainingPoints);
    } catch {
      return void response.status(429).end();
    }
    next();
  };
}

const whoIs = (response: { locals: Record<string, unknown> }): string => String(response.locals["user"]);

/** express-session with connect-redis, a look at the session, rate-limiter-flexible. */
export async function openSessionByHand(redisUrl: string): Promise<GuardedSite> {
  const client = await createClient({ url: redisUrl }).connect();
  const app = express();
  app.use(
    session({
      store: new RedisStore({ client }),
      secret: SECRET,
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: LIFETIME_MS },
    }),
  );
  app.post("/sign-in", (request, response) => {
    Object.assign(request.session, sessionData(USER));
    response.json({});
  });
  app.post("/sign-out", (request, response, next) => {
    request.session.destroy((error) => (error ? next(error) : response.json({})));
  });
  const guard: RequestHandler = (request, response, next) => {
    response.locals["user"] = request.session["userId"];
    if (response.locals["user"] === undefined) response.status(401).end();
    else next();
  };
  app.get("/item", guard, limitBy(client, whoIs), answerItem);
  const site = await listeningSite(createServer(app), {
    admitted: () => cookieOf(site.port, "/sign-in"),
    refused: async () => cookieOf(site.port, "/sign-out", await cookieOf(site.port, "/sign-in")),
    end: () => client.destroy(),
  });
  return site;
}

/** `jose`, an EXISTS on the blacklist for each request, rate-limiter-flexible. */
export async function openTokenByHand(redisUrl: string): Promise<GuardedSite> {
  const client = await createClient({ url: redisUrl }).connect();
  const secret = Buffer.from(TOKEN_SECRET);
  const app = express();
  const guard: RequestHandler = async (request, response, next) => {
    try {
      const token = request.headers.authorization?.slice("Bearer ".length) ?? "";
      const { payload } = await jwtVerify(token, secret, { algorithms: ["HS256"] });
      if ((await client.exists(`blacklist:${payload.jti}`)) > 0) return void response.status(401).end();
      response.locals["user"] = payload.sub;
    } catch {
      return void response.status(401).end();
    }
    next();
  };
  app.get("/item", guard, limitBy(client, whoIs), answerItem);
  return listeningSite(createServer(app), {
    admitted: () => tokenOf("good"),
    async refused() {
      await client.set("blacklist:bad", "1", { expiration: { type: "EX", value: WINDOW_S } });
      return tokenOf("bad");
    },
    end: () => client.destroy(),
  });
}
