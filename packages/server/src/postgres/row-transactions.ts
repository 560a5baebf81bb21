import type { PreparedChange } from "../change/change.ts";
import type { ChangeSink, SourceChange } from "../ports/change-source.ts";
import { mapRow } from "./row-mapping.ts";
import type { Prepare, Tables, WrittenRow } from "./row-mapping.ts";
import { formatPlace, parseLsn } from "./row-place.ts";
import type { RowPlace } from "./row-place.ts";
import { createRowQueue } from "./row-queue.ts";
import type { RowQueue } from "./row-queue.ts";
import type { RowMessage } from "./row-stream.ts";

/** What reading transactions needs. */
export interface TransactionsParts {
  readonly sink: ChangeSink;
  readonly tables: Tables;
  readonly prepare: Prepare;
  /** Up to where the log has everything. */
  readonly from: RowPlace;
  /** Told whenever the log has taken over everything up to a commit. */
  readonly onTaken: (lsn: bigint) => void;
  /** Told when something could not be handed over. */
  readonly onFailed: (error: unknown) => void;
}

/** Makes changes of the transactions of a database, and hands them over in order of their commits. */
export interface Transactions {
  /** Takes the next message of the log. Messages come one after the other. */
  next(message: RowMessage): Promise<void>;
  /** Resolves when everything that was read has been handed over. */
  settled(): Promise<void>;
  /** Whether that is so. */
  isIdle(): boolean;
  /** Takes the source to a place behind which nothing of interest has been committed. When it is idle only. */
  pass(lsn: bigint): Promise<void>;
}

/** Most tags, subtrees included, and events of one change. */
const MAX_TAGS = 2_000;
const MAX_EVENTS = 100;

/** The transaction that is being read. */
interface OpenTransaction {
  readonly lsn: bigint;
  /** Whether the log has it already: it is read again because the database was not told so. */
  readonly isDone: boolean;
  /** So many of its rows are in the log already. */
  readonly done: number;
  rows: number;
  /** Whether a part of it has been handed over. */
  isSplit: boolean;
  readonly tags: Set<string>;
  events: PreparedChange["events"];
}

/** Hands over what a transaction makes untrue, in one change or in several. */
interface HandOver {
  add(transaction: OpenTransaction, change: PreparedChange): Promise<void>;
  refuse(transaction: OpenTransaction, record: string, error: unknown): Promise<void>;
  gap(transaction: OpenTransaction, reason: string): Promise<void>;
  /** Hands over the rest, if there is anything of the transaction: what the log was told nothing of, is not confirmed. */
  finish(transaction: OpenTransaction): Promise<void>;
}

function createHandOver(sink: ChangeSink, queue: RowQueue, history: string): HandOver {
  const changeOf = ({ lsn, tags, events }: OpenTransaction, rows?: number): SourceChange => {
    const place = formatPlace({ history, lsn, rows });
    return { place, changeId: place, tags: [...tags], mode: "purge", events };
  };

  /** Hands over what there is, which is of the rows before the one in hand. */
  async function flush(transaction: OpenTransaction): Promise<void> {
    if (transaction.tags.size === 0 && transaction.events.length === 0) return;
    const change = changeOf(transaction, transaction.rows - 1);
    transaction.tags.clear();
    transaction.events = [];
    transaction.isSplit = true;
    await queue.push({ change });
  }

  /** Hands over what there is, and answers the place behind the row in hand. */
  async function placeBehind(transaction: OpenTransaction): Promise<string> {
    await flush(transaction);
    await queue.settled();
    transaction.isSplit = true;
    const { lsn, rows } = transaction;
    return formatPlace({ history, lsn, rows });
  }

  return {
    async add(transaction, { tags, events }) {
      const isFull =
        transaction.tags.size + tags.length > MAX_TAGS ||
        transaction.events.length + events.length > MAX_EVENTS;
      if (isFull) await flush(transaction);
      for (const tag of tags) transaction.tags.add(tag);
      if (events.length > 0) transaction.events = [...transaction.events, ...events];
    },
    async refuse(transaction, record, error) {
      await sink.refuse({ place: await placeBehind(transaction), record, error });
    },
    async gap(transaction, reason) {
      await sink.gap({ place: await placeBehind(transaction), reason });
    },
    async finish(transaction) {
      const { isSplit, tags, events } = transaction;
      if (!isSplit && tags.size === 0 && events.length === 0) return;
      await queue.push({ change: changeOf(transaction), lsn: transaction.lsn });
    },
  };
}

