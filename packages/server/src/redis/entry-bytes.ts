import { parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { splitLines } from "./lines.ts";

/** An entry as its bytes tell it. `expiresAtMs` is on the server's clock. */
export interface EntryBytes {
  readonly position: Position;
  readonly expiresAtMs: number;
  readonly tags: readonly string[];
  readonly value: Uint8Array;
}

/** `store.lua` writes it: format, stamp, expiry on the server's clock, and how many bytes of tags follow. */
const FIRST_LINE = /^1 (\S+) (\d{1,15}) (\d{1,9})$/;
const LONGEST_FIRST_LINE = 64;
const NEWLINE = 10;

/** Reads an entry; `undefined` for bytes that no script of ours has written. */
export function readEntryBytes(bytes: Buffer): EntryBytes | undefined {
  const lineEnd = bytes.subarray(0, LONGEST_FIRST_LINE + 1).indexOf(NEWLINE);
  const match = FIRST_LINE.exec(bytes.toString("latin1", 0, Math.max(0, lineEnd)));
  const position = parsePosition(match?.[1]);
  if (!match || !position) return undefined;
  const valueAt = lineEnd + 1 + Number(match[3]);
  if (valueAt > bytes.length) return undefined;
  const tags = splitLines(bytes.toString("utf8", lineEnd + 1, valueAt));
  // A copy, because a slice would keep alive the whole block that came over the network.
  return { position, expiresAtMs: Number(match[2]), tags, value: new Uint8Array(bytes.subarray(valueAt)) };
}
