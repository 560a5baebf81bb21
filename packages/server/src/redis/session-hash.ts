import type { SessionField, SessionRecord } from "../ports/session-store.ts";
import { damaged } from "./failure.ts";

const VERSION_DIGITS = 10;

/** Reads a session's hash, fields and values in turn, as `scripts/parts/session.lua` says what it holds. */
export function readSession(id: string, reply: unknown, nowMs: number): SessionRecord {
  const parts = reply as readonly string[];
  const fields: SessionField[] = [];
  let meta = "";
  let userId: string | undefined;
  let replacedUntilMs: number | undefined;
  for (let at = 0; at < parts.length; at += 2) {
    const name = parts[at]!;
    const value = parts[at + 1]!;
    if (name.startsWith("=")) fields.push([name.slice(1), value.slice(VERSION_DIGITS)]);
    else if (name === "m") meta = value;
    else if (name === "u") userId = value;
    else if (name === "n") replacedUntilMs = Number(value);
  }
  const [version, createdAtMs, seenAtMs, idleMs, ends] = meta.split(" ", 5).map(Number);
  if (ends === undefined || !Number.isSafeInteger(ends)) throw damaged("session", meta);
  const endsAtMs = ends === 0 ? undefined : ends;
  const expiresAtMs = replacedUntilMs ?? Math.min(seenAtMs! + idleMs!, endsAtMs ?? Infinity);
  return {
    id,
    fields,
    userId,
    version: version!,
    createdAtMs: createdAtMs!,
    seenAtMs: seenAtMs!,
    idleMs: idleMs!,
    expiresAtMs,
    endsAtMs,
    leftMs: expiresAtMs - nowMs,
    isReplaced: replacedUntilMs !== undefined,
  };
}
