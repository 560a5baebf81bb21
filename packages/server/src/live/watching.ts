import { LiveError, formatPosition, reaches } from "@livecache/wire";
import type { Position, WatchReply } from "@livecache/wire";
import type { Peer } from "../base/conversation.ts";
import type { Signals } from "../base/signals.ts";
import { isFor } from "./query-token.ts";
import type { QueryClaim, QueryTokens } from "./query-token.ts";
import { readUnwatchFrame, readWatchFrame } from "./request-frame.ts";
import type { Watcher } from "./watch-audience.ts";
import type { Seat } from "./watch-group.ts";
import type { WatchGroups } from "./watch-groups.ts";

/** What watching needs from its surroundings. */
export interface WatchingParts {
  readonly peer: Peer;
  readonly tokens: QueryTokens;
  readonly groups: WatchGroups;
  readonly maxWatches: number;
  readonly applied: () => Position | undefined;
  readonly signals: Pick<Signals, "tell">;
  /** Told when a bound refuses something. */
  readonly onLimit: (what: "watch") => void;
}

/** The responses that one connection watches. */
export interface Watching {
  watch(request: unknown, answer: (reply: WatchReply) => void): Promise<void>;
  unwatch(request: unknown): void;
  /** How many there are. */
  size(): number;
  /** Gives up, as stale, what the identity of now may not know of. */
  reconsider(): void;
  close(): void;
}

/** A watch, and whose response it is about. */
interface OwnWatch {
  readonly seat: Seat;
  readonly audience: Pick<QueryClaim, "vary" | "digest">;
}

/** Makes an empty set of watches for one connection. */
export function createWatching(parts: WatchingParts): Watching {
  const { peer, groups, maxWatches } = parts;
  const mine = new Map<string, OwnWatch>();
  const watcher: Watcher = { peer, ended: (id) => void mine.delete(id) };
  let closed = false;

  function drop(id: string): void {
    const dropped = mine.get(id);
    if (!dropped) return;
    mine.delete(id);
    dropped.seat.leave();
  }

  function refuseClosed(): void {
    if (closed) throw new LiveError("LIVE_CLOSED", "watch: this connection is closed.");
  }

  function refuseTooMany(): void {
    if (mine.size < maxWatches) return;
    // Those of large groups are taken out a while after they have been told.
    for (const [id, { seat }] of mine) if (seat.isOver) mine.delete(id);
    if (mine.size < maxWatches) return;
    parts.onLimit("watch");
    throw new LiveError(
      "LIVE_LIMIT_REACHED",
      `watch: this connection watches ${maxWatches} responses already. Unwatch what is no longer shown.`,
    );
  }

  async function begin(request: unknown, answer: (reply: WatchReply) => void): Promise<void> {
    const { token } = readWatchFrame(request);
    refuseClosed();
    refuseTooMany();
    const claim = parts.tokens.verify(token, peer.identity());
    // Before judging, so that no change can fall between the judgement and the watch.
    const seat = groups.sit(watcher, token, claim);
    const { id } = seat;
    mine.set(id, { seat, audience: { vary: claim.vary, digest: claim.digest } });
    const isCurrent = await isCurrentOrDrop(seat);
    refuseClosed();
    const { notice } = seat;
    const isFresh = isCurrent && notice === undefined;
    if (isFresh) seat.admit();
    else drop(id);
    parts.signals.tell("watched", { key: claim.key, position: claim.position });
    const at = notice?.position ?? newest(parts.applied(), claim.position);
    answer({ id, state: isFresh ? "fresh" : "stale", position: formatPosition(at) });
  }

  async function isCurrentOrDrop(seat: Seat): Promise<boolean> {
    try {
      return (await seat.judge()) === "valid";
    } catch (error) {
      drop(seat.id);
      throw error;
    }
  }

  return {
    watch: begin,
    unwatch(request) {
      drop(readUnwatchFrame(request).id);
    },
    size: () => mine.size,
    reconsider() {
      const identity = peer.identity();
      for (const { seat, audience } of mine.values()) {
        if (!isFor(audience, identity)) seat.dismiss({ position: parts.applied() ?? seat.position });
      }
    },
    close() {
      closed = true;
      for (const id of mine.keys()) drop(id);
    },
  };
}

/** The newer of two positions. Those of different epochs cannot be compared; then what the node has applied is the one in force. */
function newest(applied: Position | undefined, claimed: Position): Position {
  return applied && !reaches(claimed, applied) ? applied : claimed;
}
