import { Router } from "express";
import { cached } from "livecache/express";
import { z } from "zod";
import type { AnnouncementsAnswer } from "../answers.ts";
import type { Database } from "../database/database.ts";
import type { HostelLive } from "../live.ts";
import { mayWorkIn } from "../permissions.ts";
import { createAnnouncement, listAnnouncements } from "../store/announcements.ts";
import { ALL_HOSTELS } from "../vocabulary.ts";
import { onlyOwnHostel, personOf } from "./guard.ts";
import { findHostels } from "./hostels.ts";
import { Problem } from "example-kit/problem";

const newAnnouncement = z.object({
  title: z.string().trim().min(4, "Please give it a title.").max(120),
  body: z.string().trim().min(1, "Please write what people should know.").max(2_000),
});

/** What wardens and management have to say. `all` in place of a hostel's id addresses every hostel. */
export function announcementRoutes({ db, live }: { db: Database; live: HostelLive }): Router {
  const router = Router();
  const path = "/hostels/:hostelId/announcements";

  router.get(
    path,
    onlyOwnHostel,
    cached(live, {
      ttl: "5m",
      tags: (request) => [`announcements:${request.params["hostelId"]}`, `announcements:${ALL_HOSTELS}`],
      vary: ["role", "hostelId"],
    }),
    async (request, response) => {
      const announcements = await listAnnouncements(db, request.params.hostelId);
      response.json({ announcements } satisfies AnnouncementsAnswer);
    },
  );

  router.post(path, onlyOwnHostel, async (request, response) => {
    const person = personOf(response);
    const input = newAnnouncement.parse(request.body);
    const { hostelId } = request.params;
    if (!mayWorkIn(person, hostelId)) {
      throw new Problem(403, "Not allowed", "Only wardens and management write announcements.");
    }
    const toAll = hostelId === ALL_HOSTELS;
    const hostels = await findHostels(db, live, toAll ? undefined : hostelId);
    const announcement = await createAnnouncement(db, person.userId, {
      ...input,
      hostelId: toAll ? null : hostelId,
    });
    await live.change({
      tags: [`announcements:${hostelId}`],
      emit: hostels.map(({ id }) =>
        live.event("hostel/:hostelId", { hostelId: id }, "new_announcement", announcement),
      ),
    });
    response.status(201).json({ message: "Announcement published", announcement });
  });

  return router;
}
