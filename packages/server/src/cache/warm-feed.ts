import { LiveError } from "@livecache/wire";

/** Where rows come from: a list, a generator, or something that brings them one by one, such as a database cursor. */
export type WarmSource<Row> = Iterable<Row> | AsyncIterable<Row>;

/** Rows one at a time, for several takers. */
export interface Feed<Row> {
  /** How many there are, when the source says so beforehand. */
  readonly total: number | undefined;
  /** The next row. The source is never asked for two at a time, and for none ahead. Rejects with what the source throws. */
  take(): Promise<IteratorResult<Row, unknown>>;
  /** Tells the source that no more is wanted, so that it gives its cursor back. Does not wait for it. */
  close(): void;
}

/**
 * Opens a source of rows.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` when it is nothing that can be walked through
 */
export function openFeed<Row>(source: WarmSource<Row>): Feed<Row> {
  const iterator = iteratorOf(source);
  let turn: Promise<unknown> = Promise.resolve();
  let isOver = false;

  async function takeOne(): Promise<IteratorResult<Row, unknown>> {
    if (isOver) return { done: true, value: undefined };
    try {
      const result = await iterator.next();
      if (result.done) isOver = true;
      return result;
    } catch (error) {
      isOver = true;
      throw error;
    }
  }

  return {
    total: totalOf(source),
    take() {
      const taken = turn.then(takeOne);
      turn = taken.catch(() => undefined);
      return taken;
    },
    close() {
      if (isOver) return;
      isOver = true;
      void Promise.resolve()
        .then(() => iterator.return?.())
        .catch(() => undefined);
    },
  };
}

function iteratorOf<Row>(source: WarmSource<Row>): Iterator<Row> | AsyncIterator<Row> {
  if (typeof source === "object" && source !== null) {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
    if (Symbol.iterator in source) return source[Symbol.iterator]();
  }
  throw new LiveError(
    "LIVE_INPUT_INVALID",
    `warm: expected a list, an iterable or an async iterable of items, received ${source === null ? "null" : typeof source}.`,
  );
}

function totalOf(source: object): number | undefined {
  if (Array.isArray(source)) return source.length;
  return source instanceof Set || source instanceof Map ? source.size : undefined;
}
