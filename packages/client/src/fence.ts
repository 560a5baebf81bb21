import { parsePosition, reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";

/**
 * The newest position of the change log that this client has been shown, by a response, a notice or an event. Whatever it reads
 * afterwards must be at least as new.
 */
export interface Fence {
  /** The position as it travels in a header; `undefined` before the first. */
  readonly text: string | undefined;
  /**
   * Takes note of a position from the server; anything malformed is ignored. A position of another epoch replaces the held one:
   * after data loss the old epoch means nothing. Answers whether it is a position, and not an older one.
   */
  learn(text: unknown): boolean;
}

/** Makes a fence that holds nothing. */
export function createFence(): Fence {
  let held: Position | undefined;
  let text: string | undefined;
  return {
    get text() {
      return text;
    },
    learn(given) {
      const position = parsePosition(given);
      if (!position) return false;
      if (!held || !reaches(held, position)) {
        held = position;
        text = given as string;
      }
      return held.seq === position.seq;
    },
  };
}
