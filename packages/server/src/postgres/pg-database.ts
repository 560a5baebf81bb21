import type { Clock } from "../base/clock.ts";
import { quoteName } from "./database.ts";
import type { Connection, Database, Row, RunSql } from "./database.ts";
import { answered } from "./deadline.ts";

/** What is used of a client of `pg`. */
export interface PgClient {
  connect(): Promise<unknown>;
  query(sql: string, params?: unknown[]): Promise<{ readonly rows: readonly Row[] }>;
  on(event: string, listener: (argument: never) => void): unknown;
  end(): Promise<void>;
  readonly connection?: { readonly stream?: { destroy(): unknown } };
}

/** Opens connections of our own with clients that `makeClient` makes. */
export function createPgDatabase(makeClient: () => PgClient, clock: Clock): Database {
  return { connect: () => connect(makeClient(), clock) };
}

async function connect(client: PgClient, clock: Clock): Promise<Connection> {
  const lost = new AbortController();
  const destroy = (): void => void client.connection?.stream?.destroy();
  // Unheard, an error of an idle connection would end the process.
  client.on("error", () => lost.abort());
  client.on("end", () => lost.abort());
  try {
    await answered(clock, client.connect(), { what: "connect" });
  } catch (error) {
    destroy();
    throw error;
  }
  const run: RunSql = async (sql, params = []) => {
    try {
      const { rows } = await answered(clock, client.query(sql, [...params]), { what: sql.slice(0, 60) });
      return rows;
    } catch (error) {
      // Whoever does not answer once is not asked again on this connection: a late answer would be taken for another.
      if (!hasCode(error)) {
        lost.abort();
        destroy();
      }
      throw error;
    }
  };
  return {
    run,
    lost: lost.signal,
    async listen(channel, onNotice) {
      client.on("notification", ({ channel: told }: { channel: string }) => {
        if (told === channel) onNotice();
      });
      await run(`LISTEN ${quoteName(channel)}`);
    },
    async close() {
      lost.abort();
      await answered(clock, client.end(), { what: "end", limitMs: 500 }).catch(destroy);
    },
  };
}

/** Whether the server said so: its errors have a code of five characters. */
function hasCode(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code);
}
