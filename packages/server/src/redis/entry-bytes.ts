import { parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { splitLines } from "./lines.ts";

/** An entry as its bytes tell it. `freshUntilMs` and `keptUntilMs` are on the server's clock. */
export interface EntryBytes {
  readonly id: string;
  readonly position: Position;
  readonly freshUntilMs: number;
  readonly ttlMs: number;
  readonly keptUntilMs: number;
  readonly tags: readonly string[];
  readonly value: Uint8Array;
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
  return new ReadEntry(bytes, { id: match[1]!, position, lineEnd, valueAt, numbers: match });
}

/** Where things stand in the bytes of an entry. */
interface Layout {
  readonly id: string;
  readonly position: Position;
  readonly lineEnd: number;
  readonly valueAt: number;
  /** The first line as {@link FIRST_LINE} matches it. */
  readonly numbers: readonly string[];
}

/** Reads tags and value only when they are asked for: a node that holds the value already asks for neither. */
class ReadEntry implements EntryBytes {
  readonly id: string;
  readonly position: Position;
  readonly freshUntilMs: number;
  readonly ttlMs: number;
  readonly keptUntilMs: number;
  readonly #bytes: Buffer;
  readonly #layout: Layout;
  #tags: readonly string[] | undefined;
  #value: Uint8Array | undefined;

  constructor(bytes: Buffer, layout: Layout) {
    this.id = layout.id;
    this.position = layout.position;
    this.freshUntilMs = Number(layout.numbers[3]);
    this.ttlMs = Number(layout.numbers[4]);
    this.keptUntilMs = Number(layout.numbers[5]);
    this.#bytes = bytes;
    this.#layout = layout;
  }

  get tags(): readonly string[] {
    const { lineEnd, valueAt } = this.#layout;
    return (this.#tags ??= splitLines(this.#bytes.toString("utf8", lineEnd + 1, valueAt)));
  }

  /** A copy, because a slice would keep alive the whole block that came over the network. */
  get value(): Uint8Array {
    return (this.#value ??= new Uint8Array(this.#bytes.subarray(this.#layout.valueAt)));
  }
}
