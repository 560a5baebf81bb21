import { defineContract, defineLimit } from "livecache";
import type { Item } from "../loss/traffic.ts";

const anything = {
  "~standard": { version: 1, vendor: "rig", validate: (value: unknown) => ({ value }) },
} as const;

/** What the nodes of a run serve. */
export const contract = defineContract({
  channels: {
    "news/:id": { events: { item: anything }, history: { events: 2_000, age: "10m" }, presence: true },
  },
});

/** The body of an event: the row that was written, and its version. */
export interface RowItem extends Item {
  readonly row: string;
  readonly version: number;
}

/** How old a node's knowledge of revocations may be for a token to be valid. */
export const MAX_STALE_MS = 2_000;

const LIMIT = { limit: 8, window: "1s" } as const;
/** The limits that are taken from, with their figures once more for the checker. */
export const LIMITS = {
  plain: defineLimit({ name: "plain", ...LIMIT }),
  strict: defineLimit({ name: "strict", ...LIMIT, strict: true }),
};
export const LIMIT_FIGURES = { limit: LIMIT.limit, windowMs: 1_000 };
