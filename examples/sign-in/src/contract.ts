import { defineContract } from "livecache";
import { z } from "zod";

/** What an open page of somebody hears. */
export const contract = defineContract({
  channels: { "account/:userId": { events: { role_changed: z.object({ role: z.string() }) } } },
});
