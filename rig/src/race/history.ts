/**
 * What happened in one run, and the judge of it. The system under test keeps versioned rows in an origin; caches sit in
 * between. Instants are milliseconds on one clock that all participants share.
 */

/** A write of a row, and the change that told of it. */
export interface WriteRecord {
  readonly row: string;
  readonly version: number;
  readonly node: string;
  /** When `change()` resolved; absent when it is not known to have taken effect everywhere (pending, failed). */
  readonly toldAtMs?: number | undefined;
  /** When `change()` resolved as pending: the node that made it obeys it from then on. */
  readonly toldHereAtMs?: number | undefined;
  /** The change was waited for with `wait: "applied"`. */
  readonly applied: boolean;
}

/** A read of one value made from rows. */
export interface ReadRecord {
  readonly node: string;
  readonly beganAtMs: number;
  readonly versions: Readonly<Record<string, number>>;
  /** The read presented the position of this write, or was caused by its event: it may not be older. */
  readonly after?: { readonly row: string; readonly version: number } | undefined;
  /** The value came from the node's own memory, or was answered while the ground was away: only that may lag. */
  readonly mayLag: boolean;
}

/** Whether an answer of the cache is one that may lag. */
export function mayLag({ source, reason }: { readonly source: string; readonly reason: string }): boolean {
  return source === "near" || reason === "ground-away";
}

/** One finding of the checker. */
export interface StaleRead {
  readonly read: ReadRecord;
  readonly write: WriteRecord;
  readonly rule: "same-node" | "applied" | "ground" | "lease" | "after";
}

/**
 * Finds every stale read in a history.
 *
 * A read that began after a write was told everywhere may not be older than the write. The one latitude: the memory of a node
 * other than the writer's may lag until `leaseMs` after, unless the write was waited for, or the reader came with its position
 * or because of its event.
 */
export function findStale(
  writes: readonly WriteRecord[],
  reads: readonly ReadRecord[],
  leaseMs: number,
): readonly StaleRead[] {
  return reads.flatMap((read) =>
    writes.flatMap((write) => {
      const seen = read.versions[write.row];
      if (seen === undefined || seen >= write.version) return [];
      const rule = brokenRule(read, write, leaseMs);
      return rule ? [{ read, write, rule }] : [];
    }),
  );
}

function brokenRule(read: ReadRecord, write: WriteRecord, leaseMs: number): StaleRead["rule"] | undefined {
  const { after } = read;
  if (after && after.row === write.row && after.version >= write.version) return "after";
  const here = write.toldAtMs ?? write.toldHereAtMs;
  if (read.node === write.node && here !== undefined && read.beganAtMs > here) return "same-node";
  if (write.toldAtMs === undefined || read.beganAtMs <= write.toldAtMs) return undefined;
  if (write.applied) return "applied";
  if (!read.mayLag) return "ground";
  return read.beganAtMs > write.toldAtMs + leaseMs ? "lease" : undefined;
}
