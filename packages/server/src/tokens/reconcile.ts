import { randomInt } from "node:crypto";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import { ALL_SHARDS } from "../base/revocation-shards.ts";
import { MAX_REVOKED_AT_ONCE } from "../ports/revocation-store.ts";
import type { Revocation, RevocationState, RevocationStore, ShardSum } from "../ports/revocation-store.ts";
import type { RevokedSet } from "./revoked-set.ts";

/** What making this node and the ground equal needs. */
export interface ReconcileParts {
  readonly node: string;
  readonly store: RevocationStore;
  readonly set: RevokedSet;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** This node has learned of these. */
  readonly onLearned: (revoked: readonly Revocation[]) => void;
}

/** What came of it. */
export interface Reconciled {
  /** Whether the ground's set is whole as well: otherwise others may still restore what this node never knew. */
  readonly isSettled: boolean;
  /** The ground's time when it was asked last. */
  readonly serverMs: number;
  /** How many revocations the ground had lost and got back from this node. */
  readonly restored: number;
}

/** How many parts are made equal between two looks at what differs: other nodes restore the same meanwhile, and begin elsewhere. */
const PARTS_AT_ONCE = 16;

/** How many parts are compared in one turn of the event loop: 32 of a million tokens take about 4 ms. */
const COMPARED_AT_ONCE = 32;

/** What a part held when it was last found to be equal here and there. */
interface Equal extends ShardSum {
  readonly version: number;
}

/**
 * Makes this node's set and the ground's equal, part by part: what the ground has is learned, what it lacks it gets. Parts are compared by
 * short sums, so that of two sets that are equal nothing is read. Rejects as the store does, and can then be done again.
 */
export function createReconciler(parts: ReconcileParts): { reconcile(): Promise<Reconciled> } {
  const { node, store, set, clock, signal } = parts;
  const equals: (Equal | undefined)[] = Array.from({ length: ALL_SHARDS });

  function isEqual(shard: number, there: ShardSum | undefined, serverMs: number): boolean {
    if (!there) return false;
    const version = set.versionOf(shard);
    const known = equals[shard];
    if (known?.version === version && known.count === there.count && known.sum === there.sum) return true;
    const { count, sum } = set.sumOf(shard, serverMs);
    if (count !== there.count || sum !== there.sum) return false;
    equals[shard] = { count, sum, version };
    return true;
  }

  /** The parts that differ, beginning anywhere. */
  async function differing({ shards, serverMs }: RevocationState, done: ReadonlySet<number>) {
    const found: number[] = [];
    const from = randomInt(ALL_SHARDS);
    for (let step = 0; step < ALL_SHARDS; step++) {
      if (step % COMPARED_AT_ONCE === COMPARED_AT_ONCE - 1) await sleep(clock, 0, signal);
      const shard = (from + step) % ALL_SHARDS;
      if (!done.has(shard) && !isEqual(shard, shards[shard], serverMs)) found.push(shard);
    }
    return found;
  }

  async function restore(lost: readonly Revocation[]): Promise<number> {
    let restored = 0;
    for (let at = 0; at < lost.length && !signal.aborted; at += MAX_REVOKED_AT_ONCE) {
      const revoked = lost.slice(at, at + MAX_REVOKED_AT_ONCE);
      const input = { changeId: randomWord(16), origin: node, revoked, tags: [], restores: true };
      const reply = await store.revoke(input);
      if (reply.state === "revoked") restored += reply.added;
    }
    return restored;
  }

  async function makeEqual(shard: number, serverMs: number): Promise<number> {
    const there = await store.shard(shard);
    parts.onLearned(set.take(there));
    const times = new Map(there.map(({ id, atMs }) => [id, atMs]));
    return restore(set.read(shard, serverMs).filter(({ id, atMs }) => !(times.get(id)! >= atMs)));
  }

  return {
    async reconcile() {
      const done = new Set<number>();
      let restored = 0;
      for (;;) {
        const state = await store.state();
        const different = await differing(state, done);
        if (different.length === 0 || signal.aborted) {
          return { isSettled: state.isSettled, serverMs: state.serverMs, restored };
        }
        const now = different.slice(0, PARTS_AT_ONCE);
        for (const count of await Promise.all(now.map((shard) => makeEqual(shard, state.serverMs)))) {
          restored += count;
        }
        for (const shard of now) done.add(shard);
      }
    },
  };
}
