import { parseMark } from "./mark.ts";

/**
 * A place in one channel's events. `offset` counts the channel's events densely from 1; 0 stands before the first.
 * `epoch` is renewed when the channel's history was lost, and cursors of different epochs cannot be compared.
 */
export interface Cursor {
  readonly epoch: string;
  readonly offset: number;
}

/** Writes a cursor as it travels in frames: `<epoch>-<offset>`. */
export function formatCursor(cursor: Cursor): string {
  return `${cursor.epoch}-${cursor.offset}`;
}

/** Reads a cursor from foreign text; anything malformed is `undefined`. */
export function parseCursor(text: unknown): Cursor | undefined {
  const mark = parseMark(text, "-");
  return mark && { epoch: mark.epoch, offset: mark.count };
}
