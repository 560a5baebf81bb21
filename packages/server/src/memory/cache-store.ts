import { randomWord } from "../base/ids.ts";
import type { BeginReply, CacheStore, CommitReply, ReadReply, StoredEntry } from "../ports/cache-store.ts";
import type { KeptEntry, RealmState } from "./state.ts";

/** The cache entries of one realm, in this process. */
export function createMemoryCacheStore(state: RealmState, guard: () => void): CacheStore {
  const { clock, entries, leases } = state;

  function find(key: string): KeptEntry | undefined {
    const entry = entries.get(key);
    if (!entry) return undefined;
    if (entry.expiresAtMs > clock.now()) return entry;
    entries.delete(key);
    return undefined;
  }

  function answer(key: string, entry: KeptEntry): StoredEntry {
    const { position, tags, value } = entry;
    return { key, position, tags, value, ttlLeftMs: entry.expiresAtMs - clock.now() };
  }

  function readOne(key: string): ReadReply {
    const entry = find(key);
    if (!entry) return { state: "absent" };
    if (state.judge(entry) === "valid") {
      return { state: "valid", entry: answer(key, entry), judgedAt: state.head() };
    }
    const reason = entry.position.epoch === state.head().epoch ? "changed" : "epoch";
    return { state: "invalid", reason, position: entry.position };
  }

  function release(key: string, lease: string | undefined): void {
    if (lease !== undefined && leases.get(key)?.owner === lease) leases.delete(key);
  }

  /** Leases of loads that died are dropped here, at most a few per call, so that none is kept for ever. */
  function dropDeadLeases(): void {
    let looked = 0;
    for (const [key, lease] of leases) {
      if (++looked > 4) return;
      if (lease.endsAtMs <= clock.now()) leases.delete(key);
    }
  }

  return {
    async read(keys) {
      guard();
      return keys.map(readOne);
    },
    async begin({ key, leaseMs, seen }): Promise<BeginReply> {
      guard();
      const entry = find(key);
      const same = entry && seen && entry.position.epoch === seen.epoch && entry.position.seq === seen.seq;
      if (entry && !same && state.judge(entry) === "valid")
        return { state: "valid", entry: answer(key, entry), judgedAt: state.head() };
      const held = leases.get(key);
      const nowMs = clock.now();
      if (held && held.endsAtMs > nowMs) return { state: "busy", leaseLeftMs: held.endsAtMs - nowMs };
      dropDeadLeases();
      const lease = randomWord(12);
      leases.set(key, { owner: lease, endsAtMs: nowMs + leaseMs });
      return { state: "granted", lease, position: state.head() };
    },
    async commit({ key, lease, position, tags, value, ttlMs }): Promise<CommitReply> {
      guard();
      release(key, lease);
      if (position.epoch !== state.head().epoch) return { state: "refused", reason: "epoch" };
      if (!state.admit({ position, tags })) return { state: "refused", reason: "changed" };
      const present = find(key);
      if (present && present.position.epoch === position.epoch && present.position.seq > position.seq) {
        return { state: "refused", reason: "superseded" };
      }
      entries.set(key, { position, tags, value, expiresAtMs: clock.now() + ttlMs });
      return { state: "stored" };
    },
    async abandon(key, lease) {
      guard();
      release(key, lease);
    },
  };
}
