import { LiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { refuseUnknown } from "../base/check.ts";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { randomWord } from "../base/ids.ts";
import type { Tracing } from "../base/tracing.ts";
import type { ChangeRecord } from "../ports/change-log.ts";
import type { ChangeRequest, ChangeResult, Changes, PreparedChange } from "./change.ts";

/** A change as it is written beside the data that it speaks of. */
export interface WrittenChange extends PreparedChange {
  readonly changeId: string;
  /** W3C `traceparent` of the write, if it had one. */
  readonly trace?: string | undefined;
}

/** Writes changes into transactions of the application, and sees that they are taken over once those are committed. */
export interface Outbox {
  /** Writes a change through the application's transaction. Rejects with what that rejects with. */
  write(transaction: unknown, change: WrittenChange): Promise<void>;
  /** Looks for committed changes at once. */
  wake(): void;
}

/** What `changeIn` may say: neither `wait` nor `delayedAgain`, because the change is made later, and maybe by another process. */
export type ChangeInRequest<Event> = Omit<ChangeRequest<Event>, "wait" | "delayedAgain">;

/** How a change that was written into a transaction stands, after waiting for it. */
export interface RelayResult {
  readonly changeId: string;
  /** Whether it stands in the log. Otherwise it waits in the database, and only its tags have been moved. */
  readonly relayed: boolean;
  /** Where it, or the move of its tags, stands. Absent while the ground is away: this node obeys it, the others will be told. */
  readonly position: Position | undefined;
}

/** A change that stands in a transaction. */
export interface ChangeInResult {
  readonly changeId: string;
  /**
   * Waits until the change stands in the log, for the one case that needs it: this request goes on to read what it has changed, or its
   * response is to say so to its client. Call it after the commit, never before. When that takes longer than `within` (default a second,
   * at most a minute), the tags are moved at once as `live.change` does it, and the events follow when they are relayed.
   *
   * Never rejects because the ground or the database is away; `LIVE_CLOSED` when this node ends.
   */
  relayed(options?: { readonly within?: Duration }): Promise<RelayResult>;
}

/** Changes of one node in transactions of its application. */
export interface ChangesIn<Event> {
  changeIn(transaction: unknown, request: ChangeInRequest<Event>): Promise<ChangeInResult>;
  /**
   * Has changes written to this outbox from now on, until the answer is called.
   *
   * @throws LiveError `LIVE_OPTIONS_INVALID` when there is one already
   */
  use(outbox: Outbox): () => void;
  /** Told of every record of the log. */
  apply(record: Pick<ChangeRecord, "changeId" | "position">): void;
}

/** What changes in transactions need from their surroundings. */
export interface ChangesInParts<Event> {
  readonly changes: Pick<Changes<Event>, "prepare" | "append">;
  readonly tracing: Pick<Tracing, "tracer">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** This node's reads from now on are at least as new. */
  readonly onAppended: (position: Position) => void;
}

/** How many changes of this node are looked out for in the log. */
const MAX_AWAITED = 10_000;

const MAX_WITHIN_MS = 60_000;

/** Makes the changes in transactions of one node, without an outbox. */
export function createChangesIn<Event>(parts: ChangesInParts<Event>): ChangesIn<Event> {
  const { changes, clock, signal, onAppended } = parts;
  let outbox: Outbox | undefined;
  const awaited = createAwaited();

  async function waitFor(change: WrittenChange, withinMs: number): Promise<RelayResult> {
    const { changeId, tags, mode } = change;
    outbox?.wake();
    const over = new AbortController();
    const position = await Promise.race([
      awaited.find(changeId),
      sleep(clock, withinMs, AbortSignal.any([signal, over.signal])),
    ]);
    over.abort();
    if (signal.aborted) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
    if (position) {
      onAppended(position);
      return { changeId, relayed: true, position };
    }
    const moved: ChangeResult = await changes.append({ tags, mode, events: [] });
    return { changeId, relayed: false, position: moved.position };
  }

  return {
    async changeIn(transaction, request) {
      if (signal.aborted) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
      const written = outbox;
      if (!written) throw noOutbox();
      refuseUnknown("changeIn", request, ["tags", "identity", "emit", "mode"]);
      const prepared = await changes.prepare(request);
      const change: WrittenChange = { changeId: randomWord(16), ...prepared };
      // Before it is written: the transaction may be a single statement, and the relay quick.
      awaited.add(change.changeId);
      await writeTraced(parts.tracing, change, (traced) => written.write(transaction, traced));
      return {
        changeId: change.changeId,
        async relayed(options = {}) {
          refuseUnknown("relayed", options, ["within"]);
          const withinMs = durationMs("relayed: within", options.within ?? "1s");
          if (withinMs > MAX_WITHIN_MS) {
            throw new LiveError(
              "LIVE_INPUT_INVALID",
              `relayed: within is ${withinMs} ms, at most ${MAX_WITHIN_MS} are allowed.`,
            );
          }
          return waitFor(change, withinMs);
        },
      };
    },
    use(opened) {
      if (outbox) {
        throw new LiveError(
          "LIVE_OPTIONS_INVALID",
          "openOutbox: this instance of Livecache has an outbox already.",
        );
      }
      outbox = opened;
      return () => {
        if (outbox === opened) outbox = undefined;
      };
    },
    apply: awaited.apply,
  };
}

/** Looks out for changes in the log; the oldest are forgotten beyond the bound, and then are never found. */
function createAwaited() {
  interface Awaited {
    readonly found: Promise<Position>;
    readonly settle: (position: Position) => void;
  }
  const awaited = new Map<string, Awaited>();
  return {
    add(changeId: string): void {
      const { promise: found, resolve: settle } = deferred<Position>();
      awaited.set(changeId, { found, settle });
      if (awaited.size > MAX_AWAITED) awaited.delete(awaited.keys().next().value!);
    },
    find: (changeId: string): Promise<Position> =>
      awaited.get(changeId)?.found ?? new Promise(() => undefined),
    apply({ changeId, position }: Pick<ChangeRecord, "changeId" | "position">): void {
      awaited.get(changeId)?.settle(position);
    },
  };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Writes a change, with the trace context of whatever follows the work of this node. */
async function writeTraced(
  { tracer }: ChangesInParts<never>["tracing"],
  change: WrittenChange,
  write: (change: WrittenChange) => Promise<void>,
): Promise<void> {
  if (!tracer) return write(change);
  const { changeId, tags, events } = change;
  await tracer.change({ changeId, tags: tags.length, events: events.length }, async (trace) => {
    await write({ ...change, trace });
    return { scope: "written" };
  });
}

function noOutbox(): LiveError {
  return new LiveError(
    "LIVE_OUTBOX_MISSING",
    "changeIn: there is no outbox to write to, so the change would be lost with the transaction's process. Open one first: " +
      'import { openOutbox } from "livecache/postgres"; const outbox = await openOutbox(live, { database: pool }).',
  );
}
