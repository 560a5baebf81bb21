import { Router } from "express";
import { guard, identityOf } from "livecache/express";
import { z } from "zod";
import type { ObservationsAnswer } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";
import { toSpot } from "../city/geometry.ts";
import { addObservations } from "../store/segments.ts";

const HOUR_MS = 3_600_000;
const observation = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  speedKmh: z.number().min(0).max(300),
  vibration: z.number().min(0).max(50),
  /** A phone that had no network tells later; nothing older than an hour, or of the future. */
  at: z.iso.datetime().optional(),
});
const report = z.object({ observations: z.array(observation).min(1).max(60) });

/** What phones feel of the roads. The server decides which segment that was. */
export function observationRoutes({ db, live, city }: AppParts): Router {
  const router = Router();
  router.post("/observations", guard(live), async (request, response) => {
    const { userId: driverId } = identityOf(request);
    const told = report.parse(request.body).observations;
    const felt = told.flatMap(({ at, vibration, speedKmh, ...place }) => {
      const segmentId = city.nearest(toSpot(place))?.id;
      return segmentId ? [{ segmentId, driverId, vibration, speedKmh, at: momentOf(at) }] : [];
    });
    const changed = felt.length > 0 ? await addObservations(db, felt) : [];
    if (changed.length > 0) {
      await live.change({ tags: ["segments", ...changed.map(({ id }) => `segment:${id}`)] });
    }
    response.status(201).json({
      accepted: felt.length,
      offRoad: told.length - felt.length,
      segments: changed,
    } satisfies ObservationsAnswer);
  });
  return router;
}

function momentOf(at: string | undefined): Date {
  const now = Date.now();
  return new Date(Math.max(now - HOUR_MS, Math.min(now, at ? Date.parse(at) : now)));
}
