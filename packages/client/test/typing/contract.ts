import { defineContract } from "@livecache/wire";
import { z } from "zod";

const issue = z.object({ id: z.number(), title: z.string() });

export const contract = defineContract({
  channels: {
    "hostel/:hostelId": { events: { new_issue: issue, issue_closed: z.object({ id: z.number() }) } },
    "person/:personId/device/:device": { events: { ping: z.string() } },
    "room/:roomId": {
      events: { said: z.string() },
      messages: { say: z.object({ text: z.string() }) },
      whispers: { pointing: z.object({ x: z.number() }) },
    },
    announcements: { events: { posted: z.string() } },
  },
});
