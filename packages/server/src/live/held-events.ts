import { reaches } from "@livecache/wire";
import type { Cursor, Position } from "@livecache/wire";
import type { ChannelEvent } from "../ports/change-log.ts";

/** How many events a node may hold back, over all its channels. */
export interface HeldRoom {
  /** Takes room for one more; `false` when there is none. */
  take(): boolean;
  giveBack(events: number): void;
}

/** What {@link createHeldRoom} has counted. */
export interface HeldCount {
  readonly now: number;
  /** Events that found no room. */
  readonly refused: number;
}

/** Makes room for `maxEvents`. `onFull` is told the first time that an event finds none. */
export function createHeldRoom(maxEvents: number, onFull: () => void): HeldRoom & { count(): HeldCount } {
  let now = 0;
  let refused = 0;
  return {
    take() {
      if (now < maxEvents) {
        now++;
        return true;
      }
      if (refused++ === 0) onFull();
      return false;
    },
    giveBack(events) {
      now -= events;
    },
    count: () => ({ now, refused }),
  };
}

/** The events of one channel that have arrived before their change was applied here, in the order of their offsets. */
export interface HeldEvents {
  /** `false` when there is no room: then nothing is held any more. */
  add(event: ChannelEvent): boolean;
  /** Takes out what may be delivered now that this node has applied `at`. */
  takeDue(at: Position): readonly ChannelEvent[];
  /** Puts events among those that are held, each offset once; `false` when there is no room, and then nothing is held any more. */
  insert(events: readonly ChannelEvent[]): boolean;
  newest(): ChannelEvent | undefined;
  /** Drops everything that does not come after `cursor`. */
  dropUpTo(cursor: Cursor): void;
  clear(): void;
}

/** Makes an empty queue that shares `room` with others. */
export function createHeldEvents(room: HeldRoom): HeldEvents {
  let events: ChannelEvent[] = [];

  function keep(kept: ChannelEvent[]): void {
    room.giveBack(events.length - kept.length);
    events = kept;
  }

  return {
    add(event) {
      const fits = room.take();
      if (fits) events.push(event);
      else keep([]);
      return fits;
    },
    takeDue(at) {
      const isApplied = (event: ChannelEvent): boolean => reaches(at, event.position);
      const end = events.findLastIndex(isApplied) + 1;
      const due = events.slice(0, end).filter(isApplied);
      // What stands before an applied event without being applied is from an epoch that is over.
      keep(events.slice(end));
      return due;
    },
    insert(more) {
      const known = new Set(events.map(({ cursor }) => `${cursor.epoch}-${cursor.offset}`));
      const fresh = more.filter(({ cursor }) => !known.has(`${cursor.epoch}-${cursor.offset}`));
      const taken = fresh.findIndex(() => !room.take());
      if (taken !== -1) {
        room.giveBack(taken);
        keep([]);
        return false;
      }
      // Of several epochs, the one that came first is the older.
      const epochs = [...new Set([...fresh, ...events].map(({ cursor }) => cursor.epoch))];
      const rank = ({ cursor }: ChannelEvent): number => epochs.indexOf(cursor.epoch);
      events = [...fresh, ...events].sort((a, b) => rank(a) - rank(b) || a.cursor.offset - b.cursor.offset);
      return true;
    },
    newest: () => events.at(-1),
    dropUpTo({ epoch, offset }) {
      keep(events.filter(({ cursor }) => cursor.epoch === epoch && cursor.offset > offset));
    },
    clear: () => keep([]),
  };
}
