import { parseMark } from "./mark.ts";

/**
 * A place in the change log, and the only clock of Livecache.
 *
 * `epoch` is a random word that the ground renews after it has lost data; `seq` is a positive safe integer that only
 * grows within an epoch. Positions of different epochs cannot be compared: whatever was known before is void.
 */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** Writes a position as it travels in headers and frames: `<epoch>.<seq>`. */
export function formatPosition(position: Position): string {
  return `${position.epoch}.${position.seq}`;
}

/** Reads a position from foreign text. Anything malformed is `undefined`, never an error: headers may be forged. */
export function parsePosition(text: unknown): Position | undefined {
  const mark = parseMark(text, ".");
  return mark && { epoch: mark.epoch, seq: mark.count };
}

/**
 * Whether `held` is at or past `wanted`. Positions of different epochs answer `false`: after data loss nothing is
 * known to include what came before.
 */
export function reaches(held: Position, wanted: Position): boolean {
  return held.epoch === wanted.epoch && held.seq >= wanted.seq;
}
