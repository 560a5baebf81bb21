import { LRUCache } from "lru-cache";
import type { Position } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import { createHistories } from "./histories.ts";
import type { Histories } from "./histories.ts";
import { createNotes } from "./notes.ts";
import type { Notes } from "./notes.ts";
import type {
  ChangeMode,
  ChangeRecord,
  ChannelEvent,
  Claim,
  TailReader,
  Verdict,
} from "../ports/change-log.ts";

/** How much one realm may hold. */
export interface MemoryLimits {
  readonly maxBytes: number;
  readonly maxTags: number;
}

/** An entry as memory keeps it; instants are on the injected monotonic clock. */
export interface KeptEntry {
  readonly id: string;
  readonly position: Position;
  readonly tags: readonly string[];
  readonly value: Uint8Array;
  readonly ttlMs: number;
  readonly freshUntilMs: number;
  readonly keptUntilMs: number;
}

/** When a tag last moved, and when it was last purged; the latter is never the later. */
interface TagMoves {
  readonly moved: number;
  readonly purged: number;
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

/** How far a source has been taken over: its place, and the position of the change that took it there. */
export interface KeptSource {
  readonly place: string;
  readonly position: Position;
}

/** Who listens to a topic of the ephemeral lane. */
export type TopicListeners = Set<(message: string) => void>;

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
  readonly histories: Histories;
  readonly notes: Notes;
  readonly topics: Map<string, TopicListeners>;
  readonly sources: Map<string, KeptSource>;
  readonly followers: Map<string, Follower>;
  readonly records: ChangeRecord[];
  head(): Position;
  /** Moves the head forward and answers where it stood and stands. */
  advance(): { readonly previous: number; readonly position: Position };
  remember(record: ChangeRecord): void;
  moveTag(tag: string, seq: number, mode: ChangeMode): void;
  judge(claim: Claim): Verdict;
  /** Judges a claim; tags never seen are noted as not moved past it if that is known. */
  admit(claim: Claim): Verdict;
  renewEpoch(): string;
  /** Tells nobody anything more. */
  end(): void;
}

/** Makes an empty realm. */
export function createRealmState(clock: Clock, limits: MemoryLimits): RealmState {
  let epoch = randomWord(8);
  let seq = 0;
  /** Last move per tag. Insertion order is order of last use, so the first is the one to forget. */
  const tags = new Map<string, TagMoves>();
  /** Kept from one forgetting to the next: a new one would walk over every place that is empty by now. */
  const oldestFirst = tags.entries();
  /** No tag that was forgotten moved later than this. */
  let forgottenUpTo = 0;
  const records: ChangeRecord[] = [];
  const channels: RealmState["channels"] = new Map();
  const histories = createHistories(clock, limits.maxBytes);
  const topics: RealmState["topics"] = new Map();
  const followers: RealmState["followers"] = new Map();

  function note(tag: string, moves: TagMoves): void {
    tags.delete(tag);
    tags.set(tag, moves);
    if (tags.size <= limits.maxTags) return;
    const [oldest, { moved }] = oldestFirst.next().value!;
    tags.delete(oldest);
    forgottenUpTo = Math.max(forgottenUpTo, moved);
  }

  /** What moves past a position come to; `unknown` stands for a tag that was never seen or is forgotten. */
  function judge({ position, tags: claimed }: Claim, unknown: number): Verdict {
    if (position.epoch !== epoch) return "changed";
    let verdict: Verdict = "valid";
    for (const tag of claimed) {
      const { moved, purged } = tags.get(tag) ?? { moved: unknown, purged: unknown };
      if (purged > position.seq) return "changed";
      if (moved > position.seq) verdict = "stale";
    }
    return verdict;
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
    histories,
    notes: createNotes(clock, limits.maxBytes),
    topics,
    sources: new Map(),
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
    moveTag(tag, moved, mode) {
      // Of a tag that is not known, nobody can say when it was purged.
      const purged = mode === "stale" ? tags.get(tag)?.purged : undefined;
      note(tag, { moved, purged: purged ?? moved });
    },
    judge: (claim) => judge(claim, Number.POSITIVE_INFINITY),
    admit(claim) {
      const verdict = judge(claim, forgottenUpTo);
      if (verdict === "changed") return verdict;
      const since = { moved: claim.position.seq, purged: claim.position.seq };
      for (const tag of claim.tags) note(tag, tags.get(tag) ?? since);
      return verdict;
    },
    renewEpoch() {
      epoch = randomWord(8);
      histories.clear();
      return epoch;
    },
    end() {
      for (const follower of followers.values()) follower.end();
      channels.clear();
      topics.clear();
      histories.clear();
    },
  };
}
