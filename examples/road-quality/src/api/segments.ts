import { Router } from "express";
import { Problem } from "example-kit/problem";
import { cached } from "livecache/express";
import type { DriversAnswer, SegmentAnswer, SegmentsAnswer } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";
import { listDrivers } from "../store/people.ts";
import { findSegment, listSegments } from "../store/segments.ts";

/** How the roads are. That is nobody's secret, and the same for everybody: maps are sent each change without asking. */
export function segmentRoutes({ db, live, city }: AppParts): Router {
  const router = Router();

  router.get(
    "/segments",
    cached(live, { ttl: "5m", tags: ["segments"], public: true, push: true }),
    async (_request, response) => {
      response.json({ segments: await listSegments(db) } satisfies SegmentsAnswer);
    },
  );

  router.get(
    "/segments/:id",
    cached(live, {
      ttl: "5m",
      tags: (request) => [`segment:${request.params["id"]}`],
      public: true,
      push: true,
    }),
    async (request, response) => {
      const { id } = request.params;
      const road = city.segment(id);
      const found = road && (await findSegment(db, id));
      if (!found) throw new Problem(404, "Not found", `There is no road segment "${id}".`);
      const segment = { ...found.segment, street: road.street, km: Math.round(road.km * 1_000) / 1_000 };
      response.json({ ...found, segment } satisfies SegmentAnswer);
    },
  );

  router.get("/drivers", cached(live, { ttl: "1h", public: true }), async (_request, response) => {
    response.json({ drivers: await listDrivers(db) } satisfies DriversAnswer);
  });

  return router;
}
