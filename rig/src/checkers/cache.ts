import { isStaleAnswer } from "../race/history.ts";
import type { ReadRecord, StaleRead, WriteRecord } from "../race/history.ts";

/** What is judged: writes and reads of one run, and how long a node may answer from memory without having heard of a change. */
export interface CacheHistory {
  readonly writes: readonly WriteRecord[];
  readonly reads: readonly ReadRecord[];
  readonly leaseMs: number;
}

/** The newest version that was told before an instant. */
class Newest {
  readonly #told: { readonly atMs: number; version: number }[] = [];
  #isSorted = true;

  add(atMs: number, version: number): void {
    this.#told.push({ atMs, version });
    this.#isSorted = false;
  }

  before(atMs: number): number {
    if (!this.#isSorted) this.#sort();
    let [low, high] = [0, this.#told.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#told[middle]!.atMs < atMs) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.#told[low - 1]!.version;
  }

  #sort(): void {
    this.#told.sort((a, b) => a.atMs - b.atMs);
    let newest = 0;
    for (const told of this.#told) newest = told.version = Math.max(newest, told.version);
    this.#isSorted = true;
  }
}

/**
 * Finds reads that are older than the lease and their node allow: the rules of `findStale` for hard changes and readers who accept only
 * what is current, in so little time that hundreds of thousands of records are judged. At most one finding for each read. Pure.
 *
 * @throws Error for a soft change, a change of keys, or an answer that is marked as stale
 */
export function checkCache({ writes, reads, leaseMs }: CacheHistory): readonly StaleRead[] {
  const index = new Map<string, Newest>();
  const newest = (scope: string, row: string): Newest => {
    const name = `${scope}\n${row}`;
    let found = index.get(name);
    if (!found) index.set(name, (found = new Newest()));
    return found;
  };
  for (const { row, version, node, mode, keys, toldAtMs, toldHereAtMs, applied } of writes) {
    if (mode !== "purge" || keys) throw new Error("checkCache judges hard changes of tags only");
    const hereAtMs = toldAtMs ?? toldHereAtMs;
    if (hereAtMs !== undefined) newest(node, row).add(hereAtMs, version);
    if (toldAtMs !== undefined) newest("", row).add(toldAtMs, version);
    if (toldAtMs !== undefined && applied) newest("applied", row).add(toldAtMs, version);
  }
  const found: StaleRead[] = [];
  for (const read of reads) {
    if (isStaleAnswer(read.reason)) throw new Error(`checkCache judges no answer for "${read.reason}"`);
    for (const [row, seen] of Object.entries(read.versions)) {
      const rule = brokenRule(read, { row, seen }, { newest, leaseMs });
      if (!rule) continue;
      found.push({ read, rule });
      break;
    }
  }
  return found;
}

interface Told {
  readonly newest: (scope: string, row: string) => Newest;
  readonly leaseMs: number;
}

function brokenRule(
  { beganAtMs, after, node, mayLag, accepts, reason }: ReadRecord,
  { row, seen }: { readonly row: string; readonly seen: number },
  { newest, leaseMs }: Told,
): StaleRead["rule"] | undefined {
  if (after?.row === row && after.version > seen) return "after";
  if (newest(node, row).before(beganAtMs) > seen) return "same-node";
  // Nobody can wait for a node that is cut off: it answers from what it loaded within the last lease.
  const appliedMs = reason === "ground-away" ? beganAtMs - leaseMs : beganAtMs;
  if (newest("applied", row).before(appliedMs) > seen) return "applied";
  const inGround = newest("", row);
  if (inGround.before(beganAtMs) <= seen) return undefined;
  if (!mayLag || accepts.fresh) return "ground";
  return inGround.before(beganAtMs - leaseMs) > seen ? "lease" : undefined;
}
