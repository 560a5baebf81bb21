import express from "express";
import type { Express } from "express";
import { liveErrors, liveRoutes, sameOriginWrites } from "livecache/express";
import { announcementRoutes } from "./api/announcements.ts";
import { dashboardRoutes } from "./api/dashboard.ts";
import { identifyPerson, onlyRole } from "./api/guard.ts";
import { hostelRoutes } from "./api/hostels.ts";
import { issueRoutes } from "./api/issues.ts";
import { pageRoutes, securityHeaders } from "example-kit/pages";
import { answerProblem, notFound } from "example-kit/problem";
import { warmingRoutes } from "example-kit/warming";
import type { Warming } from "example-kit/warming";
import { sessionRoutes } from "./api/session.ts";
import type { Database } from "./database/database.ts";
import type { HostelLive } from "./live.ts";
import type { Sessions } from "./session.ts";

/** Folder of the built web pages (`npm run build:web`). */
const WEB = new URL("../dist-web", import.meta.url);

/** What the routes work with. */
export interface AppParts {
  readonly db: Database;
  readonly live: HostelLive;
  readonly sessions: Sessions;
  readonly warming: Warming;
}

/** The whole HTTP side: the API under `/api`, `/health`, and the web pages everywhere else. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(securityHeaders);
  app.get("/health", (_request, response) => {
    response.json({ status: "ok", node: parts.live.node, ground: parts.live.status().state });
  });
  app.use(
    "/api",
    sameOriginWrites(),
    express.json({ limit: "64kb" }),
    identifyPerson(parts),
    liveRoutes(parts.live),
    sessionRoutes(parts),
    hostelRoutes(parts),
    issueRoutes(parts),
    announcementRoutes(parts),
    dashboardRoutes(parts),
    warmingRoutes(parts.warming, onlyRole("management")),
    notFound,
  );
  app.use(pageRoutes(WEB));
  app.use(liveErrors(), answerProblem);
  return app;
}
