import { Router } from "express";
import { Problem } from "example-kit/problem";
import { cached, guard, identityOf } from "livecache/express";
import { z } from "zod";
import type { HazardWritten, HazardsAnswer } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";
import { CITY_AREA } from "../city/area.ts";
import { toSpot } from "../city/geometry.ts";
import type { Visitor } from "../session.ts";
import { clearHazard, createHazard, listHazards } from "../store/hazards.ts";
import { HAZARD_KINDS } from "../vocabulary.ts";

const outside = "That is outside the city.";
const newHazard = z.object({
  kind: z.enum(HAZARD_KINDS),
  note: z.string().trim().max(200).default(""),
  latitude: z.number().min(CITY_AREA.south, outside).max(CITY_AREA.north, outside),
  longitude: z.number().min(CITY_AREA.west, outside).max(CITY_AREA.east, outside),
});
const hazardId = z.coerce
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);

/** What lies in the way. Whoever drives in that region, or in one beside it, is warned at once. */
export function hazardRoutes({ db, live, city }: AppParts): Router {
  const router = Router();
  const around = (cell: string): string[] => [cell, ...live.regions.neighbours(cell)];

  router.get(
    "/hazards",
    cached(live, { ttl: "5m", tags: ["hazards"], public: true, push: true }),
    async (_request, response) => {
      response.json({ hazards: await listHazards(db, city) } satisfies HazardsAnswer);
    },
  );

  router.post("/hazards", guard(live), async (request, response) => {
    const { userId, name } = identityOf<Visitor>(request);
    const input = newHazard.parse(request.body);
    const hazard = await createHazard(
      db,
      {
        ...input,
        cell: live.regions.cellOf(input),
        segmentId: city.nearest(toSpot(input))?.id ?? null,
        reporter: { id: userId, name },
      },
      city,
    );
    await live.change({
      tags: ["hazards"],
      emit: around(hazard.cell).map((cell) =>
        live.event("region/:cell", { cell }, "hazard_reported", hazard),
      ),
    });
    response.status(201).json({ hazard } satisfies HazardWritten);
  });

  router.delete("/hazards/:id", guard(live), async (request, response) => {
    const id = hazardId.parse(request.params["id"]);
    const cleared = await clearHazard(db, id);
    if (!cleared) throw new Problem(404, "Not found", `There is no hazard ${id}, or it is gone already.`);
    await live.change({
      tags: ["hazards"],
      emit: around(cleared.cell).map((cell) =>
        live.event("region/:cell", { cell }, "hazard_cleared", { id }),
      ),
    });
    response.json({ id });
  });

  return router;
}
