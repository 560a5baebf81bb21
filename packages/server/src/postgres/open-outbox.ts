import { LiveError } from "@livecache/wire";
import type { Contract } from "@livecache/wire";
import type { Live } from "../assembly/create-live.ts";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { checkPoison } from "../change/sources.ts";
import type { OpenSource, SourceOptions } from "../change/sources.ts";
import { findDatabase } from "./find-database.ts";
import type { DatabaseHandle } from "./find-database.ts";
import type { Database } from "./database.ts";
import { formatChange } from "./outbox-row.ts";
import { createOutboxSource } from "./outbox-source.ts";
import { createOutboxTable, isMissingTable, missingTable } from "./outbox-table.ts";
import type { OutboxTable } from "./outbox-table.ts";
import { runIn } from "./transaction.ts";

/** Options of {@link openOutbox}. */
export interface OutboxOptions extends SourceOptions {
  /**
   * The database of the application: a pool of `pg`, a PGlite, or a connection string. The relay has a connection of its own, which has to
   * reach PostgreSQL itself, not a pooler that hands out one session to many.
   */
  readonly database: DatabaseHandle;
  /** Name of the table, maybe behind its schema and a dot. Default `livecache_outbox`. Each realm of each ground needs its own. */
  readonly table?: string;
  /** Whether to create the tables where they are missing. Default `false`. */
  readonly migrate?: boolean;
  /** How often rows are looked for in case no notification came. Default a second. */
  readonly poll?: Duration;
  /** How long rows are kept after they were relayed, for a Redis that is set back. Default 10 minutes; at most 100,000 are. */
  readonly keep?: Duration;
  /** Whether a commit wakes the relay (NOTIFY). Default `true`. Without it changes wait for `poll`, and commits for nothing. */
  readonly notify?: boolean;
}

/** An outbox that is open. */
export interface OpenOutbox extends OpenSource {
  /** Creates the tables where they are missing. */
  migrate(): Promise<void>;
  /** The statements that create them, for migrations of your own. */
  readonly schema: readonly string[];
}

/**
 * Opens the outbox of an application: from now on `live.changeIn(tx, ...)` writes changes into its transactions, and one of all
 * the processes that have it open relays what is committed into the change log, in order, each change once.
 *
 * Rejects with `LIVE_OPTIONS_INVALID`, with `LIVE_OUTBOX_MISSING` when the tables are not there, and with `LIVE_SOURCE_REFUSED` when the
 * database cannot be reached now. Once it is open neither database nor ground need to be there: it goes on when they are back.
 */
export async function openOutbox<C extends Contract>(
  live: Pick<Live<C>, "door">,
  options: OutboxOptions,
): Promise<OpenOutbox> {
  const resolved = resolve(options);
  const { table, migrates, pollMs, keepMs, poison } = resolved;
  const { durable, clock } = live.door;
  const database = await findDatabase(options.database, clock);
  const migrate = (): Promise<void> => withConnection(database, (run) => table.migrate(run));
  if (migrates) await migrate();
  await withConnection(database, (run) => table.look(run), table);
  const name = table.name.replace(".", "-");
  const source = createOutboxSource({ name, database, table, clock, pollMs, keepMs });
  const opened = durable.open(source, { poison });
  const stopWriting = claim(opened, () =>
    durable.use({
      async write(transaction, change) {
        try {
          await runIn(transaction, table.insert(change.changeId, formatChange(change)));
        } catch (error) {
          throw isMissingTable(error) ? missingTable(table.name, error) : error;
        }
      },
      wake: opened.wake,
    }),
  );
  return {
    migrate,
    schema: table.schema,
    status: opened.status,
    wake: opened.wake,
    async close() {
      stopWriting();
      await opened.close();
    },
  };
}

/** Closes the source again when there is an outbox already. */
function claim(opened: OpenSource, use: () => () => void): () => void {
  try {
    return use();
  } catch (error) {
    void opened.close();
    throw error;
  }
}

const OPTIONS = ["database", "table", "migrate", "poll", "keep", "notify", "poison"];

function resolve(options: OutboxOptions) {
  refuseUnknown("openOutbox", options, OPTIONS);
  const { migrate = false, poll = "1s", keep = "10m", notify = true, poison = "skip" } = options;
  checkPoison("openOutbox", poison);
  for (const [name, value] of Object.entries({ migrate, notify })) {
    if (typeof value !== "boolean") throw invalidOption(`openOutbox: ${name}`, "true or false", value);
  }
  return {
    table: createOutboxTable(options.table ?? "livecache_outbox", notify),
    migrates: migrate,
    pollMs: durationMs("openOutbox: poll", poll),
    keepMs: durationMs("openOutbox: keep", keep),
    poison,
  };
}

type Work<T> = (run: Awaited<ReturnType<Database["connect"]>>["run"]) => Promise<T>;

async function withConnection<T>(database: Database, work: Work<T>, table?: OutboxTable): Promise<T> {
  const connection = await database.connect().catch((cause: unknown) => {
    throw new LiveError(
      "LIVE_SOURCE_REFUSED",
      `openOutbox: the database cannot be reached: ${String(cause)}. Look at its address, its user and its password.`,
      { cause },
    );
  });
  try {
    return await work(connection.run);
  } catch (error) {
    throw table && isMissingTable(error) ? missingTable(table.name, error) : error;
  } finally {
    await connection.close();
  }
}
