import { LiveError } from "@livecache/wire";
import { invalidOption } from "../base/check.ts";
import { checkTags, MAX_CHANGE_TAGS } from "../base/names.ts";
import type { ChangeRequest, PreparedChange } from "../change/change.ts";
import type { LiveEvent } from "../live/event.ts";
import type { Row } from "./database.ts";

/** What happened to a row. */
export interface RowInfo {
  readonly operation: "insert" | "update" | "delete";
  /** Of an update: the row as it was, if the table tells it (`REPLICA IDENTITY FULL`); otherwise `undefined`. */
  readonly old: Row | undefined;
  /** `schema.table`. */
  readonly table: string;
}

/** What a row that was written makes untrue: tags, or tags and events, or nothing. */
export type RowChange =
  readonly string[] | Pick<ChangeRequest<LiveEvent>, "tags" | "identity" | "emit"> | undefined;

/**
 * Says what a row that was written makes untrue. Of a deleted row it is given what the table tells: the key, or all of it with
 * `REPLICA IDENTITY FULL`. Of an update it is asked twice where the row as it was is told, and the tags of both move; events are
 * taken from what it says of the new row. What it throws is reported as a record of which no change can be made.
 */
export type RowMapping = (row: Row, info: RowInfo) => RowChange | Promise<RowChange>;

/** How the rows of a table are mapped. */
export interface TableMapping {
  readonly rows: RowMapping;
  /** What TRUNCATE of the table makes untrue. Without it everything cached is forgotten then. */
  readonly truncate?: readonly string[];
}

/** Tables by name, `issues` or `schema.issues`. */
export type TableMappings = Readonly<Record<string, RowMapping | TableMapping>>;

/** Tables by `schema.table`. */
export type Tables = ReadonlyMap<string, TableMapping>;

const NAME = /^(?:[^."]{1,63}\.)?[^."]{1,63}$/;

/**
 * Reads the mappings of tables.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` for no tables, names that are none, and mappings that are no functions
 */
export function readTables(mappings: TableMappings): Tables {
  const isObject = typeof mappings === "object" && mappings !== null;
  const entries = isObject ? Object.entries(mappings) : [];
  if (entries.length === 0) {
    throw invalidOption(
      "openRowChanges: tables",
      "at least one table, { issues: (row) => [`issue:${row.id}`] }",
      mappings,
    );
  }
  return new Map(entries.map(([name, mapping]) => readTable(name, mapping)));
}

function readTable(name: string, mapping: RowMapping | TableMapping): [string, TableMapping] {
  const option = `openRowChanges: tables.${name}`;
  if (!NAME.test(name)) throw invalidOption(option, "a name like issues or schema.issues", name);
  const table: TableMapping = typeof mapping === "function" ? { rows: mapping } : mapping;
  if (typeof table?.rows !== "function") throw invalidOption(option, "a function (row) => tags", mapping);
  if (table.truncate !== undefined) checkTags(table.truncate, MAX_CHANGE_TAGS);
  return [name.includes(".") ? name : `public.${name}`, table];
}

/** A row that was written, as the log of the database tells it. */
export interface WrittenRow extends RowInfo {
  readonly row: Row;
}

/** Checks a request as `live.change` does. */
export type Prepare = (request: ChangeRequest<LiveEvent>) => Promise<PreparedChange>;

/** Makes a change of a row. Rejects with what the mapping throws, and as `live.change` does for what it answers. */
export async function mapRow(
  { rows }: TableMapping,
  { row, operation, old, table }: WrittenRow,
  prepare: Prepare,
): Promise<PreparedChange> {
  const now = await prepare(requestOf(await rows(row, { operation, old, table })));
  if (operation !== "update" || !old) return now;
  const before = await prepare(requestOf(await rows(old, { operation, old: undefined, table })));
  return { ...now, tags: [...new Set([...now.tags, ...before.tags])] };
}

function requestOf(change: RowChange): ChangeRequest<LiveEvent> {
  if (change === undefined || change === null) return {};
  if (Array.isArray(change)) return { tags: change };
  if (typeof change === "object") return change as ChangeRequest<LiveEvent>;
  throw new LiveError(
    "LIVE_INPUT_INVALID",
    `tables: expected a mapping to answer a list of tags or { tags, emit }, received ${typeof change}.`,
  );
}