/** Makes the reader of transactions of one session. */
export function createTransactions(parts: TransactionsParts): Transactions {
  const { sink, tables, prepare, from, onTaken, onFailed } = parts;
  const { history } = from;
  const queue = createRowQueue({ sink, onTaken, onFailed });
  const handOver = createHandOver(sink, queue, history);
  let open: OpenTransaction | undefined;

  /** Adds what a record makes untrue; a record of which that cannot be said is refused. */
  async function addOr(
    transaction: OpenTransaction,
    record: () => string,
    change: () => Promise<PreparedChange>,
  ): Promise<void> {
    let made: PreparedChange;
    try {
      made = await change();
    } catch (error) {
      await handOver.refuse(transaction, record(), error);
      return;
    }
    await handOver.add(transaction, made);
  }

  async function addRow(transaction: OpenTransaction, written: WrittenRow): Promise<void> {
    const table = tables.get(written.table);
    if (!table) return;
    await addOr(
      transaction,
      () => describeRow(written),
      () => mapRow(table, written, prepare),
    );
  }

  async function truncate(transaction: OpenTransaction, names: readonly string[]): Promise<void> {
    const mapped = names.flatMap((name) => tables.get(name) ?? []);
    const told = mapped.flatMap((table) => (table.truncate ? [table.truncate] : []));
    const what = `TRUNCATE of ${names.join(", ")}`;
    if (told.length < mapped.length) return handOver.gap(transaction, what);
    const tags = told.flat();
    await addOr(
      transaction,
      () => what,
      () => prepare({ tags }),
    );
  }

  async function commit(transaction: OpenTransaction): Promise<void> {
    open = undefined;
    if (!transaction.isDone) await handOver.finish(transaction);
  }

  async function nextRow(transaction: OpenTransaction, message: RowMessage): Promise<void> {
    transaction.rows++;
    if (transaction.isDone || transaction.rows <= transaction.done) return;
    if (message.tag === "row") await addRow(transaction, message);
    if (message.tag === "truncate") await truncate(transaction, message.tables);
    if (message.tag === "broken") await handOver.refuse(transaction, message.record, message.error);
  }

  return {
    async next(message) {
      if (message.tag === "begin") {
        open = beginAfter(from, parseLsn(message.lsn));
        return;
      }
      if (!open) return;
      if (message.tag === "commit") await commit(open);
      else await nextRow(open, message);
    },
    settled: queue.settled,
    isIdle: () => open === undefined && queue.isEmpty(),
    async pass(lsn) {
      const place = formatPlace({ history, lsn });
      await queue.push({ change: { place, changeId: place, tags: [], mode: "purge", events: [] }, lsn });
    },
  };
}

function beginAfter(from: RowPlace, lsn: bigint): OpenTransaction {
  const isSame = lsn === from.lsn;
  return {
    lsn,
    isDone: lsn < from.lsn || (isSame && from.rows === undefined),
    done: isSame ? (from.rows ?? 0) : 0,
    rows: 0,
    isSplit: isSame,
    tags: new Set(),
    events: [],
  };
}

function describeRow({ operation, table, row }: WrittenRow): string {
  const text =
    JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)) ?? "";
  return `${operation} in ${table}: ${text.slice(0, 200)}`;
}
