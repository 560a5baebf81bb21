import { formatCursor } from "@livecache/wire";
import type { Cursor, ResyncReason } from "@livecache/wire";
import type {
  ChangeLog,
  ChannelEvent,
  HistoryBounds,
  HistoryQuery,
  HistoryReply,
} from "../ports/change-log.ts";
import type { RecentEvents } from "./recent-events.ts";

/** What somebody who stands at a cursor has missed, or why that cannot be told. */
export type Missed =
  { readonly events: readonly ChannelEvent[]; readonly gap?: undefined } | { readonly gap: ResyncReason };

/** What reading a channel's past needs from its surroundings. */
export interface ChannelHistoryParts {
  readonly name: string;
  readonly changeLog: ChangeLog;
  readonly recent: RecentEvents;
  readonly kept: HistoryBounds;
}

/** Who comes back, and where the channel stands on this node at any time. */
export interface Resume {
  readonly after: Cursor;
  readonly place: () => Cursor;
  /** Resolves when the channel stands at the cursor here too, or after a while. */
  readonly caughtUp: (cursor: Cursor) => Promise<void>;
  readonly tell: (missed: Missed) => void;
}

/** The past of one channel, as one node sees it: what it remembers itself, and behind that the ground. */
export interface ChannelHistory {
  /** What to ask for somebody who stands at `after`. */
  query(after: Cursor): HistoryQuery;
  /** The ground has answered this already: the first who needs it does not ask again. `undefined`: the answer is too old by now. */
  prime(after: Cursor, reply: HistoryReply | undefined): void;
  /** Asks the ground. Rejects as the ground does. */
  ask(after: Cursor): Promise<HistoryReply>;
  /** See `Channel.resume`. */
  resume(who: Resume): Promise<void>;
}

/** Most events that are sent to somebody who comes back. */
const MAX_REPLAYED = 500;

/** Most bytes of bodies that are sent to somebody who comes back. */
const MAX_REPLAYED_BYTES = 256 * 1024;

/** How often the ground is asked for one who comes back to a channel that moves faster than it answers. */
const MOST_READINGS = 5;

/** Makes the past of one channel. */
export function createChannelHistory({ name, changeLog, recent, kept }: ChannelHistoryParts): ChannelHistory {
  const flights = new Map<string, Promise<HistoryReply>>();
  let primed: { readonly key: string; readonly reply: HistoryReply } | undefined;

  const query = (after: Cursor): HistoryQuery => ({
    ...{ after, limit: MAX_REPLAYED, maxBytes: MAX_REPLAYED_BYTES },
    ...kept,
  });

  const ask = (after: Cursor): Promise<HistoryReply> => changeLog.history(name, query(after));

  async function answer(after: Cursor, key: string): Promise<HistoryReply> {
    const known = primed;
    primed = undefined;
    return known?.key === key ? known.reply : ask(after);
  }

  /** Those who ask for the same at the same time share one answer. */
  function read(after: Cursor): Promise<HistoryReply> {
    const key = formatCursor(after);
    const flying = flights.get(key);
    if (flying) return flying;
    const flight = answer(after, key).finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  }

  /** What lies between `after` and the place, without asking anybody. */
  function remembered(after: Cursor, place: Cursor): readonly ChannelEvent[] | undefined {
    if (after.epoch !== place.epoch || after.offset > place.offset) return undefined;
    return after.offset === place.offset ? [] : recent.after(after);
  }

  async function resume({ after, place, caughtUp, tell }: Resume): Promise<void> {
    let at = after;
    let hasWaited = false;
    const gathered: ChannelEvent[] = [];
    for (let readings = 0; ; readings++) {
      const rest = remembered(at, place());
      if (rest) return tell(bounded([...gathered, ...rest]));
      if (readings === MOST_READINGS) return tell({ gap: "overflow" });
      const reply = await read(at);
      if (reply.gap) return tell({ gap: reply.gap });
      gathered.push(...reply.events);
      recent.extend(reply.events);
      at = gathered.at(-1)?.cursor ?? at;
      // The node may lag behind the ground. Whoever has seen more than it would be told again what they have seen.
      if (!hasWaited && !isAt(place(), after)) {
        hasWaited = true;
        await caughtUp(after);
        // It would tell them later what they have seen: they begin anew where it stands.
        if (!isAt(place(), after)) return tell({ gap: "lost" });
      }
      const here = place();
      // What the node has not delivered yet comes by the ordinary way.
      if (here.epoch === at.epoch && here.offset <= at.offset) {
        return tell(bounded(gathered.filter(({ cursor }) => cursor.offset <= here.offset)));
      }
    }
  }

  return {
    ask,
    resume,
    query,
    prime(after, reply) {
      primed = reply && { key: formatCursor(after), reply };
    },
  };
}

/** Whether a place is at a cursor or past it. Of two epochs it is the ground that knows which is over. */
function isAt(place: Cursor, cursor: Cursor): boolean {
  return place.epoch === cursor.epoch && place.offset >= cursor.offset;
}

function bounded(events: readonly ChannelEvent[]): Missed {
  const bytes = events.reduce((sum, { body }) => sum + body.length, 0);
  return events.length > MAX_REPLAYED || bytes > MAX_REPLAYED_BYTES ? { gap: "overflow" } : { events };
}
