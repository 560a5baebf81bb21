import { LiveError, formatPosition, reaches } from "@livecache/wire";
import type { Position, StaleFrame, WatchReply } from "@livecache/wire";
import type { Peer } from "../base/conversation.ts";
import { dependenciesOf } from "../base/names.ts";
import type { Claim, Verdict } from "../ports/change-log.ts";
import { isFor } from "./query-token.ts";
import type { QueryClaim, QueryTokens } from "./query-token.ts";
import { readUnwatchFrame, readWatchFrame } from "./request-frame.ts";
import type { StaleNotice, Watch, WatchIndex } from "./watch-index.ts";

/** What watching needs from its surroundings. */
export interface WatchingParts {
  readonly peer: Peer;
  readonly tokens: QueryTokens;
  readonly watches: WatchIndex;
  readonly maxWatches: number;
  readonly judge: (claim: Claim) => Promise<Verdict>;
  readonly applied: () => Position | undefined;
  /** Told when a bound refuses something. */
  readonly onLimit: (what: "watch") => void;
}

/** The responses that one connection watches. */
export interface Watching {
  watch(request: unknown, answer: (reply: WatchReply) => void): Promise<void>;
  unwatch(request: unknown): void;
  /** Gives up, as stale, what the identity of now may not know of. */
  reconsider(): void;
  close(): void;
}

/** A watch, and whose response it is about. */
interface OwnWatch extends Watch {
  readonly audience: Pick<QueryClaim, "vary" | "digest">;
}

/** Makes an empty set of watches for one connection. */
export function createWatching(parts: WatchingParts): Watching {
  const { peer, watches, maxWatches } = parts;
  const mine = new Map<string, OwnWatch>();
  let lastId = 0;
  let closed = false;

  function drop(id: string): void {
    const dropped = mine.get(id);
    if (!dropped) return;
    mine.delete(id);
    watches.delete(dropped);
  }

  function refuseClosed(): void {
    if (closed) throw new LiveError("LIVE_CLOSED", "watch: this connection is closed.");
  }

  function refuseTooMany(): void {
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
    const { key, tags, position, vary, digest } = parts.tokens.verify(token, peer.identity());
    const id = String(++lastId);
    let notice: StaleNotice | undefined;
    let answered = false;
    const watch: OwnWatch = {
      claim: { position, tags: dependenciesOf(key, tags) },
      audience: { vary, digest },
      onStale(told) {
        mine.delete(id);
        notice = told;
        if (answered) peer.emit("stale", toFrame(id, told));
      },
    };
    // Before judging, so that no change can fall between the judgement and the watch.
    mine.set(id, watch);
    watches.add(watch);
    const verdict = await judgeOrDrop(id, watch.claim);
    refuseClosed();
    const isStale = verdict !== "valid" || notice !== undefined;
    if (isStale) drop(id);
    answered = true;
    const at = notice?.position ?? newest(parts.applied(), position);
    answer({ id, state: isStale ? "stale" : "fresh", position: formatPosition(at) });
  }

  async function judgeOrDrop(id: string, claim: Claim): Promise<Verdict> {
    try {
      return await parts.judge(claim);
    } catch (error) {
      drop(id);
      throw error;
    }
  }

  return {
    watch: begin,
    unwatch(request) {
      drop(readUnwatchFrame(request).id);
    },
    reconsider() {
      const identity = peer.identity();
      for (const watch of mine.values()) {
        if (isFor(watch.audience, identity)) continue;
        watches.stale(watch, { position: parts.applied() ?? watch.claim.position });
      }
    },
    close() {
      closed = true;
      for (const id of mine.keys()) drop(id);
    },
  };
}

function toFrame(id: string, { position, changeId }: StaleNotice): StaleFrame {
  return { id, position: formatPosition(position), ...(changeId !== undefined && { changeId }) };
}

/** The newer of two positions. Those of different epochs cannot be compared; then what the node has applied is the one in force. */
function newest(applied: Position | undefined, claimed: Position): Position {
  return applied && !reaches(claimed, applied) ? applied : claimed;
}
