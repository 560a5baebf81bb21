import { FEED_KINDS } from "@livecache/wire";
import type { FeedKind, FeedLine } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { SignalKinds, Signals } from "../base/signals.ts";
import { lineOf } from "./feed-words.ts";

/** Which lines of one node. */
export interface FeedQuery {
  /** Number of the last line that is known; `null`: the newest are wanted. */
  readonly after: number | null;
  readonly limit: number;
  readonly kinds: readonly FeedKind[];
}

/** Some lines of one node, oldest first. */
export interface FeedPage {
  /** Number of the last line that was looked at. */
  readonly last: number;
  /** Lines of any kind that were forgotten before they were asked for. */
  readonly dropped: number;
  readonly lines: readonly FeedLine[];
}

/** The last lines of one node. */
export interface Feed {
  /** Asking for `hit` or `miss` has them told for {@link READS_FOR_MS} from now on. */
  read(query: FeedQuery): FeedPage;
}

/** What a feed needs from its node. */
export interface FeedParts {
  readonly node: string;
  readonly signals: Signals;
  readonly clock: Clock;
  /** The ground's date, in milliseconds since 1970. */
  readonly date: () => number;
}

/** Lines that are remembered, and reads that are told in a second: more of them would push out everything else. */
const MOST_LINES = 2_000;
const MOST_READS_A_SECOND = 100;

/** For how long reads are told after somebody asked for them. */
const READS_FOR_MS = 15_000;

/** Follows one node from now on. A line costs an object; reads cost nothing while nobody asks for them. */
export function createFeed(parts: FeedParts): Feed {
  const { node, signals, date } = parts;
  const slots: FeedLine[] = [];
  let last = 0;

  function note(kind: FeedKind, { words, details }: Pick<FeedLine, "words" | "details">): void {
    last++;
    slots[last % MOST_LINES] = { atMs: date(), node, kind, words, details };
  }

  for (const kind of FEED_KINDS) {
    if (kind === "hit" || kind === "miss") continue;
    signals.listen(kind, (what: SignalKinds[typeof kind]) => note(kind, lineOf(kind, what)));
  }
  const reads = createReads(parts, note);

  return {
    read({ after, limit, kinds }) {
      if (kinds.includes("hit") || kinds.includes("miss")) reads.wanted();
      const oldest = Math.max(1, last - MOST_LINES + 1);
      if (after === null)
        return { last, dropped: 0, lines: newest({ slots, oldest, last }, { limit, kinds }) };
      const lines: FeedLine[] = [];
      let at = Math.max(oldest, after + 1);
      for (; at <= last && lines.length < limit; at++) {
        const line = slots[at % MOST_LINES]!;
        if (kinds.includes(line.kind)) lines.push(line);
      }
      return { last: at - 1, dropped: Math.max(0, oldest - after - 1), lines };
    },
  };
}

function newest(
  { slots, oldest, last }: { slots: readonly FeedLine[]; oldest: number; last: number },
  { limit, kinds }: Pick<FeedQuery, "limit" | "kinds">,
): readonly FeedLine[] {
  const lines: FeedLine[] = [];
  for (let at = last; at >= oldest && lines.length < limit; at--) {
    const line = slots[at % MOST_LINES]!;
    if (kinds.includes(line.kind)) lines.push(line);
  }
  return lines.reverse();
}

/** Tells how readers were answered, while somebody wants to know. */
function createReads(
  { signals, clock }: FeedParts,
  note: (kind: FeedKind, line: Pick<FeedLine, "words" | "details">) => void,
): { wanted(): void } {
  let untilMs = 0;
  let stop: (() => void) | undefined;
  let second = 0;
  let told = 0;

  function hear(event: SignalKinds["cache"]): void {
    const nowMs = clock.now();
    if (nowMs > untilMs) {
      stop?.();
      stop = undefined;
      return;
    }
    if (event.type !== "answered") return;
    const thisSecond = Math.floor(nowMs / 1_000);
    if (thisSecond !== second) [second, told] = [thisSecond, 0];
    if (++told > MOST_READS_A_SECOND) return;
    const kind = event.reason === "hit-far" || event.reason === "joined" ? "hit" : "miss";
    note(kind, lineOf(kind, event));
  }

  return {
    wanted() {
      untilMs = clock.now() + READS_FOR_MS;
      stop ??= signals.listen("cache", hear);
    },
  };
}
