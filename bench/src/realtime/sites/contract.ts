import { defineContract } from "livecache";
import type { Tick } from "./site.ts";

const tick = {
  "~standard": { version: 1, vendor: "bench", validate: (value: unknown) => ({ value: value as Tick }) },
} as const;

const events = { tick };

/** The channels of the benchmark. */
export const CONTRACT = defineContract({
  channels: {
    "room/:id": { events },
    "lobby/:id": { events },
    "hall/:id": { events, presence: true },
    "region/:cell": { events },
  },
  regions: { channel: "region/:cell", precision: 6 },
});
