import { Router } from "express";
import type { WarmingAnswer } from "../answers.ts";
import type { Warming } from "../warming.ts";
import { onlyRole } from "./guard.ts";

/** Management fills the caches of the node that answers, and looks on. */
export function warmingRoutes({ warming }: { warming: Warming }): Router {
  const router = Router();
  router
    .route("/warming")
    .all(onlyRole("management"))
    .get((_request, response) => {
      response.json({ warming: warming.state() } satisfies WarmingAnswer);
    })
    .post((_request, response) => {
      warming.start();
      response.status(202).json({ warming: warming.state() } satisfies WarmingAnswer);
    });
  return router;
}
