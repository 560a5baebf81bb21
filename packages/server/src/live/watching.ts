import { LiveError, formatPosition, reaches } from "@livecache/wire";
import type { Position, StaleFrame, WatchReply } from "@livecache/wire";
import type { Identity } from "../base/identity.ts";
import { dependenciesOf } from "../base/names.ts";
import type { Claim, Verdict } from "../ports/change-log.ts";
import type { QueryTokens } from "./query-token.ts";
import { readUnwatchFrame, readWatchFrame } from "./request-frame.ts";
import type { StaleNotice, Watch, WatchIndex } from "./watch-index.ts";

/** What watching needs from its surroundings. */
export interface WatchingParts {
  readonly identity: Identity | undefined;
  readonly tokens: QueryTokens;
  readonly watches: WatchIndex;
  readonly maxWatches: number;
  readonly judge: (claim: Claim) => Promise<Verdict>;
  readonly applied: () => Position | undefined;
  readonly onStale: (frame: StaleFrame) => void;
  /** Told when a bound refuses something. */
  readonly onLimit: (what: "watch") => void;
}

/** The responses that one connection watches. */
export interface Watching {
  watch(request: unknown, answer: (reply: WatchReply) => void): Promise<void>;
  unwatch(request: unknown): void;
  close(): void;
}

/** Makes an empty set of watches for one connection. */
export function createWatching(parts: WatchingParts): Watching {
  const { watches, maxWatches } = parts;
  const mine = new Map<string, Watch>();
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
    const { key, tags, position } = parts.tokens.verify(token, parts.identity);
    const id = String(++lastId);
    let notice: StaleNotice | undefined;
    let answered = false;
    const watch: Watch = {
      claim: { position, tags: dependenciesOf(key, tags) },
      onStale(told) {
        mine.delete(id);
        notice = told;
        if (answered) parts.onStale(toFrame(id, told));
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
