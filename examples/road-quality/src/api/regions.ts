import { Router } from "express";
import { cached, guard } from "livecache/express";
import type { MembersAnswer } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";
import { countRegions } from "../region-counts.ts";

/** Who is where. How many is for everybody, who exactly for operators. */
export function regionRoutes({ live }: AppParts): Router {
  const router = Router();

  router.get(
    "/regions",
    cached(live, { ttl: "1m", tags: ["regions"], public: true, push: true }),
    async (_request, response) => {
      response.json(await countRegions(live));
    },
  );

  router.get("/regions/:cell/members", guard(live, { roles: ["operator"] }), async (request, response) => {
    const { cell, members, scope } = await live.regions.members(String(request.params["cell"]));
    response.json({ cell, members, scope } satisfies MembersAnswer);
  });

  return router;
}
