import { pageRoutes, securityHeaders } from "example-kit/pages";
import { answerProblem, notFound } from "example-kit/problem";
import type { Warming } from "example-kit/warming";
import express from "express";
import type { Express } from "express";
import { liveErrors, liveRoutes, sameOriginWrites } from "livecache/express";
import { createHealth } from "livecache/health";
import { attendanceRoutes } from "./api/attendance.ts";
import { cacheRoutes } from "./api/caches.ts";
import { dashboardRoutes } from "./api/dashboard.ts";
import { gradeRoutes } from "./api/grades.ts";
import { officeRoutes } from "./api/office.ts";
import { peopleRoutes } from "./api/people.ts";
import { sessionRoutes } from "./api/session.ts";
import type { SessionRouteParts } from "./api/session.ts";
import { threadRoutes } from "./api/threads.ts";
import type { Say } from "./threads.ts";

/** Folder of the built web pages (`npm run build:web`). */
const WEB = new URL("../dist-web", import.meta.url);

/** What the routes work with. */
export interface AppParts extends SessionRouteParts {
  readonly say: Say;
  readonly warming: Warming;
}

/** The whole HTTP side: the API under `/api`, `/health`, `/livez` and `/readyz`, and the web pages everywhere else. */
export function createApp(parts: AppParts): Express {
  const { live, db } = parts;
  const health = createHealth(live, { checks: { database: () => db.execute("select 1") } });
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(securityHeaders);
  app.get("/livez", health.livez);
  app.get("/readyz", health.readyz);
  app.get("/health", async (_request, response) => {
    response.json(await health.report());
  });
  app.use(
    "/api",
    sameOriginWrites(),
    express.json({ limit: "64kb" }),
    liveRoutes(live),
    sessionRoutes(parts),
    dashboardRoutes(parts),
    attendanceRoutes(parts),
    gradeRoutes(parts),
    threadRoutes(parts),
    officeRoutes(parts),
    peopleRoutes(parts),
    cacheRoutes(parts),
    notFound,
  );
  app.use(pageRoutes(WEB));
  app.use(liveErrors(), answerProblem);
  return app;
}
