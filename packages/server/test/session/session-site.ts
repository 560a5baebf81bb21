import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import express from "express";
import type { Express, RequestHandler } from "express";
import session from "express-session";
import type { SessionOptions } from "express-session";
import { onTestFinished } from "vitest";
import { liveErrors } from "../../src/express/express.ts";
import type { SessionHost } from "../../src/http/session-saves.ts";
import { sessionSettings, signIn, signOut, signOutEverywhere } from "../../src/session/session.ts";
import type { SessionSettings } from "../../src/session/session.ts";

export const SECRET = "kR7v-2mPq9_zXw4LtB8nYc1Hs6Jd3GfA";

/** Anything a test leaves in a session. */
type Fields = Record<string, unknown>;

/** A browser with one cookie jar. */
export interface Browser {
  /** Name and value of the cookies it has. */
  cookie: string;
  /** Asks, keeps the cookies that are set, and answers. */
  ask(path: string, init?: RequestInit): Promise<{ status: number; body: any; setCookie: string | null }>;
}

/** A browser that asks as a proxy in front of the server would, over TLS. */
export function openBrowser(url: string, cookie = ""): Browser {
  const browser: Browser = {
    cookie,
    async ask(path, init = {}) {
      const headers: Record<string, string> = { "x-forwarded-proto": "https" };
      if (browser.cookie !== "") headers["cookie"] = browser.cookie;
      const response = await fetch(`${url}${path}`, {
        ...init,
        headers: { ...headers, ...(init.headers as object) },
      });
      const setCookie = response.headers.get("set-cookie");
      if (setCookie !== null) browser.cookie = setCookie.split(";")[0]!;
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text), setCookie };
    },
  };
  return browser;
}

/** Listens with an application whose sessions are kept as the options say. */
export async function serve(options: SessionOptions, routes: (app: Express) => void): Promise<string> {
  const app = express();
  app.set("trust proxy", 1);
  app.use(session(options));
  routes(app);
  app.use(liveErrors());
  const server = createServer(app);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Settings of the store of ours, for a test. */
export function ours(live: SessionHost, settings: Partial<SessionSettings> = {}): SessionOptions {
  return sessionSettings(live, { secret: SECRET, ...settings });
}

/** Waits until a test lets it go on. */
export function openLatch() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let enter = (): void => undefined;
  const entered = new Promise<void>((resolve) => (enter = resolve));
  return { open: () => open(), opened, enter: () => enter(), entered };
}

/** Routes that most tests need: `/see`, `/put?name=value`, `/hold?name=value` which waits for the latch, and signing in and out. */
export function usualRoutes(live: SessionHost | undefined, latch = openLatch()): (app: Express) => void {
  const put: RequestHandler = (req, _res, next) => {
    Object.assign(req.session, req.query);
    next();
  };
  const see: RequestHandler = (req, res) => {
    const { cookie: _cookie, ...data } = req.session as unknown as Fields;
    res.json({ id: req.sessionID, ...data });
  };
  return (app) => {
    app.get("/see", see);
    app.get("/put", put, see);
    app.get(
      "/hold",
      put,
      async (_req, _res, next) => {
        latch.enter();
        await latch.opened;
        next();
      },
      see,
    );
    app.get(
      "/sign-in",
      async (req, _res, next) => {
        await signIn(req, { userId: String(req.query["user"]), keep: ["cart"] });
        next();
      },
      see,
    );
    // What applications write that do not know better.
    app.get(
      "/naive-sign-in",
      (req, _res, next) => {
        Object.assign(req.session, { userId: req.query["user"] });
        next();
      },
      see,
    );
    app.get("/sign-out", async (req, res) => {
      await signOut(req);
      res.json({ ended: true });
    });
    app.get("/naive-sign-out", (req, res, next) =>
      req.session.destroy((error) => (error ? next(error) : res.json({ ended: true }))),
    );
    app.get("/everywhere", async (req, res) => {
      res.json({ ended: live ? await signOutEverywhere(live, String(req.query["user"])) : 0 });
    });
  };
}
