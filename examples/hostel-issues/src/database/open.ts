import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { drizzle as drizzlePostgres } from "drizzle-orm/node-postgres";
import { drizzle as drizzleEmbedded } from "drizzle-orm/pglite";
import pg from "pg";
import type { Database } from "./database.ts";
import { lockFolder } from "./folder-lock.ts";
import { migrate } from "./migrate.ts";
import * as schema from "./schema.ts";

export interface OpenDatabase {
  readonly db: Database;
  /** `"postgres"` or `"embedded"`. */
  readonly kind: string;
  close(): Promise<void>;
}

/** Where the data is: a PostgreSQL server, or else a folder (`memory://` for none). */
export interface DatabasePlace {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
}

/**
 * Connects to PostgreSQL, or opens the database embedded in this process, and brings it to the current shape.
 *
 * @throws when PostgreSQL cannot be reached, or another process has the folder open
 */
export async function openDatabase({ databaseUrl, dataDir }: DatabasePlace): Promise<OpenDatabase> {
  const opened = databaseUrl ? openPostgres(databaseUrl) : await openEmbedded(dataDir);
  try {
    await migrate(opened.db);
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function openPostgres(connectionString: string): OpenDatabase {
  const pool = new pg.Pool({ connectionString, max: 10, connectionTimeoutMillis: 5_000 });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => console.warn(`database: an idle connection broke (${error.message})`));
  return { db: drizzlePostgres(pool, { schema }), kind: "postgres", close: () => pool.end() };
}

async function openEmbedded(dataDir: string): Promise<OpenDatabase> {
  const lasting = !dataDir.startsWith("memory://");
  if (lasting) await mkdir(dataDir, { recursive: true });
  const release = lasting ? await lockFolder(dataDir) : undefined;
  const client = await PGlite.create(lasting ? join(dataDir, "database") : dataDir);
  return {
    db: drizzleEmbedded(client, { schema }),
    kind: "embedded",
    async close() {
      await client.close();
      await release?.();
    },
  };
}
