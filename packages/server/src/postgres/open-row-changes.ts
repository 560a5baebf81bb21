import { LiveError } from "@livecache/wire";
import type { Contract } from "@livecache/wire";
import type { Live } from "../assembly/create-live.ts";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { checkPoison } from "../change/sources.ts";
import type { OpenSource, SourceOptions } from "../change/sources.ts";
import { findDatabase } from "./find-database.ts";
import { readTables } from "./row-mapping.ts";
import type { TableMappings } from "./row-mapping.ts";
import type { RowSetup } from "./row-setup.ts";

/** Options of {@link openRowChanges}. */
export interface RowChangesOptions extends SourceOptions {
  /** `postgresql://user:password@host/database`. The user may replicate. It has to reach PostgreSQL itself, no pooler. */
  readonly connectionString: string;
  /** Name of the replication slot; it is made when it is missing. Default `livecache`. Each realm of each ground needs its own. */
  readonly slot?: string;
  /** Name of the publication; it is made for the tables when it is missing. Default `livecache`. */
  readonly publication?: string;
  /** What rows of which tables make untrue. Rows of other tables are passed over. */
  readonly tables: TableMappings;
}

/**
 * Reads what any program commits to tables of a PostgreSQL from its log, and moves the tags that the rows are mapped to: of each
 * transaction in one change, in the order of the commits, each once. Of all processes that have it open one reads. It goes on in the
 * background: a database or ground that is away is waited for.
 *
 * A slot keeps the database's log for whoever reads it: drop it when nobody will.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`. A database that is set up otherwise is told by `status()` and a warning: `state` is then
 * `"stopped"`, and `error` (`LIVE_SOURCE_REFUSED`) says which statement puts it right
 */
export async function openRowChanges<C extends Contract>(
  live: Pick<Live<C>, "door">,
  options: RowChangesOptions,
): Promise<OpenSource> {
  refuseUnknown("openRowChanges", options, ["connectionString", "slot", "publication", "tables", "poison"]);
  const { durable, clock, warn } = live.door;
  const { connectionString, slot = "livecache", publication = "livecache", poison = "skip" } = options;
  checkPoison("openRowChanges", poison);
  const setup: RowSetup = {
    slot: plainName("slot", slot),
    publication: plainName("publication", publication),
    tables: readTables(options.tables),
    warn,
  };
  const { createRowSource } = await loadReader();
  const source = createRowSource({
    setup,
    connectionString,
    database: await findDatabase(connectionString, clock),
    replication: await findDatabase(connectionString, clock, { replication: "database" }),
    prepare: durable.prepare,
    clock,
  });
  return durable.open(source, { poison });
}

/** Its library is needed by nobody else. */
async function loadReader() {
  try {
    return await import("./row-source.ts");
  } catch (cause) {
    throw new LiveError(
      "LIVE_OPTIONS_INVALID",
      "openRowChanges: the packages are needed: npm install pg pg-logical-replication",
      { cause },
    );
  }
}

function plainName(option: string, name: unknown): string {
  if (typeof name === "string" && /^[a-z_][a-z0-9_]{0,62}$/.test(name)) return name;
  throw invalidOption(`openRowChanges: ${option}`, "1 to 63 letters in lower case, digits and _", name);
}
