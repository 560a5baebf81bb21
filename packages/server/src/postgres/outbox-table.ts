import { LiveError } from "@livecache/wire";
import { invalidOption } from "../base/check.ts";
import type { Row, RunSql } from "./database.ts";
import { createRelayLock } from "./relay-lock.ts";
import type { RelayLock } from "./relay-lock.ts";
import type { TextStatement } from "./transaction.ts";

/** The tables of one outbox, and what is asked of them. */
export interface OutboxTable {
  /** As it was given: `outbox` or `schema.outbox`. */
  readonly name: string;
  /** Who relays. */
  readonly lock: RelayLock;
  /** The channel of LISTEN on which a commit is told. */
  readonly channel: string;
  /** Creates what is missing. */
  migrate(run: RunSql): Promise<void>;
  /** The statements that `migrate` runs. */
  readonly schema: readonly string[];
  /** Adds one change. */
  insert(changeId: string, change: string): TextStatement;
  /** Where the outbox stands. */
  look(run: RunSql): Promise<OutboxState>;
  /**
   * Gives the next places to committed rows that have none, in the order in which they were written. Until that is committed nobody else
   * does, so places become visible in their order.
   */
  number(run: RunSql): Promise<NumberedRows>;
  /** Reads rows behind a place, in order. */
  read(run: RunSql, after: number): Promise<readonly OutboxRow[]>;
  /** Notes how far it was relayed. */
  acknowledge(run: RunSql, place: number): Promise<void>;
  /** Begins to count anew, because this database knows less than the log: places of before are those of another outbox. */
  renew(run: RunSql): Promise<void>;
  /** Removes some rows that were relayed and are older than this, or too many; answers whether there may be more. */
  sweep(run: RunSql, keepMs: number): Promise<boolean>;
}

/** Where an outbox stands. */
export interface OutboxState {
  /** Random word of this outbox. */
  readonly identity: string;
  /** The last place that was given to a row. */
  readonly numbered: number;
  /** The last place that is known to have been relayed. */
  readonly relayed: number;
  /** The last place whose row has been removed. */
  readonly swept: number;
}

/** A row that has a place. */
export interface OutboxRow {
  readonly id: string;
  readonly place: number;
  readonly changeId: string;
  readonly change: string;
}

/** Rows that have been given places, and which places were given before and after that. */
export interface NumberedRows {
  readonly rows: readonly OutboxRow[];
  readonly base: number;
  readonly numbered: number;
}

/** How many rows are read at a time. */
const ROWS_AT_ONCE = 200;

/** How many rows are removed at a time, and how many relayed ones are kept at most. */
const SWEPT_AT_ONCE = 5_000;
const MAX_KEPT_ROWS = 100_000;

const NAME = /^(?:[a-z_][a-z0-9_]{0,39}\.)?[a-z_][a-z0-9_]{0,39}$/;

/**
 * Describes the tables of an outbox. With `notifies` each commit wakes whoever relays.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for a name that would have to be quoted, or is too long
 */
