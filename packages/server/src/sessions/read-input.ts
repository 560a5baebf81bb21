import { LiveError } from "@livecache/wire";
import { MAX_DURATION_MS } from "../base/duration.ts";
import { MAX_SESSION_BYTES, MAX_SESSION_FIELDS } from "../ports/session-store.ts";
import type { SessionField, SessionFull } from "../ports/session-store.ts";

const ID = /^[\x21-\x7e]{1,128}$/;

/** Longest name of a property, and longest id of a user, in UTF-8 bytes. */
const MAX_NAME_BYTES = 256;

/** Whether a text may be an id. What is none is not there: it comes from outside. */
export function isSessionId(id: unknown): id is string {
  return typeof id === "string" && ID.test(id);
}

/** @throws LiveError `LIVE_INPUT_INVALID` */
export function checkSessionId(what: string, id: unknown): asserts id is string {
  if (isSessionId(id)) return;
  // An id is a secret: it does not go into a message.
  const received = typeof id === "string" ? `one of ${id.length} characters` : typeof id;
  throw invalid(what, `1 to 128 printable ASCII characters without spaces, received ${received}`);
}

/** @throws LiveError `LIVE_INPUT_INVALID` */
export function checkUserId(what: string, userId: unknown): asserts userId is string {
  if (typeof userId === "string" && userId !== "" && isName(userId)) return;
  const received = typeof userId === "string" ? `one of ${userId.length} characters` : typeof userId;
  throw invalid(what, `a string of 1 to ${MAX_NAME_BYTES} bytes, received ${received}`);
}

/** @throws LiveError `LIVE_INPUT_INVALID` for what is no whole number of milliseconds from 1 to 366 days */
export function checkLifeMs(what: string, ms: unknown): asserts ms is number {
  if (typeof ms === "number" && Number.isSafeInteger(ms) && ms >= 1 && ms <= MAX_DURATION_MS) return;
  throw invalid(what, `whole milliseconds from 1 to ${MAX_DURATION_MS} (366 days), received ${String(ms)}`);
}

/** Properties that get a value, and names of those that have none. */
export interface ReadFields {
  readonly set: readonly SessionField[];
  readonly remove: readonly string[];
}

/**
 * Reads properties as applications give them; what JSON leaves out is removed.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` for names, too many properties, or too many bytes; `LIVE_VALUE_UNSUPPORTED` for what JSON cannot carry
 */
export function readFields(
  what: string,
  set: Readonly<Record<string, unknown>> = {},
  removed: readonly string[] = [],
): ReadFields {
  if (typeof set !== "object" || set === null || Array.isArray(set)) {
    throw invalid(what, `an object with properties, received ${Array.isArray(set) ? "a list" : typeof set}`);
  }
  const fields: SessionField[] = [];
  const remove: string[] = [];
  for (const name of Object.keys(set)) {
    const json = toJson(`${what}.${name}`, set[name]);
    if (json === undefined) remove.push(name);
    else fields.push([name, json]);
  }
  for (const name of removed) if (!Object.hasOwn(set, name)) remove.push(name);
  for (const name of [...fields.map(([own]) => own), ...remove]) checkFieldName(what, name);
  if (fields.length + remove.length > MAX_SESSION_FIELDS * 2) {
    throw tooLarge({ state: "full", bytes: 0, fields: fields.length + remove.length });
  }
  let bytes = 0;
  for (const [name, json] of fields) bytes += Buffer.byteLength(name) + Buffer.byteLength(json);
  if (bytes > MAX_SESSION_BYTES) throw tooLarge({ state: "full", bytes, fields: fields.length });
  return { set: fields, remove };
}

function checkFieldName(what: string, name: unknown): void {
  if (typeof name === "string" && isName(name)) return;
  throw invalid(`${what}: a property`, `a name of at most ${MAX_NAME_BYTES} bytes of whole characters`);
}

function isName(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_NAME_BYTES && Buffer.from(text).toString() === text;
}

function toJson(what: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    const message = `${what}: JSON cannot carry it: ${String(cause)}. Keep plain data in a session.`;
    throw new LiveError("LIVE_VALUE_UNSUPPORTED", message, { cause });
  }
}

/** Properties as applications read them: parsed anew each time, so nobody shares them. */
export function toData(fields: readonly SessionField[]): Record<string, unknown> {
  const data = Object.create(null) as Record<string, unknown>;
  for (const [name, json] of fields) data[name] = JSON.parse(json);
  return data;
}

/** The error for a session that would be too large. */
export function tooLarge({ bytes, fields }: SessionFull): LiveError {
  const most = `at most ${MAX_SESSION_BYTES} bytes and ${MAX_SESSION_FIELDS} properties are allowed`;
  return invalid("session", `less data: it would have ${bytes} bytes in ${fields} properties, and ${most}`);
}

function invalid(what: string, expected: string): LiveError {
  return new LiveError("LIVE_INPUT_INVALID", `${what}: expected ${expected}.`, { details: { what } });
}
