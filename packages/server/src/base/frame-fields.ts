import { LiveError } from "@livecache/wire";

/** A text field of a frame, and how long it may be. */
export interface TextField {
  readonly field: string;
  readonly maxLength: number;
}

/**
 * Reads a field of a frame that is a text, not empty and not too long. `request` is whatever a client sent.
 *
 * @throws LiveError `LIVE_FRAME_INVALID` saying what was expected and received
 */
export function readText(frame: string, request: unknown, { field, maxLength }: TextField): string {
  const text = ownField(readFields(frame, request, field), field);
  if (typeof text !== "string" || text === "" || text.length > maxLength) {
    throw invalidFrame(
      frame,
      `"${field}" to be a string of 1 to ${maxLength} characters, received ${showReceived(text)}`,
    );
  }
  return text;
}

/**
 * Reads a frame as an object. `field` is named in the error.
 *
 * @throws LiveError `LIVE_FRAME_INVALID`
 */
export function readFields(frame: string, request: unknown, field: string): object {
  if (typeof request === "object" && request !== null && !Array.isArray(request)) return request;
  throw invalidFrame(frame, `an object with "${field}", received ${showReceived(request)}`);
}

/** A field of the frame itself; what it inherits is not the client's word. */
export function ownField(request: object, field: string): unknown {
  return Object.hasOwn(request, field) ? (request as Record<string, unknown>)[field] : undefined;
}

/** The error for a frame that is not what it should be. */
export function invalidFrame(frame: string, expected: string): LiveError {
  return new LiveError("LIVE_FRAME_INVALID", `${frame}: expected ${expected}.`);
}

/** Names what came without repeating it: it may be large, or secret. */
export function showReceived(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `a string of ${value.length} characters`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
