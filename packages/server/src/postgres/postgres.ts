export type { DatabaseHandle, PgPoolLike } from "./find-database.ts";
export { openOutbox } from "./open-outbox.ts";
export type { OpenOutbox, OutboxOptions } from "./open-outbox.ts";
export type { PgliteLike } from "./pglite-database.ts";
