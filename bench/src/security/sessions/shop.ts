import { createServer } from "node:http";
import express from "express";
import session from "express-session";
import type { Store } from "express-session";
import { listening } from "../../realtime/sites/listening.ts";
import { SECRET } from "../secret.ts";
import { LIFETIME_MS, sessionData } from "./session-side.ts";

declare module "express-session" {
  interface SessionData {
    [field: string]: unknown;
  }
}

/** Requests that write at once wait for each other, so that all have read before the first saves. */
const WRITERS = 3;

/** Opens an application on express-session. Every request reads the session; only what changes it saves it. */
export async function openShop(store: Store): Promise<{ readonly port: number; close(): void }> {
  const app = express();
  app.use(
    session({
      store,
      secret: SECRET,
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: LIFETIME_MS },
    }),
  );
  app.post("/sign-in/:user", (request, response) => {
    Object.assign(request.session, sessionData(request.params.user));
    response.json({ id: request.sessionID });
  });
  app.get("/page", (request, response) => void response.json({ user: request.session["userId"] ?? null }));
  const waiting = new Map<string, (() => void)[]>();
  app.post("/set/:field", async (request, response) => {
    const mine = waiting.get(request.sessionID) ?? [];
    waiting.set(request.sessionID, mine);
    await new Promise<void>((resolve) => {
      if (mine.push(resolve) < WRITERS) return;
      waiting.delete(request.sessionID);
      for (const go of mine) go();
    });
    request.session[request.params.field] = "kept";
    response.json({});
  });
  app.get("/fields", (request, response) => {
    const names = Object.keys(request.session).filter((name) => name.startsWith("field-"));
    response.json({ fields: names.length });
  });
  const http = createServer(app);
  return {
    port: await listening(http, 0),
    close() {
      http.closeAllConnections();
      http.close();
    },
  };
}
