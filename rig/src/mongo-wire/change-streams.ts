import { Long } from "bson";
import type { Document } from "bson";
import { matches } from "./documents.ts";
import { Refusal } from "./refusal.ts";
import type { Namespace, Store } from "./store.ts";

/** What a driver asks for with `aggregate` and `$changeStream`. */
export interface StreamRequest {
  readonly ns: Namespace;
  readonly pipeline: readonly Document[];
  readonly batchSize: number;
}

/** The change streams of one server. */
export interface ChangeStreams {
  open(request: StreamRequest): Document;
  /** Waits up to `waitMs` for something new. */
  more(id: number, batchSize: number, waitMs: number): Promise<Document>;
  kill(id: number): void;
  /** The events that are read next are handed over, and then once more. */
  duplicate(): void;
}

interface Stream {
  readonly db: string;
  readonly options: Document;
  readonly filters: readonly Document[];
  place: number;
  isOver: boolean;
}

const DEFAULT_BATCH = 101;

/** Serves change streams over a store. They watch a database, or with `coll` a collection of it. */
export function createChangeStreams(store: Store): ChangeStreams {
  const { oplog } = store;
  const streams = new Map<number, Stream>();
  let lastId = 0;
  let isDoubling = false;

  function read(stream: Stream, batchSize: number): Document[] {
    const batch: Document[] = [];
    for (const { place, token, nextToken, entry } of oplog.after(stream.place)) {
      if (batch.length >= batchSize || stream.isOver) break;
      stream.place = place;
      const event: Document = { _id: token, ...entry.event, ...imagesOf(entry, stream.options, store) };
      if ((event["ns"] as Namespace).db !== stream.db) continue;
      const events = [event, ...(endsStream(event) ? [{ _id: nextToken, operationType: "invalidate" }] : [])];
      stream.isOver = endsStream(event);
      const wanted = events.filter((one) => stream.filters.every((filter) => matches(one, filter)));
      batch.push(...wanted);
    }
    if (!isDoubling || batch.length === 0) return batch;
    isDoubling = false;
    return [...batch, ...batch];
  }

  const answer = (id: number, stream: Stream, batch: Readonly<Record<string, Document[]>>): Document => {
    // The end of the log stands behind everything only when all of it was read.
    const isAtEnd = oplog.after(stream.place).length === 0;
    const last = Object.values(batch)[0]?.at(-1);
    return {
      ok: 1,
      cursor: {
        id: Long.fromNumber(stream.isOver ? 0 : id),
        ns: `${stream.db}.$cmd.aggregate`,
        ...batch,
        postBatchResumeToken: isAtEnd ? oplog.endToken() : (last?.["_id"] as Document),
      },
    };
  };

  return {
    open({ ns, pipeline, batchSize }) {
      const options = pipeline[0]!["$changeStream"] as Document;
      const start: unknown = options["startAfter"] ?? options["resumeAfter"];
      const stream: Stream = {
        db: ns.db,
        options,
        filters: pipeline.slice(1).map((stage) => filterOf(stage)),
        place: oplog.placeOf(start ?? oplog.endToken()),
        isOver: false,
      };
      const firstBatch = read(stream, batchSize);
      lastId += 1;
      if (!stream.isOver) streams.set(lastId, stream);
      return answer(lastId, stream, { firstBatch });
    },
    async more(id, batchSize, waitMs) {
      const stream = streams.get(id);
      if (!stream) throw new Refusal([43, "CursorNotFound"], `cursor id ${id} not found`);
      const endsAt = performance.now() + waitMs;
      let nextBatch = read(stream, batchSize);
      while (nextBatch.length === 0 && performance.now() < endsAt) {
        await nextEntry(store, endsAt - performance.now());
        nextBatch = read(stream, batchSize);
      }
      if (stream.isOver) streams.delete(id);
      return answer(id, stream, { nextBatch });
    },
    kill: (id) => void streams.delete(id),
    duplicate: () => void (isDoubling = true),
  };
}

/** How many a driver wants at once. */
export function batchSizeOf(given: unknown): number {
  return typeof given === "number" && given > 0 ? given : DEFAULT_BATCH;
}

function filterOf(stage: Document): Document {
  const filter = stage["$match"] as Document | undefined;
  if (!filter) throw new Refusal([40_324, "Location40324"], `Unrecognized stage: ${Object.keys(stage)[0]}`);
  return filter;
}

/** A stream over a database ends with the database. */
function endsStream(event: Document): boolean {
  return event["operationType"] === "dropDatabase";
}

function imagesOf(
  entry: { event: Document; before?: Document | undefined; after?: Document | undefined },
  options: Document,
  store: Store,
): Document {
  const { event, before, after } = entry;
  const images: Document = {};
  if (after) images["fullDocument"] = after;
  else if (event["operationType"] === "update" && options["fullDocument"] === "updateLookup") {
    images["fullDocument"] =
      store.find(event["ns"] as Namespace, event["documentKey"] as Document)[0] ?? null;
  }
  if (options["fullDocumentBeforeChange"] === "whenAvailable")
    images["fullDocumentBeforeChange"] = before ?? null;
  return images;
}

function nextEntry({ oplog }: Store, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    const stop = oplog.onNext(done);
  });
}
