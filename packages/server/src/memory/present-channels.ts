import type { Cursor, PresenceState } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import type { Listening } from "../ports/ephemeral-lane.ts";
import type { KeptDiff, PresenceMoves } from "../ports/presence-store.ts";

/** What one incarnation says of one user. */
export interface Said {
  readonly state: PresenceState;
  readonly meta: string | undefined;
  /** Grows with every write. */
  readonly order: number;
}

/** One channel's users, by id, and what incarnations say of each. */
export interface PresentChannel {
  readonly name: string;
  readonly users: Map<string, Map<string, Said>>;
  readonly version: Cursor;
  /** The ids of the users, in order. */
  ids(): readonly string[];
  readonly followers: Set<(diff: KeptDiff) => void>;
}

/** The channels that somebody is in, or asked for lately. */
export interface PresentChannels {
  find(name: string): PresentChannel | undefined;
  /** Finds a channel, or begins it under a fresh epoch. */
  open(name: string): PresentChannel;
  /** The next version: tells it to the followers. */
  tell(channel: PresentChannel, moves: PresenceMoves | undefined): void;
  /** Done with a channel for now: one that nobody is in may be forgotten. */
  settle(channel: PresentChannel): void;
  follow(name: string, onDiff: (diff: KeptDiff) => void): Listening;
}

/** How many channels are remembered that nobody is in. */
const MOST_EMPTY = 10_000;

/** Makes an empty set of channels. */
export function createPresentChannels(): PresentChannels {
  const channels = new Map<string, Mutable>();
  /** The first is the one that was used least recently. */
  const empty = new Set<Mutable>();

  function open(name: string): Mutable {
    const known = channels.get(name);
    if (known) return known;
    const version = { epoch: randomWord(8), offset: 0 };
    const users: Mutable["users"] = new Map();
    let ordered: readonly string[] = [];
    let orderedAt = 0;
    const ids = (): readonly string[] => {
      if (orderedAt === channel.version.offset) return ordered;
      orderedAt = channel.version.offset;
      return (ordered = [...users.keys()].sort(byBytes));
    };
    const channel: Mutable = { name, users, version, ids, followers: new Set() };
    channels.set(name, channel);
    return channel;
  }

  function settle(channel: PresentChannel): void {
    const kept = channels.get(channel.name);
    if (!kept) return;
    empty.delete(kept);
    if (kept.users.size > 0 || kept.followers.size > 0) return;
    empty.add(kept);
    if (empty.size <= MOST_EMPTY) return;
    const [oldest] = empty;
    empty.delete(oldest!);
    channels.delete(oldest!.name);
  }

  return {
    find: (name) => channels.get(name),
    open,
    settle,
    tell(channel, moves) {
      const kept = channels.get(channel.name)!;
      kept.version = { epoch: kept.version.epoch, offset: kept.version.offset + 1 };
      const diff: KeptDiff = { version: kept.version, count: kept.users.size, moves };
      for (const follower of [...kept.followers]) follower(diff);
    },
    follow(name, onDiff) {
      const channel = open(name);
      // A function of its own, so that one callback may follow twice.
      const follower = (diff: KeptDiff): void => onDiff(diff);
      channel.followers.add(follower);
      settle(channel);
      return {
        async close() {
          channel.followers.delete(follower);
          settle(channel);
        },
      };
    },
  };
}

interface Mutable extends PresentChannel {
  version: Cursor;
}

/** The order of texts by their bytes in UTF-8. */
export function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  // Without surrogates it is the order of UTF-16 too.
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const SURROGATE = /[\ud800-\udfff]/;
