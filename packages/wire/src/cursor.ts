/**
 * A place in one channel's events. `offset` counts the channel's events densely from 1; 0 stands before the first.
 * `epoch` is renewed when the channel's history was lost, and cursors of different epochs cannot be compared.
 */
export interface Cursor {
  readonly epoch: string;
  readonly offset: number;
}

const CURSOR = /^([0-9a-z]{1,16})-(\d{1,16})$/;

/** Writes a cursor as it travels in frames: `<epoch>-<offset>`. */
export function formatCursor(cursor: Cursor): string {
  return `${cursor.epoch}-${cursor.offset}`;
}

/** Reads a cursor from foreign text; anything malformed is `undefined`. */
export function parseCursor(text: unknown): Cursor | undefined {
  if (typeof text !== "string" || text.length > 40) return undefined;
  const match = CURSOR.exec(text);
  if (!match) return undefined;
  const offset = Number(match[2]);
  return Number.isSafeInteger(offset) ? { epoch: match[1]!, offset } : undefined;
}
