import { Router } from "express";
import { cached, guard } from "livecache/express";
import type { Dashboard } from "../answers.ts";
import { planOf } from "../dashboards.ts";
import { whoOf } from "./guard.ts";
import type { RouteParts } from "./guard.ts";

/** The dashboard of whoever asks, kept for five minutes under the key of its role, and watched by the page that shows it. */
export function dashboardRoutes({ db, live }: RouteParts): Router {
  const router = Router();
  router.get(
    "/dashboard",
    guard(live),
    cached(live, {
      ttl: "5m",
      vary: ["userId", "role"],
      tags: (request) => {
        const { key, tags } = planOf(db, whoOf(request));
        return ["dashboard", key, ...tags];
      },
    }),
    async (request, response) => {
      const { key, tags, load } = planOf(db, whoOf(request));
      const dashboard = await live.cache.getOrSet(key, load, { ttl: { milliseconds: 5 * 60 * 1000 }, tags });
      response.json(dashboard satisfies Dashboard);
    },
  );
  return router;
}
