import { LiveError } from "@livecache/wire";
import type { Connection, RunSql } from "./database.ts";
import { quoteName } from "./database.ts";
import { parseLsn } from "./row-place.ts";
import type { Tables } from "./row-mapping.ts";

/** What is set up in the database for reading its log. */
export interface RowSetup {
  readonly slot: string;
  readonly publication: string;
  readonly tables: Tables;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** A slot: what it has been told to be done, and whether it was made just now. */
export interface SlotState {
  /** Every transaction whose commit begins before this is done. */
  readonly confirmed: bigint;
  readonly isNew: boolean;
  /** Whether somebody reads it now. */
  readonly isActive: boolean;
}

/** How much the server may keep for a slot before that is worth a warning. */
const MUCH_BYTES = 1_073_741_824;

/**
 * Checks that the database can be read row by row, and creates the publication when it is missing.
 *
 * Rejects with `LIVE_SOURCE_REFUSED`, saying which statement puts it right.
 */
export async function checkSetup({ run }: Connection, { publication, tables }: RowSetup): Promise<void> {
  const [level] = await run("SHOW wal_level");
  if (level?.["wal_level"] !== "logical") {
    throw refused(
      `wal_level is ${String(level?.["wal_level"])}, and has to be logical`,
      "ALTER SYSTEM SET wal_level = 'logical'; and start PostgreSQL again (rds.logical_replication = 1 at Amazon)",
    );
  }
  await createPublication(run, publication, tables);
  await checkPublication(run, publication, tables);
}

async function createPublication(run: RunSql, publication: string, tables: Tables): Promise<void> {
  const found = await run("SELECT 1 FROM pg_publication WHERE pubname = $1", [publication]);
  if (found.length > 0) return;
  const names = [...tables.keys()].map((table) => table.split(".").map(quoteName).join("."));
  const statement = `CREATE PUBLICATION ${publication} FOR TABLE ${names.join(", ")}`;
  try {
    await run(statement);
  } catch (error) {
    const { code } = error as { code?: unknown };
    // Another process was quicker.
    if (code === "42710") return;
    throw refused(
      `there is no publication ${publication}, and it cannot be created`,
      `as owner of the tables: ${statement};`,
      error,
    );
  }
}

async function checkPublication(run: RunSql, publication: string, tables: Tables): Promise<void> {
  const published = await run(
    "SELECT schemaname || '.' || tablename AS name FROM pg_publication_tables WHERE pubname = $1",
    [publication],
  );
  const names = new Set(published.map((row) => String(row["name"])));
  const missing = [...tables.keys()].filter((table) => !names.has(table));
  if (missing.length === 0) return;
  throw refused(
    `publication ${publication} does not have ${missing.join(", ")}`,
    `ALTER PUBLICATION ${publication} ADD TABLE ${missing.join(", ")}; (if there is such a table)`,
  );
}

/** Warns of what is possible, and will be regretted: tables that do not say what a row was, and a log that grows without bound. */
export async function giveHints({ run }: Connection, { slot, tables, warn }: RowSetup): Promise<void> {
  const known = await run(
    `SELECT n.nspname || '.' || c.relname AS name, c.relreplident AS identity,
       EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS has_key
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname || '.' || c.relname = ANY($1) AND c.relreplident <> 'f'`,
    [[...tables.keys()]],
  );
  for (const { name, identity, has_key: hasKey } of known) {
    const isRefused = identity === "n" || (identity === "d" && hasKey !== true);
    const what = isRefused
      ? "has no key that tells rows apart: PostgreSQL refuses to update and delete its rows"
      : "tells only the key of a row that was deleted, and nothing of what an updated one was: tags that come from other columns do not move then";
    warn(`Row changes: ${String(name)} ${what}`, {
      fix: `ALTER TABLE ${String(name)} REPLICA IDENTITY FULL;`,
    });
  }
  const [size] = await run("SELECT current_setting('max_slot_wal_keep_size') AS bound");
  if (size?.["bound"] === "-1") {
    warn(`Row changes: while nobody reads slot ${slot}, PostgreSQL keeps its log without bound`, {
      fix: "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'; SELECT pg_reload_conf(); and drop slots that nobody reads any more",
    });
  }
}

/** Finds the slot, makes it when it is missing, and makes it anew when the server has given it up. */
export async function findSlot({ run }: Connection, { slot, warn }: RowSetup): Promise<SlotState> {
  const [found] = await run(
    `SELECT plugin, slot_type, database = current_database() AS is_ours, active, wal_status,
       confirmed_flush_lsn::text AS confirmed,
       pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::text AS kept
     FROM pg_replication_slots WHERE slot_name = $1`,
    [slot],
  );
  if (!found) return createSlot(run, slot);
  if (found["plugin"] !== "pgoutput" || found["is_ours"] !== true) {
    throw refused(
      `slot ${slot} is of another kind or another database (plugin ${String(found["plugin"])})`,
      "give openRowChanges another name of a slot, or drop that one",
    );
  }
  if (found["wal_status"] === "lost") {
    await run("SELECT pg_drop_replication_slot($1)", [slot]);
    return createSlot(run, slot);
  }
  if (Number(found["kept"]) > MUCH_BYTES) {
    warn(`Row changes: PostgreSQL keeps much of its log for slot ${slot}`, { bytes: Number(found["kept"]) });
  }
  return {
    confirmed: parseLsn(String(found["confirmed"])),
    isNew: false,
    isActive: found["active"] === true,
  };
}

async function createSlot(run: RunSql, slot: string): Promise<SlotState> {
  try {
    const [row] = await run(
      "SELECT lsn::text AS lsn FROM pg_create_logical_replication_slot($1, 'pgoutput')",
      [slot],
    );
    return { confirmed: parseLsn(String(row?.["lsn"])), isNew: true, isActive: false };
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "42501") throw mayNotReplicate(error);
    if (code === "53400") {
      throw refused(
        "all replication slots are in use",
        "raise max_replication_slots, or drop those that nobody reads",
        error,
      );
    }
    throw error;
  }
}

/** The error for a user who may not read the log. */
export function mayNotReplicate(cause: unknown): LiveError {
  const fix = "ALTER ROLE the_user REPLICATION; (GRANT rds_replication TO the_user at Amazon)";
  return refused("the user may not replicate", fix, cause);
}

/** The error for a database that is set up in a way that row changes cannot be read. */
function refused(what: string, fix: string, cause?: unknown): LiveError {
  return new LiveError("LIVE_SOURCE_REFUSED", `openRowChanges: ${what}. ${fix}`, { cause, details: { fix } });
}
