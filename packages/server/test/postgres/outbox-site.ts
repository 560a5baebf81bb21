import { randomWord } from "../../src/base/ids.ts";
import { systemClock } from "../../src/base/clock.ts";
import { movedBy } from "../../src/base/names.ts";
import type { SourceUnderTest } from "../../src/conformance/suites.ts";
import type { Database, RunSql } from "../../src/postgres/database.ts";
import { formatChange } from "../../src/postgres/outbox-row.ts";
import { createOutboxSource } from "../../src/postgres/outbox-source.ts";
import { createOutboxTable } from "../../src/postgres/outbox-table.ts";

/** How a test reaches the database of an outbox besides the relay. */
export interface OutboxSite {
  readonly database: Database;
  /** Opens a transaction that others do not wait for. */
  readonly begin?: () => Promise<{ run: RunSql; end(): Promise<void> }>;
  readonly run: RunSql;
  readonly cut?: () => Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const POLL_MS = 1_000;
const KEEP_MS = 60_000;

/** The outbox as a source, for the suite. Each has a table of its own. */
export async function outboxUnderTest({
  database,
  begin,
  run,
  cut,
  close,
}: OutboxSite): Promise<SourceUnderTest> {
  const table = createOutboxTable(`outbox_${randomWord(8)}`, true);
  await table.migrate(run);
  const insert = (tag: string) => {
    const change = { changeId: randomWord(12), tags: [...movedBy(tag)], mode: "purge", events: [] } as const;
    return table.insert(change.changeId, formatChange(change));
  };
  return {
    create: () =>
      createOutboxSource({
        name: "outbox",
        database,
        table,
        clock: systemClock,
        pollMs: POLL_MS,
        keepMs: KEEP_MS,
      }),
    async commit(tag) {
      const { sql, params } = insert(tag);
      await run(sql, params);
    },
    async commitPoison() {
      const { sql, params } = table.insert("poison", '{"tags":"no list"}');
      await run(sql, params);
    },
    ...(begin && {
      async begin(tag: string) {
        const transaction = await begin();
        await transaction.run("BEGIN");
        const { sql, params } = insert(tag);
        await transaction.run(sql, params);
        const end = async (how: string): Promise<void> => {
          await transaction.run(how);
          await transaction.end();
        };
        return { commit: () => end("COMMIT"), rollback: () => end("ROLLBACK") };
      },
    }),
    ...(cut && { cut }),
    async loseHistory() {
      // As a database that was restored from a copy: it knows of less than the log has.
      await run(`DELETE FROM ${table.name}`);
      await run(`UPDATE ${table.name}_relay SET numbered = 0, relayed = 0`);
    },
    async close() {
      await close();
    },
  };
}
