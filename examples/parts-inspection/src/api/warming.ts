import { Router } from "express";
import type { WarmingAnswer } from "../answers.ts";
import type { Warming } from "../warming.ts";

/** Administrators fill the caches of the node that answers, and look on. */
export function warmingRoutes(warming: Warming): Router {
  const router = Router();
  router
    .route("/warming")
    .get((_request, response) => {
      response.json({ warming: warming.state() } satisfies WarmingAnswer);
    })
    .post((_request, response) => {
      warming.start();
      response.status(202).json({ warming: warming.state() } satisfies WarmingAnswer);
    });
  return router;
}
