import type { Clock } from "../base/clock.ts";
import type { Broadcast } from "../base/conversation.ts";
import type { Signals } from "../base/signals.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Claim, Verdict } from "../ports/change-log.ts";
import { createByteRoom } from "./byte-room.ts";
import { createPushSources } from "./push-sources.ts";
import type { PushSources } from "./push-sources.ts";
import type { QueryTokens } from "./query-token.ts";
import { createSlicedWork } from "./sliced-work.ts";
import { createTurns } from "./turns.ts";
import { createWatchGroups } from "./watch-groups.ts";
import type { WatchGroups } from "./watch-groups.ts";
import { createWatchIndex } from "./watch-index.ts";
import type { ToldOf, WatchIndex } from "./watch-index.ts";

/** What live queries need from their surroundings. */
export interface WatchesParts {
  readonly tokens: QueryTokens;
  readonly judge: (claim: Claim) => Promise<Verdict>;
  readonly broadcast: (told: Broadcast) => void;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  readonly signals: Pick<Signals, "tell">;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** The live queries of one node. */
export interface Watches {
  readonly index: WatchIndex;
  readonly groups: WatchGroups;
  readonly pushes: PushSources;
  /** How many watches there are. */
  size(): number;
}

/** Memory for the bodies that watchers of pushed responses hold. */
const MAX_BASE_BYTES = 32 * 1024 * 1024;

/** How many responses are made anew at a time, to be pushed. */
const RENDERED_AT_ONCE = 16;

/** How long doors may take to send what they were given. */
const SENT_AFTER_MS = 10_000;

/** Makes the live queries of a node that nobody watches on yet. */
export function openWatches(parts: WatchesParts): Watches {
  const { clock, signals, warn } = parts;
  const work = createSlicedWork(clock, (error) => warn("watchers could not be told", { error }));
  const count = { watches: 0, groups: 0 };
  const averageSize = (): number => count.watches / Math.max(1, count.groups);
  const onTold = (told: ToldOf): void => signals.tell("told", told);
  const index = createWatchIndex({ run: work.add, averageSize, onTold });
  const pushes = createPushSources(clock);
  const groups = createWatchGroups({
    tokens: parts.tokens,
    judge: parts.judge,
    broadcast: parts.broadcast,
    clock,
    tasks: parts.tasks,
    signal: parts.signal,
    work,
    watches: index,
    count,
    sources: pushes,
    baseRoom: createByteRoom(MAX_BASE_BYTES),
    turns: createTurns(RENDERED_AT_ONCE),
    later: (task) => void clock.after(SENT_AFTER_MS, task),
  });
  return { index, groups, pushes, size: () => count.watches };
}
