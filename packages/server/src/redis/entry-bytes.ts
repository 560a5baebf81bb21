import { parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { splitLines } from "./lines.ts";

/**
 * An entry as its bytes tell it. `freshUntilMs` and `keptUntilMs` are on the server's clock. Tags and value are read from the
 * bytes when they are asked for: a node that holds the value already asks for neither.
 */
export class EntryBytes {
  readonly id: string;
  readonly position: Position;
  readonly freshUntilMs: number;
  readonly ttlMs: number;
  readonly keptUntilMs: number;
  private readonly bytes: Buffer;
  private readonly tagsAt: number;
  private readonly valueAt: number;
  private readTags: readonly string[] | undefined = undefined;
  private readValue: Uint8Array | undefined = undefined;

  constructor(bytes: Buffer, position: Position, { words, tagsAt, valueAt }: Layout) {
    this.id = words[1]!;
    this.position = position;
    this.freshUntilMs = Number(words[3]);
    this.ttlMs = Number(words[4]);
    this.keptUntilMs = Number(words[5]);
    this.bytes = bytes;
    this.tagsAt = tagsAt;
    this.valueAt = valueAt;
  }

  get tags(): readonly string[] {
    return (this.readTags ??= splitLines(this.bytes.toString("utf8", this.tagsAt, this.valueAt)));
  }

  /** A copy, because a slice would keep alive the whole block that came over the network. */
  get value(): Uint8Array {
    return (this.readValue ??= new Uint8Array(this.bytes.subarray(this.valueAt)));
  }
}

/** Where things stand in the bytes of an entry; `words` are those of the first line. */
interface Layout {
  readonly words: readonly string[];
  readonly tagsAt: number;
  readonly valueAt: number;
}

/** `store.lua` writes it: format, id, stamp, end of the TTL, TTL, end of the entry, and how many bytes of tags follow. */
const FIRST_LINE = /^2 (\w{1,32}) (\S+) (\d{1,15}) (\d{1,15}) (\d{1,15}) (\d{1,9})$/;
const LONGEST_FIRST_LINE = 128;
const NEWLINE = 10;

/** Reads an entry; `undefined` for bytes that no script of ours has written. */
export function readEntryBytes(bytes: Buffer): EntryBytes | undefined {
  const lineEnd = bytes.subarray(0, LONGEST_FIRST_LINE + 1).indexOf(NEWLINE);
  const match = FIRST_LINE.exec(bytes.toString("latin1", 0, Math.max(0, lineEnd)));
  const position = parsePosition(match?.[2]);
  if (!match || !position) return undefined;
  const valueAt = lineEnd + 1 + Number(match[6]);
  if (valueAt > bytes.length) return undefined;
  return new EntryBytes(bytes, position, { words: match, tagsAt: lineEnd + 1, valueAt });
}
