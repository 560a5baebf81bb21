import { LiveError } from "@livecache/wire";
import { invalidOption } from "../base/check.ts";
import type { Clock } from "../base/clock.ts";
import type { Database } from "./database.ts";
import { createPgDatabase } from "./pg-database.ts";
import type { PgClient } from "./pg-database.ts";
import { createPgliteDatabase, isPglite } from "./pglite-database.ts";
import type { PgliteLike } from "./pglite-database.ts";

/** What is used of a pool of `pg`: how it makes its clients. */
export interface PgPoolLike {
  readonly options: object;
  connect(): Promise<unknown>;
}

/** A pool of `pg`, a PGlite, or a connection string. */
export type DatabaseHandle = string | PgPoolLike | PgliteLike;

/**
 * Finds out how to open connections of our own. A pool is asked how it makes its clients and keeps all of its own for the application.
 * With an address, `more` is given to the client too.
 *
 * Rejects with `LIVE_OPTIONS_INVALID` for anything else, and when `pg` is needed and not installed.
 */
export async function findDatabase(
  handle: DatabaseHandle,
  clock: Clock,
  more: object = {},
): Promise<Database> {
  if (typeof handle === "string") {
    if (!/^postgres(ql)?:\/\//.test(handle)) throw unknownHandle("a text that is no postgresql:// address");
    return createPgDatabase(await clientMaker({ connectionString: handle, ...more }), clock);
  }
  if (isPglite(handle)) return createPgliteDatabase(handle);
  const { options, connect } = (handle ?? {}) as Partial<PgPoolLike>;
  if (typeof options !== "object" || typeof connect !== "function" || !("idleCount" in handle)) {
    throw unknownHandle(typeof handle === "object" ? "another object" : typeof handle);
  }
  const { Client } = handle as { Client?: new (config: object) => PgClient };
  return createPgDatabase(Client ? () => new Client(options) : await clientMaker(options), clock);
}

async function clientMaker(config: object): Promise<() => PgClient> {
  try {
    const { default: pg } = await import("pg");
    return () => new pg.Client(config) as unknown as PgClient;
  } catch (cause) {
    throw new LiveError("LIVE_OPTIONS_INVALID", 'PostgreSQL: the package "pg" is needed: npm install pg', {
      cause,
    });
  }
}

function unknownHandle(received: string): LiveError {
  return invalidOption(
    "database",
    'a pool of pg, a PGlite, or "postgresql://user:password@host/database"',
    received,
  );
}
