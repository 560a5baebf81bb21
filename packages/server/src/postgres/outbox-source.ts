import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { keepRunning } from "../change/keep-running.ts";
import type { ChangeSink, ChangeSource, RunningSource, SourceChange } from "../ports/change-source.ts";
import { connected } from "./database.ts";
import type { Connection, Database } from "./database.ts";
import { readChange } from "./outbox-row.ts";
import { isMissingTable, missingTable } from "./outbox-table.ts";
import type { OutboxRow, OutboxState, OutboxTable } from "./outbox-table.ts";

/** What the outbox of a database needs to be taken over. */
export interface OutboxSourceParts {
  readonly name: string;
  readonly database: Database;
  readonly table: OutboxTable;
  readonly clock: Clock;
  /** How often rows are looked for without being told of any. */
  readonly pollMs: number;
  /** How long rows are kept after they were relayed. */
  readonly keepMs: number;
}

/** How often rows that were relayed are removed. */
const SWEEP_EVERY_MS = 30_000;

/** How often whoever waits asks for the lock, and how long a holder that has been silent keeps it. */
const ASK_EVERY_MS = 500;
const SILENT_MS = 15_000;

/** While the log is away the connection is used so often, that nobody takes its holder for dead. */
const BEAT_EVERY_MS = 2_000;

/** Makes the source of an outbox: rows that are committed, in the order in which they were found committed. */
export function createOutboxSource(parts: OutboxSourceParts): ChangeSource {
  return { name: parts.name, open: (sink) => openRelay(parts, sink) };
}

function openRelay(
  { database, table, clock, pollMs, keepMs }: OutboxSourceParts,
  sink: ChangeSink,
): RunningSource {
  const bell = createBell(clock);
  return keepRunning({
    sink,
    clock,
    wake: bell.ring,
    async session(closing, settled) {
      try {
        await connected(database, closing, (connection) => relayOver(connection, closing, settled));
      } catch (error) {
        throw isMissingTable(error) ? missingTable(table.name, error) : error;
      }
    },
  });

  async function relayOver(connection: Connection, closing: AbortSignal, settled: () => void): Promise<void> {
    const signal = AbortSignal.any([closing, connection.lost]);
    const relay = createRelay({ connection, table, sink });
    await waitForTurn(connection, signal);
    await connection.listen(table.channel, bell.ring);
    await whileBeating(connection, relay.begin());
    sink.tell({ state: "running" });
    settled();
    await relayOn(relay, connection, signal);
  }

  /** Resolves when this process is the one that relays. */
  async function waitForTurn({ run }: Connection, signal: AbortSignal): Promise<void> {
    while (!(await table.lock.take(run))) {
      sink.tell({ state: "waiting" });
      await table.lock.endSilentHolder(run, SILENT_MS);
      await sleep(clock, ASK_EVERY_MS, signal);
      refuseEnded(signal);
    }
  }

  async function relayOn(relay: Relay, connection: Connection, signal: AbortSignal): Promise<void> {
    let sweepsAtMs = clock.now();
    for (;;) {
      refuseEnded(signal);
      const rung = bell.next(signal, pollMs);
      const found = await whileBeating(connection, relay.next());
      if (found) continue;
      if (clock.now() >= sweepsAtMs) {
        const isMore = await table.sweep(connection.run, keepMs);
        sweepsAtMs = clock.now() + (isMore ? 0 : SWEEP_EVERY_MS);
      }
      await rung;
    }
  }

  /** Uses the connection now and then while the work, which may wait for the log, goes on. */
  async function whileBeating<T>(connection: Connection, work: Promise<T>): Promise<T> {
    const over = new AbortController();
    const beats = beat(connection, over.signal);
    try {
      return await work;
    } finally {
      over.abort();
      await beats;
    }
  }

  async function beat({ run }: Connection, over: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(clock, BEAT_EVERY_MS, over);
      if (over.aborted) return;
      // A connection that is lost is found out by whoever needs it next.
      await run("SELECT 1").catch(() => undefined);
    }
  }
}

/** Hands over what stands in an outbox. */
interface Relay {
  /** Finds out where to begin, and hands over what waits there. */
  begin(): Promise<void>;
  /** Hands over the next rows; answers whether there were any. */
  next(): Promise<boolean>;
}

interface RelayParts {
  readonly connection: Connection;
  readonly table: OutboxTable;
  readonly sink: ChangeSink;
}

function createRelay({ connection, table, sink }: RelayParts): Relay {
  const { run } = connection;
  let identity = "";
  /** The row that was handed over last. */
  let at = 0;
  /** All places that were given up to this one have been handed over. */
  let known = -1;
  const placeOf = (place: number): string => `${identity}.${place}`;

  async function handOver(rows: readonly OutboxRow[]): Promise<void> {
    let good: SourceChange[] = [];
    for (const row of rows) {
      const place = placeOf(row.place);
      try {
        good.push({ place, ...readChange(row) });
      } catch (error) {
        await sink.take(good);
        good = [];
        await sink.refuse({ place, record: `row ${row.id} of ${table.name}`, error });
      }
    }
    await sink.take(good);
    at = rows.at(-1)!.place;
    // Nobody waits for it: whoever needs the connection next finds out that it is lost.
    void table.acknowledge(run, at).catch(() => undefined);
  }

  /** Hands over what has a place, whoever gave it. */
  async function catchUp(): Promise<void> {
    for (;;) {
      const rows = await table.read(run, at);
      if (rows.length === 0) return;
      await handOver(rows);
    }
  }

  /** What the place that the log has says about where to begin; a text when changes are missing. */
  function judge(place: string | undefined, state: OutboxState): number | string {
    const [word, number] = place?.split(".") ?? [];
    // The log knows nothing, or another outbox: this one knows what it has handed over.
    if (word !== state.identity) return state.relayed;
    const stood = Number(number);
    if (stood > state.numbered) {
      return `the log has taken over ${stood} changes and the database knows of ${state.numbered}: it was set back`;
    }
    if (stood < state.swept) {
      return `the log was set back to ${stood}, and rows are kept from ${state.swept + 1} on`;
    }
    return stood;
  }

  return {
    async begin() {
      const place = await sink.place();
      const state = await table.look(run);
      ({ identity } = state);
      const from = judge(place, state);
      if (typeof from === "number") {
        at = from;
        await catchUp();
        known = state.numbered;
        return;
      }
      await table.renew(run);
      ({ identity } = await table.look(run));
      at = Math.min(state.relayed, state.numbered);
      await sink.gap({ place: placeOf(at), reason: from });
      await catchUp();
      known = state.numbered;
    },
    async next() {
      const { rows, base, numbered } = await table.number(run);
      if (rows.length === 0) return false;
      // Nobody has given places since, so these are the next ones.
      if (base === known) await handOver(rows);
      else await catchUp();
      known = numbered;
      return true;
    },
  };
}

/** Something that several ring and one waits for. */
function createBell(clock: Clock) {
  let ring = (): void => undefined;
  return {
    ring: (): void => ring(),
    /** Resolves when it is rung from now on, after a while, or when the signal is aborted. */
    next(signal: AbortSignal, withinMs: number): Promise<void> {
      const rung = new AbortController();
      ring = () => rung.abort();
      return sleep(clock, withinMs, AbortSignal.any([signal, rung.signal]));
    },
  };
}

function refuseEnded(signal: AbortSignal): void {
  if (signal.aborted) throw new Error("PostgreSQL: the connection was lost");
}
