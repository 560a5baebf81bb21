import { LRUCache } from "lru-cache";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import type { ChannelEvent, ChangeRecord, Claim, TailReader, Verdict } from "../ports/change-log.ts";

/** How much one realm may hold. */
export interface MemoryLimits {
  readonly maxBytes: number;
  readonly maxTags: number;
}

/** An entry as memory keeps it; `expiresAtMs` is on the injected monotonic clock. */
export interface KeptEntry {
  readonly position: Position;
  readonly tags: readonly string[];
  readonly value: Uint8Array;
  readonly expiresAtMs: number;
}

/** The right to load a key. */
export interface KeptLease {
  readonly owner: string;
  readonly endsAtMs: number;
}

/** One channel's place and listeners. */
export interface KeptChannel {
  offset: number;
  readonly listeners: Set<(event: ChannelEvent) => void>;
}

/** A node that follows the log. */
export interface Follower {
  readonly reader: TailReader;
  acknowledged: number;
  /** Tells it nothing more. */
  readonly end: () => void;
}

/** How many of the last records a retry can be recognised in. */
const REMEMBERED_RECORDS = 10_000;

/** Everything one realm knows. Methods decide in one synchronous turn. */
export interface RealmState {
  readonly clock: Clock;
  readonly entries: LRUCache<string, KeptEntry>;
  readonly leases: Map<string, KeptLease>;
  readonly channels: Map<string, KeptChannel>;
  readonly followers: Map<string, Follower>;
  readonly records: ChangeRecord[];
  head(): Position;
  /** Moves the head forward and answers where it stood and stands. */
  advance(): { readonly previous: number; readonly position: Position };
  remember(record: ChangeRecord): void;
  moveTag(tag: string, seq: number): void;
  /** Where a tag last moved, as far as is known; a tag never seen is noted as unmoved since `since`. */
  judge(claim: Claim): Verdict;
  /** Notes tags that were never seen as not moved past `seq`; `false` when one of them may have moved. */
  admit(claim: Claim): boolean;
  renewEpoch(): string;
  /** Tells nobody anything more. */
  end(): void;
}

/** Makes an empty realm. */
export function createRealmState(clock: Clock, limits: MemoryLimits): RealmState {
  let epoch = randomWord(8);
  let seq = 0;
  /** Last move per tag. Insertion order is order of last use, so the first is the one to forget. */
  const tags = new Map<string, number>();
  /** No tag that was forgotten moved later than this. */
  let forgottenUpTo = 0;
  const records: ChangeRecord[] = [];
  const channels: RealmState["channels"] = new Map();
  const followers: RealmState["followers"] = new Map();

  function noteTag(tag: string, movedAt: number): void {
    tags.delete(tag);
    tags.set(tag, movedAt);
    if (tags.size <= limits.maxTags) return;
    const [oldest, moved] = tags.entries().next().value!;
    tags.delete(oldest);
    forgottenUpTo = Math.max(forgottenUpTo, moved);
  }

  return {
    clock,
    records,
    entries: new LRUCache({
      maxSize: limits.maxBytes,
      sizeCalculation: (entry, key) => entry.value.length + key.length * 2 + 128,
    }),
    leases: new Map(),
    channels,
    followers,
    head: () => ({ epoch, seq }),
    advance() {
      const previous = seq;
      seq = Math.max(seq + 1, Math.floor(clock.wall() * 1_000));
      return { previous, position: { epoch, seq } };
    },
    remember(record) {
      records.push(record);
      if (records.length > REMEMBERED_RECORDS * 2) records.splice(0, REMEMBERED_RECORDS);
    },
    moveTag: noteTag,
    judge({ position, tags: claimed }) {
      if (position.epoch !== epoch) return "changed";
      const moved = claimed.some((tag) => {
        const at = tags.get(tag);
        return at === undefined || at > position.seq;
      });
      return moved ? "changed" : "valid";
    },
    admit({ position, tags: claimed }) {
      if (
        position.epoch !== epoch ||
        claimed.some((tag) => (tags.get(tag) ?? forgottenUpTo) > position.seq)
      ) {
        return false;
      }
      for (const tag of claimed) noteTag(tag, tags.get(tag) ?? position.seq);
      return true;
    },
    renewEpoch() {
      epoch = randomWord(8);
      return epoch;
    },
    end() {
      for (const follower of followers.values()) follower.end();
      channels.clear();
    },
  };
}
