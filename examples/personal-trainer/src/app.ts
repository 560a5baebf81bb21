import express from "express";
import type { Express } from "express";
import { pageRoutes, securityHeaders } from "example-kit/pages";
import { answerProblem, notFound } from "example-kit/problem";
import { guard, liveErrors, liveRoutes, sameOriginWrites } from "livecache/express";
import { metricsRoutes } from "./api/metrics.ts";
import { profileRoutes } from "./api/profile.ts";
import { progressRoutes } from "./api/progress.ts";
import { resetRoutes } from "./api/reset.ts";
import { sessionRoutes } from "./api/session.ts";
import { clientRoutes, sessionsRoutes } from "./api/trainer.ts";
import { commentRoutes, workoutRoutes } from "./api/workouts.ts";
import type { AppParts } from "./app-parts.ts";

/** Folder of the built web pages (`npm run build:web`). */
const WEB = new URL("../dist-web", import.meta.url);

/** The whole HTTP side: the API under `/api`, `/health`, and the web pages everywhere else. */
export function createApp(parts: AppParts): Express {
  const { live } = parts;
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
    express.json({ limit: "64kb" }),
    liveRoutes(live),
    sessionRoutes(parts),
    resetRoutes(parts),
    guard(live),
    progressRoutes(parts),
    workoutRoutes(parts),
    commentRoutes(parts),
    profileRoutes(parts),
    clientRoutes(parts),
    sessionsRoutes(parts),
    metricsRoutes(parts),
    notFound,
  );
  app.use(pageRoutes(WEB));
  app.use(liveErrors(), answerProblem);
  return app;
}
