import { LiveError } from "@livecache/wire";
import { MAX_CHANGE_TAGS, isName } from "../base/names.ts";
import type { SourceChange } from "../ports/change-source.ts";
import { MAX_CHANGE_EVENTS } from "./change.ts";

/** Longest place, in characters. */
const MAX_PLACE_LENGTH = 4_096;

const LINE_END = /[\r\n]/;

/** What is wrong with a change that a source hands over; `undefined` for one that the log can take. */
export function flawOf(change: SourceChange): LiveError | undefined {
  const { changeId, tags, events } = change;
  if (typeof changeId !== "string" || changeId === "" || changeId.length > 512 || LINE_END.test(changeId)) {
    return flaw("changeId: expected 1 to 512 characters without a line end", changeId);
  }
  const wrong = tags.find((tag) => !isName(tag) && !isSubtree(tag));
  if (wrong !== undefined) return flaw("tags: expected names, as live.change takes them", wrong);
  // Each tag comes with that of the keys below it.
  if (tags.length > MAX_CHANGE_TAGS * 2)
    return flaw(`tags: at most ${MAX_CHANGE_TAGS} are allowed`, tags.length);
  if (events.length > MAX_CHANGE_EVENTS)
    return flaw(`events: at most ${MAX_CHANGE_EVENTS} are allowed`, events.length);
  return undefined;
}

function isSubtree(tag: unknown): boolean {
  return typeof tag === "string" && tag.endsWith(":*") && isName(tag.slice(0, -2));
}

/**
 * Refuses a place that the log cannot remember. It is no fault of a record: a source that makes such places cannot go on.
 *
 * @throws LiveError `LIVE_INPUT_INVALID`
 */
export function checkPlace(place: unknown): asserts place is string {
  const isFine =
    typeof place === "string" && place !== "" && place.length <= MAX_PLACE_LENGTH && !LINE_END.test(place);
  if (!isFine) throw flaw(`place: expected 1 to ${MAX_PLACE_LENGTH} characters without a line end`, place);
}

function flaw(what: string, received: unknown): LiveError {
  const shown = JSON.stringify(received) ?? typeof received;
  return new LiveError("LIVE_INPUT_INVALID", `${what}; received ${shown.slice(0, 100)}.`);
}
