/**
 * What happened in one run, and the judge of it. The system under test keeps versioned rows in an origin; caches sit in
 * between. Instants are milliseconds on one clock that all participants share.
 */

/** A write of a row, and the change that told of it. */
export interface WriteRecord {
  readonly row: string;
  readonly version: number;
  readonly node: string;
  /** `"stale"`: values from before may go on being answered, marked as stale, to who accepts that. */
  readonly mode: "purge" | "stale";
  /** The keys that the change reached; absent for every value made from the row. */
  readonly keys?: readonly string[] | undefined;
  /** When `change()` resolved; absent when it is not known to have taken effect everywhere (pending, failed). */
  readonly toldAtMs?: number | undefined;
  /** When `change()` resolved as pending: the node that made it obeys it from then on. */
  readonly toldHereAtMs?: number | undefined;
  /** The change was waited for with `wait: "applied"`. */
  readonly applied: boolean;
}

/** What a reader accepts besides what is current. */
export interface Accepted {
  /** Nothing: the read is as of now. */
  readonly fresh: boolean;
  /** So long past the TTL while it is loaded anew, and when the load fails or takes too long. */
  readonly swrMs: number;
  readonly graceMs: number;
  /** Whether the reader's patience with the load is limited. */
  readonly isHasty: boolean;
}

/** A reader who accepts only what is current, within the lease. */
export const ONLY_CURRENT: Accepted = { fresh: false, swrMs: 0, graceMs: 0, isHasty: false };

/**
 * A write that a reader has heard of by its event or, when `fenced`, whose position it presented. A reader without a position who
 * accepts stale values may be answered with what the write only made stale.
 */
export interface After extends Pick<WriteRecord, "row" | "version" | "mode"> {
  readonly fenced: boolean;
}

/** A read of one value made from rows. */
export interface ReadRecord {
  readonly node: string;
  readonly key: string;
  readonly beganAtMs: number;
  readonly versions: Readonly<Record<string, number>>;
  /** What the reader knows of already: the answer may not be older. */
  readonly after?: After | undefined;
  /** The value came from the node's own memory, or was answered while the ground was away: only that may lag. */
  readonly mayLag: boolean;
  /** Why the value was answered. */
  readonly reason: string;
  readonly accepts: Accepted;
  /** The reader's position is newer than the stamp of the value. */
  readonly behindFence: boolean;
  /** When the value was stored at the latest, and the TTL it was stored with; absent when it was not stored. */
  readonly stored?: { readonly byMs: number; readonly ttlMs: number } | undefined;
}

/** Whether an answer of the cache is one that may lag. */
export function mayLag({ source, reason }: { readonly source: string; readonly reason: string }): boolean {
  return source === "near" || reason === "ground-away";
}

/** One finding of the checker. `write` is absent where none was missed: the value was too old, or not to be answered at all. */
export interface StaleRead {
  readonly read: ReadRecord;
  readonly write?: WriteRecord;
  readonly rule: "same-node" | "applied" | "ground" | "lease" | "after" | "unasked" | "age";
}

/**
 * Finds every stale read in a history.
 *
 * - A read that began after a write was told everywhere may not be older than the write. The one latitude: the memory of a
 *   node other than the writer's may lag until `leaseMs` after, unless the write was waited for, the reader came with its position
 *   or because of its event, or asked for what is true as of the read.
 * - A value answered as stale may be older than a soft change, never older than a hard one. It is answered only to readers who
 *   accept that, not longer than they do, and not past a soft change to readers whose position is newer than the value's stamp.
 * - No value is answered as current past its TTL.
 */
export function findStale(
  writes: readonly WriteRecord[],
  reads: readonly ReadRecord[],
  leaseMs: number,
): readonly StaleRead[] {
  const found: StaleRead[] = [];
  for (const read of reads) {
    const rule = ruleOfAnswer(read);
    if (rule) found.push({ read, rule });
    for (const write of writes) {
      const seen = read.versions[write.row];
      if (seen === undefined || seen >= write.version) continue;
      if (write.keys && !write.keys.includes(read.key)) continue;
      const broken = brokenRule(read, write, leaseMs);
      if (broken) found.push({ read, write, rule: broken });
    }
  }
  return found;
}

/** How long past its TTL a value may be answered for a reason; `undefined` when it may not be for that reason at all. */
function allowedMs({ reason, accepts }: ReadRecord): number | undefined {
  const { swrMs, graceMs, isHasty, fresh } = accepts;
  if (!isStaleAnswer(reason)) return 0;
  if (fresh) return undefined;
  if (reason === "stale") return swrMs > 0 ? swrMs : undefined;
  if (reason === "timeout" && !isHasty) return undefined;
  return graceMs > 0 ? graceMs : undefined;
}

export function isStaleAnswer(reason: string): boolean {
  return reason === "stale" || reason === "timeout" || reason === "grace";
}

function ruleOfAnswer(read: ReadRecord): "unasked" | "age" | undefined {
  const pastMs = allowedMs(read);
  if (pastMs === undefined) return "unasked";
  const { stored, beganAtMs } = read;
  return stored && beganAtMs > stored.byMs + stored.ttlMs + pastMs ? "age" : undefined;
}

function brokenRule(read: ReadRecord, write: WriteRecord, leaseMs: number): StaleRead["rule"] | undefined {
  const { after, accepts } = read;
  const isStale = isStaleAnswer(read.reason);
  if (after && after.row === write.row && after.version >= write.version) {
    if (after.fenced || !(isStale && after.mode === "stale")) return "after";
  }
  if (isStale && write.mode === "stale" && !read.behindFence) return undefined;
  const here = write.toldAtMs ?? write.toldHereAtMs;
  if (read.node === write.node && here !== undefined && read.beganAtMs > here) return "same-node";
  if (write.toldAtMs === undefined || read.beganAtMs <= write.toldAtMs) return undefined;
  if (write.applied) return "applied";
  if (!read.mayLag || accepts.fresh) return "ground";
  return read.beganAtMs > write.toldAtMs + leaseMs ? "lease" : undefined;
}
