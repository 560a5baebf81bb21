import express from "express";
import type { Express } from "express";
import session from "express-session";
import { pageRoutes, securityHeaders } from "example-kit/pages";
import { answerProblem, notFound } from "example-kit/problem";
import { warmingRoutes } from "example-kit/warming";
import type { Warming } from "example-kit/warming";
import { guard, identityOf, liveErrors, liveRoutes, sameOriginWrites } from "livecache/express";
import { operations } from "livecache/operations";
import { sessionSettings } from "livecache/session";
import type { SessionCookie } from "livecache/session";
import { auditRoutes } from "./api/audits.ts";
import { plantRoutes } from "./api/plant.ts";
import { sessionRoutes } from "./api/session.ts";
import { talkRoutes } from "./api/talk.ts";
import type { Database } from "./database/database.ts";
import type { PartsLive, Who } from "./live.ts";
import { SESSION_LIFE } from "./session.ts";

/** Folder of the built web pages (`npm run build:web`). */
const WEB = new URL("../dist-web", import.meta.url);

/** What the routes work with. */
export interface AppParts {
  readonly db: Database;
  readonly live: PartsLive;
  readonly cookie: SessionCookie;
  readonly warming: Warming;
}

/** The whole HTTP side: the API under `/api`, `/health`, and the web pages everywhere else. */
export function createApp(parts: AppParts): Express {
  const { live, cookie, warming } = parts;
  const onlyAdmins = guard(live, { roles: ["admin"] });
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(securityHeaders);
  app.get("/health", (_request, response) => {
    response.json({ status: "ok", node: live.node, ground: live.status().state });
  });
  app.use(
    "/api",
    sameOriginWrites(),
    session(sessionSettings(live, { ...cookie, ...SESSION_LIFE })),
    express.json({ limit: "64kb" }),
    liveRoutes(live),
    sessionRoutes(parts),
    guard(live),
    plantRoutes(parts),
    auditRoutes(parts),
    talkRoutes(parts),
  );
  app.use("/api", warmingRoutes(warming, onlyAdmins), onlyAdmins, operationRoutes(live), notFound);
  app.use(pageRoutes(WEB));
  app.use(liveErrors(), answerProblem);
  return app;
}

/** What administrators see of caches, Redis and sockets on all nodes, as the console reads it. */
function operationRoutes(live: PartsLive): express.RequestHandler {
  const router = express.Router();
  const handler = operations(live, {
    guard: (request) => ({ name: identityOf<Who>(request).name, role: "act" }),
  });
  router.use("/operations", handler);
  return router;
}
