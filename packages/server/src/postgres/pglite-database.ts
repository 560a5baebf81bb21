import type { Connection, Database, Row, RunSql } from "./database.ts";

interface Asked {
  query(sql: string, params?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** What is used of a PGlite: a PostgreSQL in this process, with one session for all. */
export interface PgliteLike extends Asked {
  listen(channel: string, onNotice: (payload: string) => void): Promise<() => Promise<void>>;
  transaction<T>(work: (transaction: Asked) => Promise<T>): Promise<T>;
}

/** Whether something is a PGlite. */
export function isPglite(value: unknown): value is PgliteLike {
  const { listen, transaction, query } = (value ?? {}) as Partial<PgliteLike>;
  return [listen, transaction, query].every((one) => typeof one === "function");
}

/** Uses a PGlite as if it gave out connections. It is never away; closing it is its owner's business. */
export function createPgliteDatabase(pglite: PgliteLike): Database {
  return {
    async connect(): Promise<Connection> {
      const lost = new AbortController();
      const unlisten: (() => Promise<void>)[] = [];
      return {
        run: runOn(pglite),
        lost: lost.signal,
        async listen(channel, onNotice) {
          unlisten.push(await pglite.listen(channel, onNotice));
        },
        async close() {
          lost.abort();
          await Promise.allSettled(unlisten.splice(0).map((stop) => stop()));
        },
      };
    },
  };
}

function runOn(asked: Asked): RunSql {
  return async (sql, params = []) => (await asked.query(sql, [...params])).rows as readonly Row[];
}
