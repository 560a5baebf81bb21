import { Router } from "express";
import { cached } from "livecache/express";
import type { Hostel, HostelsAnswer } from "../answers.ts";
import type { Database } from "../database/database.ts";
import type { HostelLive } from "../live.ts";
import { maySeeHostel } from "../permissions.ts";
import { listHostels } from "../store/hostels.ts";
import { personOf } from "./guard.ts";
import { Problem } from "example-kit/problem";

/** The hostels there are. */
export function hostelRoutes({ db, live }: { db: Database; live: HostelLive }): Router {
  const router = Router();
  router.get(
    "/hostels",
    cached(live, { ttl: "1h", tags: ["hostels"], vary: ["role", "hostelId"] }),
    async (_request, response) => {
      const person = personOf(response);
      const hostels = await findHostels(db, live);
      response.json({
        hostels: hostels.filter(({ id }) => maySeeHostel(person, id)),
      } satisfies HostelsAnswer);
    },
  );
  return router;
}

/**
 * Every hostel, or the one with this id, from the cache.
 *
 * @throws Problem 404 when there is no such hostel
 */
export async function findHostels(db: Database, live: HostelLive, id?: string): Promise<Hostel[]> {
  const hostels = await live.cache.getOrSet("hostels", () => listHostels(db), { ttl: "1h" });
  if (!id) return hostels;
  const found = hostels.filter((hostel) => hostel.id === id);
  if (found.length === 0) throw new Problem(404, "Not found", `There is no hostel "${id}".`);
  return found;
}
