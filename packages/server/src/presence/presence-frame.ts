import { LiveError, MAX_CHANNEL_LENGTH } from "@livecache/wire";
import type { PresenceState } from "@livecache/wire";
import { invalidFrame, ownField, readFields, readText, showReceived } from "../base/frame-fields.ts";
import { MAX_LISTED } from "../ports/presence-store.ts";

/** Longest meta, in bytes of JSON. */
const MAX_META_BYTES = 1_024;

/** Longest id of a user who is told of; also what a page may begin after. */
export const MAX_USER_ID_LENGTH = 256;

/** What a `presence` frame asks for. */
export interface PresenceQuery {
  readonly channel: string;
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * Reads a `presence` frame.
 *
 * @throws LiveError `LIVE_FRAME_INVALID`, saying what was expected and received
 */
export function readPresenceFrame(request: unknown): PresenceQuery {
  const channel = readText("presence", request, { field: "channel", maxLength: MAX_CHANNEL_LENGTH });
  const fields = readFields("presence", request, "channel");
  const after =
    ownField(fields, "after") === undefined
      ? undefined
      : readText("presence", request, { field: "after", maxLength: MAX_USER_ID_LENGTH });
  const asked = ownField(fields, "limit");
  const limit = asked === undefined ? MAX_LISTED : asked;
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > MAX_LISTED) {
    const received = typeof limit === "number" ? String(limit) : showReceived(limit);
    throw invalidFrame(
      "presence",
      `"limit" to be a whole number from 1 to ${MAX_LISTED}, received ${received}`,
    );
  }
  return { channel, after, limit };
}

/** What a `presence-set` frame says; `meta` is JSON, or `null` to take it back. */
export interface PresenceWords {
  readonly channel: string | undefined;
  readonly state: PresenceState | undefined;
  readonly meta: string | null | undefined;
}

/**
 * Reads a `presence-set` frame.
 *
 * @throws LiveError `LIVE_FRAME_INVALID`, saying what was expected and received
 */
export function readPresenceSetFrame(request: unknown): PresenceWords {
  const fields = readFields("presence-set", request, "state");
  const channel =
    ownField(fields, "channel") === undefined
      ? undefined
      : readText("presence-set", request, { field: "channel", maxLength: MAX_CHANNEL_LENGTH });
  const state = ownField(fields, "state");
  if (state !== undefined && state !== "online" && state !== "away") {
    throw invalidFrame("presence-set", `"state" to be "online" or "away", received ${showReceived(state)}`);
  }
  const meta = readMeta(ownField(fields, "meta"));
  if (state === undefined && meta === undefined) {
    throw invalidFrame("presence-set", `"state", "meta" or both, received neither`);
  }
  return { channel, state, meta };
}

function readMeta(meta: unknown): string | null | undefined {
  if (meta === undefined || meta === null) return meta;
  const json = JSON.stringify(meta) as string | undefined;
  const bytes = Buffer.byteLength(json ?? "");
  if (json === undefined || bytes > MAX_META_BYTES) {
    const received = json === undefined ? showReceived(meta) : `${bytes} bytes`;
    throw invalidFrame(
      "presence-set",
      `"meta" to be at most ${MAX_META_BYTES} bytes of JSON, received ${received}`,
    );
  }
  return json;
}

/** The refusal of a frame about a channel that the socket has nothing to do with. */
export function refuseChannel(frame: string, channel: string, why: "join" | "declare"): LiveError {
  const fix =
    why === "join"
      ? `join channel "${channel}" first.`
      : `channel "${channel}" tells nobody who is there. Its contract would have to say presence: true.`;
  return new LiveError("LIVE_CHANNEL_REFUSED", `${frame}: ${fix}`);
}
