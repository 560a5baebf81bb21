import type { Clock } from "../base/clock.ts";
import type { StoreCause } from "./causes.ts";
import { holdFault } from "./storable.ts";

/** A body that was read as far as it may be held back. */
export type HeldBody =
  | { readonly type: "complete"; readonly bytes: Uint8Array }
  /** `rest` are all its pieces, from the first one on; those that are not made yet come as they are made. */
  | { readonly type: "released"; readonly cause: StoreCause; readonly rest: AsyncGenerator<Uint8Array> };

/** Bounds of reading a body ahead of its client. */
export interface HoldBodyOptions {
  readonly contentType: string;
  readonly maxBytes: number;
  readonly clock: Clock;
  /** When the body must be complete, by the clock. */
  readonly untilMs: number;
}

const LATE = Symbol("late");

/**
 * Reads a body into memory until it is complete, larger than `maxBytes` or late. Event streams are not read at all. Whoever stops
 * reading `rest` ends the body. A body that breaks off is released, and breaks off for the client as well.
 */
export async function holdBody(
  body: AsyncIterable<Uint8Array | string>,
  { contentType, maxBytes, clock, untilMs }: HoldBodyOptions,
): Promise<HeldBody> {
  const pieces = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let cancelLimit = (): void => undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    cancelLimit = clock.after(Math.max(0, untilMs - clock.now()), () => resolve(LATE));
  });
  try {
    for (;;) {
      const fault = holdFault(contentType, { bytes, maxBytes });
      if (fault) return { type: "released", cause: fault, rest: rest(chunks, pieces, pieces.next()) };
      const next = pieces.next();
      const piece = await Promise.race([next, late]);
      if (piece === LATE) return { type: "released", cause: "slow", rest: rest(chunks, pieces, next) };
      if (piece.done) return { type: "complete", bytes: Buffer.concat(chunks) };
      // A copy, because whoever made it may use the buffer again.
      const chunk = Buffer.from(piece.value as Uint8Array);
      chunks.push(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    return { type: "released", cause: "left", rest: rest(chunks, pieces, Promise.reject(error as Error)) };
  } finally {
    cancelLimit();
  }
}

async function* rest(
  chunks: readonly Uint8Array[],
  pieces: AsyncIterator<Uint8Array | string>,
  first: Promise<IteratorResult<Uint8Array | string>>,
): AsyncGenerator<Uint8Array> {
  // It is awaited below only once the client has taken what was held; until then nobody else would catch it.
  first.catch(() => undefined);
  let isDone = false;
  try {
    if (chunks.length > 0) yield Buffer.concat(chunks);
    for (let piece = await first; !piece.done; piece = await pieces.next()) {
      yield Buffer.from(piece.value as Uint8Array);
    }
    isDone = true;
  } finally {
    if (!isDone) await pieces.return?.();
  }
}
