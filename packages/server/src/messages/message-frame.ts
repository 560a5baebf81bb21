import { MAX_CHANNEL_LENGTH } from "@livecache/wire";
import { invalidFrame, ownField, readText, showReceived } from "../base/frame-fields.ts";

/** Longest name of a message, as the contract has it. */
const MAX_NAME_LENGTH = 64;

/** Longest id of a message. */
const MAX_ID_LENGTH = 64;

/** What a `send` frame says. */
export interface SendFrame {
  readonly channel: string;
  readonly name: string;
  readonly data: unknown;
  readonly id: string | undefined;
}

/**
 * Reads a `send` frame; the body is not looked at.
 *
 * @throws LiveError `LIVE_FRAME_INVALID`
 */
export function readSendFrame(request: unknown): SendFrame {
  const channel = readText("send", request, { field: "channel", maxLength: MAX_CHANNEL_LENGTH });
  const name = readText("send", request, { field: "name", maxLength: MAX_NAME_LENGTH });
  const id = ownField(request as object, "id");
  if (id !== undefined && (typeof id !== "string" || id === "" || id.length > MAX_ID_LENGTH)) {
    const received = showReceived(id);
    throw invalidFrame(
      "send",
      `"id" to be absent or a string of 1 to ${MAX_ID_LENGTH} characters, received ${received}`,
    );
  }
  return { channel, name, data: ownField(request as object, "data"), id };
}
