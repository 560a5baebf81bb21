import { LogicalReplicationService, PgoutputPlugin } from "pg-logical-replication";
import type { Pgoutput } from "pg-logical-replication";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Row } from "./database.ts";
import { answered } from "./deadline.ts";
import { formatLsn, parseLsn } from "./row-place.ts";
import type { WrittenRow } from "./row-mapping.ts";

/** What a log tells, as far as it is of interest. */
export type RowMessage =
  | { readonly tag: "begin"; readonly lsn: string }
  | { readonly tag: "commit" }
  | ({ readonly tag: "row" } & WrittenRow)
  | { readonly tag: "truncate"; readonly tables: readonly string[] }
  /** A message about a row that the library could not read. */
  | { readonly tag: "broken"; readonly record: string; readonly error: unknown };

/** What a stream of a log is opened with. */
export interface RowStreamOptions {
  readonly connectionString: string;
  readonly slot: string;
  readonly publication: string;
  readonly clock: Clock;
  /** Where the slot is to stand: every transaction whose commit begins before it is done. */
  readonly confirmed: bigint;
  /** Takes each message; the next comes when it resolves. What it rejects with ends the stream. */
  readonly onMessage: (message: RowMessage) => Promise<void>;
  /** Told now and then, in the order of messages, how far the log has been read; `isAsked` when the server wants to know how far we are. */
  readonly onReached: (lsn: bigint, isAsked: boolean) => Promise<void>;
  readonly onStarted: () => void;
  /** Ends the stream. */
  readonly signal: AbortSignal;
}

/** A stream that has been begun. */
export interface RowStream {
  /** Tells the server that everything whose commit begins at or before an LSN is done, for good. */
  confirm(lsn: bigint): void;
  /** Ends it with an error. */
  fail(error: unknown): void;
  /** Rejects with what went wrong; resolves when the signal was aborted. */
  readonly ended: Promise<void>;
}

/** How often the server is told how far we are, whether or not that has changed, and asked whether it is there. */
const CONFIRM_EVERY_MS = 3_000;

/** A server that has said nothing for so long, though it was asked, is gone. */
const SILENT_MS = 15_000;

/** What the library makes of the log, and of what it cannot read. */
type Told = Pgoutput.Message | { readonly tag: "broken"; readonly error: unknown; readonly isOfRow: boolean };

/** A parser that throws would do so in an event of the connection, which would end the process. */
class CarefulPlugin extends PgoutputPlugin {
  /** How many messages have arrived: each is read before the library puts it into its line. */
  arrived = 0;

  override parse(buffer: Buffer): Pgoutput.Message {
    this.arrived++;
    try {
      return super.parse(buffer);
    } catch (error) {
      const isOfRow = "IUD".includes(String.fromCharCode(buffer[0] ?? 0));
      const broken: Told = { tag: "broken", error, isOfRow };
      return broken as unknown as Pgoutput.Message;
    }
  }
}

/**
 * Reads the log of a database through a slot. Of the library we use the connection, the flow control and the parser; how far the log
 * has been taken over is said by us only: what it acknowledges by itself is what has arrived.
 */
export function openRowStream(options: RowStreamOptions): RowStream {
  const { connectionString, slot, publication, clock, signal } = options;
  const service = new LogicalReplicationService(
    { connectionString, connectionTimeoutMillis: 5_000, application_name: `livecache ${slot}` },
    { acknowledge: { auto: false, timeoutSeconds: 0 }, flowControl: { enabled: true } },
  );
  const plugin = new CarefulPlugin({ protoVersion: 1, publicationNames: [publication] });
  let { confirmed } = options;
  let heardAtMs = clock.now();
  let handled = 0;
  const over = new AbortController();
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });

  const isBusy = (): boolean => handled < plugin.arrived;

  async function handle(told: Told): Promise<void> {
    const message = readMessage(told);
    if (message && !over.signal.aborted) await options.onMessage(message);
    handled++;
    heardAtMs = clock.now();
  }

  service.on("error", fail);
  service.on("start", options.onStarted);
  // The library waits for each before it tells the next.
  let handling: Promise<void> = Promise.resolve();
  service.on("data", (_: string, told: Told) => (handling = handle(told).catch(fail)));
  let reaching = Promise.resolve();
  service.on("heartbeat", (lsn: string, _: number, isAsked: boolean) => {
    heardAtMs = clock.now();
    // This one the library tells at once, also before messages that have arrived earlier: then nothing is known yet.
    if (!isBusy() && !over.signal.aborted) reaching = options.onReached(parseLsn(lsn), isAsked).catch(fail);
  });

  /** The library adds one to what it is given. */
  function send(isAsking: boolean): void {
    void service.acknowledge(formatLsn(confirmed - 1n), isAsking).catch(fail);
  }

  async function keepInTouch(): Promise<void> {
    while (!over.signal.aborted) {
      await sleep(clock, CONFIRM_EVERY_MS, over.signal);
      // While something waits for our log nothing is read.
      if (!isBusy() && clock.now() - heardAtMs > SILENT_MS)
        fail(new Error("PostgreSQL: the stream has gone silent"));
      send(true);
    }
  }

  async function read(): Promise<void> {
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    const touch = keepInTouch();
    // From where the slot stands: what it sends again is known by its place.
    const subscription = service.subscribe(plugin, slot, "0/0").then(() => {
      throw new Error("PostgreSQL: the server has ended the stream");
    });
    try {
      if (!signal.aborted) await Promise.race([subscription, failed, stopped]);
    } finally {
      over.abort();
      subscription.catch(() => undefined);
      failed.catch(() => undefined);
      await answered(clock, service.destroy(), { what: "end of the stream", limitMs: 1_000 }).catch(
        () => undefined,
      );
      await Promise.all([touch, reaching, handling]);
    }
  }

  return {
    confirm(lsn) {
      confirmed = lsn + 1n;
      send(false);
    },
    fail: (error) => fail(error),
    ended: read(),
  };
}

function readMessage(told: Told): RowMessage | undefined {
  switch (told.tag) {
    case "begin":
      return { tag: "begin", lsn: told.commitLsn ?? "0/0" };
    case "commit":
      return { tag: "commit" };
    case "insert":
      return {
        tag: "row",
        operation: "insert",
        table: nameOf(told.relation),
        row: told.new as Row,
        old: undefined,
      };
    case "update": {
      const old = (told.old ?? undefined) as Row | undefined;
      return { tag: "row", operation: "update", table: nameOf(told.relation), row: told.new as Row, old };
    }
    case "delete": {
      const row = (told.old ?? told.key ?? {}) as Row;
      return { tag: "row", operation: "delete", table: nameOf(told.relation), row, old: undefined };
    }
    case "truncate":
      return { tag: "truncate", tables: told.relations.map(nameOf) };
    case "broken":
      if (!told.isOfRow) throw told.error;
      return { tag: "broken", record: "a row that cannot be read", error: told.error };
    default:
      return undefined;
  }
}

function nameOf({ schema, name }: Pgoutput.MessageRelation): string {
  return `${schema}.${name}`;
}
