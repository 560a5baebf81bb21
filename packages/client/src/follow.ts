import type { Cursor, ResyncReason } from "@livecache/wire";

/** What to do with an event: deliver it, drop it, or deliver it and say that something before it is missing. */
export type Step = "next" | "duplicate" | ResyncReason;

/**
 * Judges an event's cursor against where the client stands. Offsets are dense, so a jump within an epoch is a gap, and another epoch
 * means that the channel's history was lost.
 */
export function follow(held: Cursor | undefined, event: Cursor): Step {
  if (!held) return "next";
  if (held.epoch !== event.epoch) return "epoch";
  if (event.offset <= held.offset) return "duplicate";
  return event.offset === held.offset + 1 ? "next" : "lost";
}
