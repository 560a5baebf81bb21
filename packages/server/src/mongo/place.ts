import { BSON } from "mongodb";
import type { Document } from "mongodb";

/** Longest place that a log remembers. */
const MAX_PLACE_LENGTH = 4_096;

/** The place that a resume token stands for; `undefined` when it is too long to be remembered, as that of a very long `_id` is. */
export function placeOf(token: unknown): string | undefined {
  if (typeof token !== "object" || token === null) return undefined;
  const place = BSON.EJSON.stringify(token);
  return place.length <= MAX_PLACE_LENGTH ? place : undefined;
}

/** The resume token of a place; `undefined` when it is none of ours. */
export function tokenOf(place: string): Document | undefined {
  try {
    const token: unknown = BSON.EJSON.parse(place);
    return typeof token === "object" && token !== null && "_data" in token ? token : undefined;
  } catch {
    return undefined;
  }
}
