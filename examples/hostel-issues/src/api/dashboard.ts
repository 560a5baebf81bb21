import { Router } from "express";
import { cached } from "livecache/express";
import type { Summary } from "../answers.ts";
import type { Database } from "../database/database.ts";
import type { HostelLive } from "../live.ts";
import { summarise } from "../store/summary.ts";
import { onlyRole } from "./guard.ts";

/** Management's view of all hostels. */
export function dashboardRoutes({ db, live }: { db: Database; live: HostelLive }): Router {
  const router = Router();
  router.get(
    "/dashboard/summary",
    onlyRole("management"),
    cached(live, { ttl: "5m", tags: ["dashboard"], vary: ["role"] }),
    async (_request, response) => {
      response.json((await summarise(db)) satisfies Summary);
    },
  );
  return router;
}
