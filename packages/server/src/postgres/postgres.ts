export type { DatabaseHandle, PgPoolLike } from "./find-database.ts";
export { openOutbox } from "./open-outbox.ts";
export type { OpenOutbox, OutboxOptions } from "./open-outbox.ts";
export { openRowChanges } from "./open-row-changes.ts";
export type { RowChangesOptions } from "./open-row-changes.ts";
export type { PgliteLike } from "./pglite-database.ts";
export type { RowChange, RowInfo, RowMapping, TableMapping, TableMappings } from "./row-mapping.ts";
