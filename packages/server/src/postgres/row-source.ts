import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { keepRunning } from "../change/keep-running.ts";
import type { ChangeSink, ChangeSource, RunningSource } from "../ports/change-source.ts";
import { connected } from "./database.ts";
import type { Connection, Database } from "./database.ts";
import type { Prepare } from "./row-mapping.ts";
import { formatLsn, formatPlace, parsePlace } from "./row-place.ts";
import type { RowPlace } from "./row-place.ts";
import { checkSetup, findSlot, giveHints, mayNotReplicate } from "./row-setup.ts";
import type { RowSetup, SlotState } from "./row-setup.ts";
import { openRowStream } from "./row-stream.ts";
import type { RowStream } from "./row-stream.ts";
import { createTransactions } from "./row-transactions.ts";
import type { Transactions } from "./row-transactions.ts";

/** What the log of a database needs to be taken over. */
export interface RowSourceParts {
  readonly setup: RowSetup;
  readonly connectionString: string;
  /** Connections for asking. */
  readonly database: Database;
  /** Connections of the replication protocol, for asking which server this is. */
  readonly replication: Database;
  readonly prepare: Prepare;
  readonly clock: Clock;
}

/** How often whoever waits looks whether the slot is free. */
const ASK_EVERY_MS = 500;

/** The slot is moved on over what does not concern us when there is so much of it, or after so long. */
const PASSED_BYTES = 16n * 1_048_576n;
const PASSED_MS = 300_000;

/** Makes the source of a database's log: transactions in the order of their commits, rows mapped to tags. */
export function createRowSource(parts: RowSourceParts): ChangeSource {
  return { name: parts.setup.slot, open: (sink) => openReader(parts, sink) };
}

function openReader(parts: RowSourceParts, sink: ChangeSink): RunningSource {
  const { setup, connectionString, database, replication, prepare, clock } = parts;
  const { slot, publication, tables } = setup;
  let hasHinted = false;

  /** Waits until nobody reads the slot, and answers where it stands. */
  async function waitForSlot(connection: Connection, signal: AbortSignal): Promise<SlotState> {
    for (;;) {
      refuseEnded(signal);
      const state = await findSlot(connection, setup);
      if (!state.isActive) return state;
      sink.tell({ state: "waiting" });
      await sleep(clock, ASK_EVERY_MS, signal);
    }
  }

  /** Where to begin. Says that changes are missing when they are. */
  async function begin(slotState: SlotState, history: string): Promise<RowPlace> {
    const known = await sink.place();
    const standing: RowPlace = { history, lsn: slotState.confirmed - 1n };
    const reason = gapBetween(known, standing, slotState);
    if (reason !== undefined) {
      await sink.gap({ place: formatPlace(standing), reason });
      return standing;
    }
    return parsePlace(known) ?? standing;
  }

  function prepareSession(signal: AbortSignal): Promise<RowPlace> {
    return connected(database, signal, async (connection) => {
      await checkSetup(connection, setup);
      if (!hasHinted) await giveHints(connection, setup);
      hasHinted = true;
      const history = await identify(replication);
      return begin(await waitForSlot(connection, AbortSignal.any([signal, connection.lost])), history);
    });
  }

  async function stream(from: RowPlace, signal: AbortSignal, settled: () => void): Promise<void> {
    const passing = createPassing(clock, from.lsn);
    const transactions: Transactions = createTransactions({
      ...{ sink, tables, prepare, from },
      onTaken(lsn) {
        passing.stands(lsn);
        opened.confirm(lsn);
      },
      onFailed: (error) => opened.fail(error),
    });
    const opened: RowStream = openRowStream({
      ...{ connectionString, slot, publication, clock, signal },
      // Of a transaction that is done in part nothing is done, as far as the slot is concerned.
      confirmed: from.rows === undefined ? from.lsn + 1n : from.lsn,
      onMessage: transactions.next,
      async onReached(lsn, isAsked) {
        if (transactions.isIdle() && passing.isWorth(lsn, isAsked)) await transactions.pass(lsn - 1n);
      },
      onStarted() {
        sink.tell({ state: "running" });
        settled();
      },
    });
    try {
      await opened.ended;
    } finally {
      // What is on its way to the log still is: the next session begins behind it.
      await transactions.settled().catch(() => undefined);
    }
  }

  return keepRunning({
    sink,
    clock,
    async session(signal, settled) {
      const from = await prepareSession(signal);
      try {
        await stream(from, signal, settled);
      } catch (error) {
        // Somebody was quicker: the next session waits.
        if ((error as { code?: unknown } | undefined)?.code === "55006") sink.tell({ state: "waiting" });
        else throw error;
      }
    },
  });
}

/** Why changes are missing between what the log knows and what the slot can tell; `undefined` when none are. */
function gapBetween(known: string | undefined, standing: RowPlace, slot: SlotState): string | undefined {
  if (slot.isNew) return "the slot is new: what was written before is not known";
  // A log that has lost its data: nothing older than the slot stands is missing in it.
  if (known === undefined) return undefined;
  const place = parsePlace(known);
  if (!place) return `the log stands at ${known}, which is no place of this source`;
  if (place.history !== standing.history) {
    return `the log knows server and timeline ${place.history}, and this is ${standing.history}`;
  }
  // Of the slot nothing is confirmed that the log does not have.
  const isBehind = place.lsn < standing.lsn || (place.lsn === standing.lsn && place.rows !== undefined);
  if (!isBehind) return undefined;
  return `the log was set back to ${formatLsn(place.lsn)}, and the slot tells what comes after ${formatLsn(standing.lsn)}`;
}

/** Which server this is, and which of its histories: both change when another takes over or a copy is brought back. */
async function identify(replication: Database): Promise<string> {
  const connection = await replication.connect().catch((error: unknown) => {
    throw (error as { code?: unknown } | undefined)?.code === "42501" ? mayNotReplicate(error) : error;
  });
  try {
    const [row] = await connection.run("IDENTIFY_SYSTEM");
    return `${String(row?.["systemid"])}-${String(row?.["timeline"])}`;
  } finally {
    await connection.close();
  }
}

/** Decides when it is worth while to tell our log, and the slot, of a place where nothing has happened. */
function createPassing(clock: Clock, from: bigint) {
  let stood = from;
  let sinceMs = clock.now();
  return {
    stands(lsn: bigint): void {
      stood = lsn;
      sinceMs = clock.now();
    },
    /** The server asks when it is about to stop, and waits for the answer. */
    isWorth(reached: bigint, isAsked: boolean): boolean {
      const passed = reached - 1n - stood;
      if (passed <= 0n) return false;
      return isAsked || passed >= PASSED_BYTES || clock.now() - sinceMs >= PASSED_MS;
    },
  };
}

function refuseEnded(signal: AbortSignal): void {
  if (signal.aborted) throw new Error("PostgreSQL: the connection was lost");
}
