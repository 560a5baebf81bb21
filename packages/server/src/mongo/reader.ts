import type { ChangeStream, Document } from "mongodb";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { MongoOptions } from "./options.ts";

/** What a stream has to say at once. Without events: nothing happened for a while. */
export interface Batch {
  readonly events: readonly Document[];
  /** Stands behind the last event, and behind whatever else happened meanwhile that was not asked for. */
  readonly token: unknown;
}

/** A change stream that is read in batches, each within a deadline. */
export interface Reader {
  /** Resolves when the server has accepted the stream; with a token that stands at its beginning, if it has one yet. */
  opened(): Promise<unknown>;
  next(): Promise<Batch>;
  /** Whether the server has ended it: nothing more will come. */
  isOver(): boolean;
  /** Does not wait for a server that does not answer. */
  close(): Promise<void>;
}

/** How long the server waits for something to happen before it says that nothing did. */
const MAX_AWAIT_MS = 1_000;

/** How long closing waits for the server. */
const CLOSE_WITHIN_MS = 500;

const BATCH_SIZE = 500;

/** Opens a change stream over a database, at what follows `token`, or from now on. `signal` breaks every wait off. */
export function openReader(
  { db, collections, fullDocument, fullDocumentBeforeChange, deadlineMs }: MongoOptions,
  { clock, signal, token }: { clock: Clock; signal: AbortSignal; token: Document | undefined },
): Reader {
  const stream = db.watch(pipelineFor(Object.keys(collections)), {
    ...(token ? { startAfter: token } : {}),
    ...(fullDocumentBeforeChange === "off" ? {} : { fullDocumentBeforeChange }),
    fullDocument,
    maxAwaitTimeMS: MAX_AWAIT_MS,
    batchSize: BATCH_SIZE,
    // A text that is no UTF-8 is no reason to stand still in front of it for good.
    enableUtf8Validation: false,
  });
  stream.on("error", () => undefined);
  const begun = new Promise<unknown>((resolve) => stream.once("resumeTokenChanged", resolve));
  let asked: Promise<Document | null> | undefined;
  // A client whose first attempt to connect has failed tries no further by itself. One that is connected does nothing here.
  const connected = db.client.connect();
  // Asking is what opens it.
  const ask = (): Promise<Document | null> => (asked ??= connected.then(() => stream.tryNext()));
  const limit = { clock, signal, limitMs: MAX_AWAIT_MS + deadlineMs };

  return {
    opened: () => within(Promise.race([begun, ask().then(() => undefined)]), limit),
    async next() {
      const first = await within(ask(), limit);
      asked = undefined;
      const events: Document[] = first ? [first] : [];
      // What has come with it; this asks nobody.
      while (stream.bufferedCount() > 0) {
        const event = await stream.tryNext();
        if (event) events.push(event);
      }
      return { events, token: stream.resumeToken };
    },
    isOver: () => stream.closed,
    close: () => closeSoon(stream, asked, clock),
  };
}

/** Only these collections, and whatever ends all of them. */
function pipelineFor(names: readonly string[]): Document[] {
  const ends = { operationType: { $in: ["dropDatabase", "invalidate"] } };
  return [{ $match: { $or: [{ "ns.coll": { $in: names } }, { "to.coll": { $in: names } }, ends] } }];
}

/** Waits for a server, but not for long: the driver itself would wait for a connection that has died quietly. */
function within<T>(
  work: Promise<T>,
  { clock, signal, limitMs }: { clock: Clock; signal: AbortSignal; limitMs: number },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", breakOff);
    };
    const fail = (error: unknown): void => {
      end();
      reject(error);
    };
    const breakOff = (): void => fail(new Error("closed"));
    const cancel = clock.after(limitMs, () => fail(new Error(`MongoDB did not answer within ${limitMs} ms`)));
    signal.addEventListener("abort", breakOff, { once: true });
    if (signal.aborted) breakOff();
    work.then((answer) => {
      end();
      resolve(answer);
    }, fail);
  });
}

async function closeSoon(
  stream: ChangeStream,
  asked: Promise<unknown> | undefined,
  clock: Clock,
): Promise<void> {
  // Whoever asked has been answered, or has given up.
  asked?.catch(() => undefined);
  const closed = stream.close().catch(() => undefined);
  await Promise.race([closed, sleep(clock, CLOSE_WITHIN_MS)]);
}
