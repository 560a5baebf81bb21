import type { Database as AnyDatabase, OpenDatabase as AnyOpenDatabase } from "example-kit/database";
import type * as schema from "./schema.ts";

/** The application's database, or a transaction on it. */
export type Database = AnyDatabase<typeof schema>;
export type OpenDatabase = AnyOpenDatabase<typeof schema>;
