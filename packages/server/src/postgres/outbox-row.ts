import { LiveError } from "@livecache/wire";
import type { WrittenChange } from "../change/change-in.ts";
import type { SourceChange } from "../ports/change-source.ts";
import type { OutboxRow } from "./outbox-table.ts";

/** Writes what stands in a row: JSON. */
export function formatChange({ tags, mode, events, trace }: WrittenChange): string {
  return JSON.stringify({ tags, mode, events, trace });
}

/**
 * Reads a row back. Rows are written by `changeIn`, but a table is open to others.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` saying what is wrong with it
 */
export function readChange({ changeId, change }: OutboxRow): Omit<SourceChange, "place"> {
  const read = parse(change) as Partial<SourceChange> | null;
  const { tags, mode, events, trace } = typeof read === "object" && read !== null ? read : {};
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== "string")) {
    throw flawed('expected {"tags": [texts], "mode", "events"}', change);
  }
  if (mode !== "purge" && mode !== "stale") throw flawed('expected mode "purge" or "stale"', change);
  if (!Array.isArray(events) || !events.every(isEvent)) {
    throw flawed('expected events with "channel", "name" and "body" as texts', change);
  }
  // A trace that is none harms nobody, so the change is made without it.
  const isTrace = typeof trace === "string" && TRACE.test(trace);
  return { changeId, tags, mode, events, trace: isTrace ? trace : undefined };
}

/** The log keeps it on a line of its own. */
const TRACE = /^[\x21-\x7e]{1,128}$/;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw flawed("expected JSON", text, cause);
  }
}

const LINE_END = /[\r\n]/;

function isEvent(event: unknown): boolean {
  const { channel, name, body, kept, note } = (event ?? {}) as Record<string, unknown>;
  const isWord = (word: unknown): boolean => typeof word === "string" && word !== "" && !LINE_END.test(word);
  const isObject = (part: unknown): boolean =>
    part === undefined || (typeof part === "object" && part !== null);
  return isWord(channel) && isWord(name) && typeof body === "string" && isObject(kept) && isObject(note);
}

function flawed(what: string, received: string, cause?: unknown): LiveError {
  return new LiveError("LIVE_INPUT_INVALID", `change: ${what}, received ${received.slice(0, 100)}.`, {
    cause,
  });
}
