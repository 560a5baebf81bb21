import { randomWord } from "../base/ids.ts";
import type {
  BeginReply,
  CacheStore,
  CommitReply,
  KeyPage,
  KeyQuery,
  ReadReply,
  StoredEntry,
} from "../ports/cache-store.ts";
import type { KeptEntry, KeptLease, RealmState } from "./state.ts";

/** The cache entries of one realm, in this process. */
export function createMemoryCacheStore(state: RealmState, guard: () => void): CacheStore {
  const { clock, entries, leases } = state;

  function find(key: string): KeptEntry | undefined {
    const entry = entries.get(key);
    if (!entry) return undefined;
    if (entry.keptUntilMs > clock.now()) return entry;
    entries.delete(key);
    return undefined;
  }

  function readOne(key: string): ReadReply {
    const entry = find(key);
    if (!entry) return { state: "absent" };
    const verdict = state.judge(entry);
    const found = answer(key, entry, clock.now());
    if (verdict !== "changed") {
      return { state: verdict, entry: found, judgedAt: state.head() } as const;
    }
    const reason = entry.position.epoch === state.head().epoch ? "changed" : "epoch";
    return { state: "invalid", reason, entry: found };
  }

  function release(key: string, lease: string | undefined): void {
    if (lease !== undefined && leases.get(key)?.owner === lease) leases.delete(key);
  }

  return {
    async read(keys) {
      guard();
      return keys.map(readOne);
    },
    async begin({ key, leaseMs, seen }): Promise<BeginReply> {
      guard();
      const entry = find(key);
      const nowMs = clock.now();
      const isCurrent = entry && entry.freshUntilMs > nowMs && state.judge(entry) === "valid";
      if (isCurrent && entry.id !== seen) {
        return { state: "valid", entry: answer(key, entry, nowMs), judgedAt: state.head() };
      }
      const held = leases.get(key);
      if (held && held.endsAtMs > nowMs) return { state: "busy", leaseLeftMs: held.endsAtMs - nowMs };
      dropDeadLeases(leases, nowMs);
      const lease = randomWord(12);
      leases.set(key, { owner: lease, endsAtMs: nowMs + leaseMs });
      return { state: "granted", lease, position: state.head() };
    },
    async commit({ key, lease, position, tags, value, ttlMs, keepMs }): Promise<CommitReply> {
      guard();
      release(key, lease);
      if (position.epoch !== state.head().epoch) return { state: "refused", reason: "epoch" };
      const verdict = state.admit({ position, tags });
      if (verdict === "changed") return { state: "refused", reason: "changed" };
      const present = find(key);
      if (present && present.position.epoch === position.epoch && present.position.seq > position.seq) {
        return { state: "refused", reason: "superseded" };
      }
      const nowMs = clock.now();
      const until = { freshUntilMs: nowMs + ttlMs, keptUntilMs: nowMs + keepMs };
      const id = randomWord(8);
      entries.set(key, { id, position, tags, value, ttlMs, ...until });
      return { state: "stored", id, verdict };
    },
    async extend(key, lease, leaseMs) {
      guard();
      const held = leases.get(key);
      const isHeld = held?.owner === lease && held.endsAtMs > clock.now();
      if (isHeld) leases.set(key, { owner: lease, endsAtMs: clock.now() + leaseMs });
      return isHeld;
    },
    async abandon(key, lease) {
      guard();
      release(key, lease);
    },
    async discard(key, id) {
      guard();
      if (entries.peek(key)?.id === id) entries.delete(key);
    },
    async keys({ prefix, after, limit }) {
      guard();
      return pageOf(entries.keys(), { prefix, after, limit });
    },
  };
}

function answer(key: string, entry: KeptEntry, nowMs: number): StoredEntry {
  const { id, position, tags, value, ttlMs } = entry;
  const left = { ttlLeftMs: entry.freshUntilMs - nowMs, keptLeftMs: entry.keptUntilMs - nowMs };
  return { key, id, position, tags, value, ttlMs, ...left };
}

/** Leases of loads that died are dropped here, at most a few per call, so that none is kept for ever. */
function dropDeadLeases(leases: Map<string, KeptLease>, nowMs: number): void {
  let looked = 0;
  for (const [key, lease] of leases) {
    if (++looked > 4) return;
    if (lease.endsAtMs <= nowMs) leases.delete(key);
  }
}

/** The first `limit` keys in their order. Never more than about two pages are sorted, whatever the number of keys. */
function pageOf(keys: Iterable<string>, { prefix, after = "", limit }: KeyQuery): KeyPage {
  let page: string[] = [];
  let isCut = false;
  for (const key of keys) {
    if (!key.startsWith(prefix) || (after !== "" && key <= after)) continue;
    if (isCut && key > page[limit - 1]!) continue;
    page.push(key);
    if (page.length <= 2 * limit) continue;
    page = page.sort().slice(0, limit);
    isCut = true;
  }
  page.sort();
  isCut ||= page.length > limit;
  page = page.slice(0, limit);
  return { keys: page, next: isCut ? page.at(-1) : undefined };
}
