import express from "express";
import type { Express } from "express";
import { pageRoutes, securityHeaders } from "example-kit/pages";
import { answerProblem, notFound } from "example-kit/problem";
import { liveErrors, liveRoutes, sameOriginWrites } from "livecache/express";
import { hazardRoutes } from "./api/hazards.ts";
import { health } from "./api/health.ts";
import { observationRoutes } from "./api/observations.ts";
import { operatorRoutes } from "./api/operator.ts";
import { regionRoutes } from "./api/regions.ts";
import { segmentRoutes } from "./api/segments.ts";
import { sessionRoutes } from "./api/session.ts";
import type { AppParts } from "./app-parts.ts";

/** Folder of the built web pages (`npm run build:web`). */
const WEB = new URL("../dist-web", import.meta.url);

/** The whole HTTP side: the API under `/api`, `/health`, and the web pages everywhere else. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.use(securityHeaders);
  app.get("/health", health(parts));
  app.use(
    "/api",
    sameOriginWrites(),
    express.json({ limit: "64kb" }),
    liveRoutes(parts.live),
    sessionRoutes(parts),
    segmentRoutes(parts),
    observationRoutes(parts),
    hazardRoutes(parts),
    regionRoutes(parts),
    operatorRoutes(parts),
    notFound,
  );
  app.use(pageRoutes(WEB));
  app.use(liveErrors(), answerProblem);
  return app;
}
