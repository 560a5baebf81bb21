import { formatPosition, parsePosition, reaches } from "@livecache/wire";
import type { Position } from "@livecache/wire";

/**
 * The newest position of the change log that this client has been shown, by a response, a notice or an event. Whatever it reads
 * afterwards must be at least as new.
 */
export class Fence {
  #held: Position | undefined;

  /**
   * Takes note of a position from the server; anything malformed is ignored. A position of another epoch replaces the held one:
   * after data loss the old epoch means nothing.
   */
  learn(text: unknown): void {
    const position = parsePosition(text);
    if (position && !(this.#held && reaches(this.#held, position))) this.#held = position;
  }

  /** The position as it travels in a header; `undefined` before the first. */
  get text(): string | undefined {
    return this.#held && formatPosition(this.#held);
  }
}
