import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { drizzle as drizzlePostgres } from "drizzle-orm/node-postgres";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle as drizzleEmbedded } from "drizzle-orm/pglite";
import pg from "pg";
import { createEmbedded } from "./embedded.ts";
import { lockFolder } from "./folder-lock.ts";

type AnySchema = Record<string, unknown>;

/** A database or a transaction on it. The same SQL runs on PostgreSQL and on the embedded database. */
export type Database<Schema extends AnySchema> = PgDatabase<PgQueryResultHKT, Schema>;

export interface OpenDatabase<Schema extends AnySchema> {
  readonly db: Database<Schema>;
  /** `"postgres"` or `"embedded"`. */
  readonly kind: string;
  close(): Promise<void>;
}

/** Where the data is: a PostgreSQL server, or else a folder (`memory://` for none). */
export interface DatabasePlace {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
}

/** What an application keeps in its database. */
export interface DatabaseShape<Schema extends AnySchema> {
  readonly schema: Schema;
  /** Statements that may run again and again; a later version of the application appends to the list. */
  readonly statements: readonly string[];
  /** Any number that no other application uses on the same database. */
  readonly lock: number;
  /** Fills an empty database with the demonstration, and leaves a filled one alone. */
  readonly seed: (db: Database<Schema>) => Promise<void>;
}

/**
 * Connects to PostgreSQL, or opens the database embedded in this process, and brings it to the current shape.
 *
 * @throws when PostgreSQL cannot be reached, or another process has the folder open
 */
export async function openDatabase<Schema extends AnySchema>(
  { databaseUrl, dataDir }: DatabasePlace,
  shape: DatabaseShape<Schema>,
): Promise<OpenDatabase<Schema>> {
  const { schema } = shape;
  const opened = databaseUrl ? openPostgres(databaseUrl, schema) : await openEmbedded(dataDir, schema);
  try {
    await migrate(opened.db, shape);
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function openPostgres<Schema extends AnySchema>(
  connectionString: string,
  schema: Schema,
): OpenDatabase<Schema> {
  const pool = new pg.Pool({ connectionString, max: 10, connectionTimeoutMillis: 10_000 });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => console.warn(`database: an idle connection broke (${error.message})`));
  return { db: drizzlePostgres(pool, { schema }), kind: "postgres", close: () => pool.end() };
}

async function openEmbedded<Schema extends AnySchema>(
  dataDir: string,
  schema: Schema,
): Promise<OpenDatabase<Schema>> {
  const lasting = !dataDir.startsWith("memory://");
  if (lasting) await mkdir(dataDir, { recursive: true });
  const release = lasting ? await lockFolder(dataDir) : undefined;
  const client = await createEmbedded(lasting ? join(dataDir, "database") : dataDir);
  return {
    db: drizzleEmbedded(client, { schema }),
    kind: "embedded",
    async close() {
      await client.close();
      await release?.();
    },
  };
}

/**
 * Brings the database to its shape and fills an empty one. One transaction under one lock: of several server processes that start
 * together, one does the work and the others find it done.
 */
async function migrate<Schema extends AnySchema>(
  db: Database<Schema>,
  { statements, lock, seed }: DatabaseShape<Schema>,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${sql.raw(String(lock))})`);
    for (const statement of statements) await tx.execute(sql.raw(statement));
    await seed(tx);
  });
}
