import { parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";

/** An entry as its bytes tell it. `expiresAtMs` is on the server's clock. */
export interface EntryBytes {
  readonly position: Position;
  readonly expiresAtMs: number;
  readonly tags: readonly string[];
  readonly value: Uint8Array;
}

const FIRST_LINE = /^lc1 (\S+) (\d+)$/;
const NEWLINE = 10;

/**
 * Writes what follows on an entry's first line: its tags, each with a tab behind it, a line end, and the value. Names have no
 * control characters, so neither sign can occur in a tag. The first line, `lc1 <epoch>.<seq> <expiry>`, is written by the script
 * that stores the entry, because only the server knows its clock.
 */
export function writeEntryRest(tags: readonly string[], value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${tags.join("\t")}\n`), value]);
}

/** Reads an entry; `undefined` for bytes that no script of ours has written. */
export function readEntryBytes(bytes: Buffer): EntryBytes | undefined {
  const firstEnd = bytes.indexOf(NEWLINE);
  const tagsEnd = bytes.indexOf(NEWLINE, firstEnd + 1);
  if (firstEnd < 0 || firstEnd > 100 || tagsEnd < 0) return undefined;
  const match = FIRST_LINE.exec(bytes.toString("latin1", 0, firstEnd));
  const position = parsePosition(match?.[1]);
  if (!match || !position) return undefined;
  const tags = bytes.toString("utf8", firstEnd + 1, tagsEnd).split("\t");
  return { position, expiresAtMs: Number(match[2]), tags, value: bytes.subarray(tagsEnd + 1) };
}