export function createOutboxTable(name: unknown, notifies: boolean): OutboxTable {
  if (typeof name !== "string" || !NAME.test(name)) {
    const rule = "a name of letters in lower case, digits and _, at most 40, maybe behind a schema and a dot";
    throw invalidOption("openOutbox: table", rule, name);
  }
  const channel = name.replace(".", "_");
  const schema = schemaOf(name);
  return {
    name,
    lock: createRelayLock(name),
    channel,
    schema,
    async migrate(run) {
      for (const statement of schema) await run(statement);
    },
    insert(changeId, change) {
      const written = `INSERT INTO ${name} (change_id, change) VALUES ($1, $2)`;
      const sql = notifies ? `WITH written AS (${written}) SELECT pg_notify('${channel}', '')` : written;
      return { sql, params: [changeId, change] };
    },
    look: (run) => look(run, name),
    async number(run) {
      // Another relay may have numbered them since this statement began: those it leaves alone.
      const found = await run(
        `WITH fresh AS (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM
           (SELECT id FROM ${name} WHERE place IS NULL ORDER BY id LIMIT ${ROWS_AT_ONCE}) AS unseen),
         relay AS (UPDATE ${name}_relay SET numbered = numbered + (SELECT count(*) FROM fresh)
           WHERE EXISTS (SELECT 1 FROM fresh)
           RETURNING numbered, numbered - (SELECT count(*) FROM fresh) AS base)
         UPDATE ${name} AS o SET place = r.base + n.nth FROM fresh AS n, relay AS r
         WHERE o.id = n.id AND o.place IS NULL
         RETURNING o.id::text AS id, o.place::text AS place, o.change_id, o.change,
           r.base::text AS base, r.numbered::text AS numbered`,
      );
      const rows = found.map(readRow).sort((one, other) => one.place - other.place);
      return { rows, base: Number(found[0]?.["base"]), numbered: Number(found[0]?.["numbered"]) };
    },
    async read(run, after) {
      const rows = await run(
        `SELECT o.id::text AS id, o.place::text AS place, o.change_id, o.change FROM ${name} AS o
         WHERE o.place > $1 ORDER BY o.place LIMIT ${ROWS_AT_ONCE}`,
        [after],
      );
      return rows.map(readRow);
    },
    async acknowledge(run, place) {
      await run(`UPDATE ${name}_relay SET relayed = $1 WHERE relayed <> $1`, [place]);
    },
    async renew(run) {
      await run(
        `UPDATE ${name}_relay SET identity = substr(md5(random()::text || clock_timestamp()::text), 1, 12)`,
      );
    },
    async sweep(run, keepMs) {
      const swept = await run(
        `DELETE FROM ${name} WHERE id IN (
           SELECT o.id FROM ${name} AS o, ${name}_relay AS r WHERE o.place <= r.relayed
           AND (o.written_at < clock_timestamp() - $1 * interval '1 millisecond' OR o.place <= r.relayed - ${MAX_KEPT_ROWS})
           ORDER BY o.place LIMIT ${SWEPT_AT_ONCE})
         RETURNING place::text AS place`,
        [keepMs],
      );
      const last = Math.max(0, ...swept.map((row) => Number(row["place"])));
      if (last > 0) await run(`UPDATE ${name}_relay SET swept = greatest(swept, $1)`, [last]);
      return swept.length === SWEPT_AT_ONCE;
    },
  };
}

function readRow(row: Row): OutboxRow {
  return {
    id: String(row["id"]),
    place: Number(row["place"]),
    changeId: String(row["change_id"]),
    change: String(row["change"]),
  };
}

async function look(run: RunSql, name: string): Promise<OutboxState> {
  const [row] = await run(
    `SELECT identity, numbered::text AS numbered, relayed::text AS relayed, swept::text AS swept FROM ${name}_relay`,
  );
  if (!row) throw missingTable(name);
  return {
    identity: String(row["identity"]),
    numbered: Number(row["numbered"]),
    relayed: Number(row["relayed"]),
    swept: Number(row["swept"]),
  };
}

/** Rows without a place are those that nobody has seen since they were committed. */
function schemaOf(name: string): readonly string[] {
  const index = name.replace(/^.*\./, "");
  return [
    `CREATE TABLE IF NOT EXISTS ${name} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  place bigint UNIQUE,
  change_id text NOT NULL,
  change text NOT NULL,
  written_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`,
    `CREATE INDEX IF NOT EXISTS ${index}_fresh ON ${name} (id) WHERE place IS NULL`,
    `CREATE TABLE IF NOT EXISTS ${name}_relay (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  identity text NOT NULL DEFAULT substr(md5(random()::text || clock_timestamp()::text), 1, 12),
  numbered bigint NOT NULL DEFAULT 0,
  relayed bigint NOT NULL DEFAULT 0,
  swept bigint NOT NULL DEFAULT 0
)`,
    `INSERT INTO ${name}_relay DEFAULT VALUES ON CONFLICT DO NOTHING`,
  ];
}

/** The error for an outbox whose tables are not there. */
export function missingTable(name: string, cause?: unknown): LiveError {
  return new LiveError(
    "LIVE_OUTBOX_MISSING",
    `Outbox: the database has no table ${name}, or not its companion ${name}_relay. Create them with ` +
      `openOutbox(live, { database, migrate: true }), or with the statements that outbox.schema lists.`,
    { cause, details: { table: name } },
  );
}

/** Whether the server says that there is no such table; some libraries wrap what it says. */
export function isMissingTable(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  return (code ?? cause?.code) === "42P01";
}
