import { MAX_CHANNEL_LENGTH, parseCursor } from "@livecache/wire";
import type { Cursor } from "@livecache/wire";
import { invalidFrame, ownField, readText, showReceived } from "../base/frame-fields.ts";
import { MAX_TOKEN_LENGTH } from "./query-token.ts";

/** Longest id of a watch that is looked at. */
const MAX_ID_LENGTH = 16;

/**
 * Reads a `watch` frame. Like the readers below it takes whatever a client sent, looks at nothing but the fields it names, and
 * throws `LIVE_FRAME_INVALID`, saying what was expected and received, for anything else.
 */
export function readWatchFrame(request: unknown): { readonly token: string } {
  return { token: readText("watch", request, { field: "token", maxLength: MAX_TOKEN_LENGTH }) };
}

/** Reads an `unwatch` frame. */
export function readUnwatchFrame(request: unknown): { readonly id: string } {
  return { id: readText("unwatch", request, { field: "id", maxLength: MAX_ID_LENGTH }) };
}

/** What a `join` frame says. */
export interface JoinFrame {
  readonly channel: string;
  readonly cursor: Cursor | undefined;
}

/** Reads a `join` frame. */
export function readJoinFrame(request: unknown): JoinFrame {
  const channel = readText("join", request, { field: "channel", maxLength: MAX_CHANNEL_LENGTH });
  const text = ownField(request as object, "cursor");
  const cursor = parseCursor(text);
  if (text !== undefined && !cursor) {
    throw invalidFrame(
      "join",
      `"cursor" to be absent or the cursor of an earlier frame, received ${showReceived(text)}`,
    );
  }
  return { channel, cursor };
}

/** Reads a `leave` frame. */
export function readLeaveFrame(request: unknown): { readonly channel: string } {
  return { channel: readText("leave", request, { field: "channel", maxLength: MAX_CHANNEL_LENGTH }) };
}

/** Longest name of an event, a message or a whisper. */
const MAX_EVENT_NAME = 64;

/** Reads a `whisper` frame; the body is not looked at. */
export function readWhisperFrame(request: unknown): {
  readonly channel: string;
  readonly name: string;
  readonly data: unknown;
} {
  const channel = readText("whisper", request, { field: "channel", maxLength: MAX_CHANNEL_LENGTH });
  const name = readText("whisper", request, { field: "name", maxLength: MAX_EVENT_NAME });
  return { channel, name, data: ownField(request as object, "data") };
}

/** Reads a `refresh` frame. */
export function readRefreshFrame(request: unknown): { readonly auth: Readonly<Record<string, unknown>> } {
  const auth = typeof request === "object" && request !== null ? ownField(request, "auth") : undefined;
  if (typeof auth !== "object" || auth === null || Array.isArray(auth)) {
    throw invalidFrame("refresh", `an object with "auth", an object, received ${showReceived(request)}`);
  }
  return { auth: { ...auth } };
}
