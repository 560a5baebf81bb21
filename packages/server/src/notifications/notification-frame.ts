import type { MarkReadRequest } from "@livecache/wire";
import { invalidFrame, ownField, readFields, showReceived } from "../base/frame-fields.ts";

/** Most notifications that one page holds, and how many when nobody says. */
const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

/** Most that one mark names, and longest id. */
const MAX_MARKED = 100;
const MAX_ID_LENGTH = 64;

const PLACE = /^\d{1,16}-\d{1,10}$/;

/** Which page is asked for. */
export interface PageRequest {
  readonly before: string | undefined;
  readonly limit: number;
}

/**
 * Reads a `notifications` frame. Like the reader below it throws `LIVE_FRAME_INVALID`, saying what was expected and received.
 */
export function readPageFrame(request: unknown): PageRequest {
  const frame = "notifications";
  // Nothing at all is the first page; some clients send null for it.
  const fields = readFields(frame, request ?? {}, "limit");
  const before = ownField(fields, "before");
  if (before !== undefined && (typeof before !== "string" || !PLACE.test(before))) {
    throw invalidFrame(
      frame,
      `"before" to be absent or "next" of the page before, received ${showReceived(before)}`,
    );
  }
  const { limit = DEFAULT_PAGE } = { limit: ownField(fields, "limit") };
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    const received = typeof limit === "number" ? limit : showReceived(limit);
    throw invalidFrame(
      frame,
      `"limit" to be absent or a whole number from 1 to ${MAX_PAGE}, received ${received}`,
    );
  }
  return { before, limit };
}

/** Reads a `mark-read` frame. */
export function readMarkFrame(request: unknown): MarkReadRequest {
  const fields = readFields("mark-read", request, "upTo");
  const [upTo, ids] = [ownField(fields, "upTo"), ownField(fields, "ids")];
  if (isId(upTo) && ids === undefined) return { upTo };
  if (upTo === undefined && Array.isArray(ids) && ids.length <= MAX_MARKED && ids.every(isId)) return { ids };
  const received = [`"upTo" ${showReceived(upTo)}`, `"ids" ${showReceived(ids)}`].join(" and ");
  throw invalidFrame(
    "mark-read",
    `either "upTo", an id, or "ids", a list of at most ${MAX_MARKED} ids of 1 to ${MAX_ID_LENGTH} characters, received ${received}`,
  );
}

function isId(id: unknown): id is string {
  return typeof id === "string" && id !== "" && id.length <= MAX_ID_LENGTH;
}
