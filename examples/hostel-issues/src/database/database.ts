import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type * as schema from "./schema.ts";

/** A database or a transaction on it. The same SQL runs on PostgreSQL and on the embedded database. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;
