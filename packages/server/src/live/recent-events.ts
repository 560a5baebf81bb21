import type { Cursor } from "@livecache/wire";
import type { ChannelEvent } from "../ports/change-log.ts";
import type { ByteRoom } from "./byte-room.ts";

/**
 * The last events that one channel of this node has delivered: a row without a hole, so that whoever comes back soon need not ask the
 * ground. Pure.
 */
export interface RecentEvents {
  /** Adds the event that was delivered just now. */
  add(event: ChannelEvent): void;
  /** Puts older events before the row, where they join it without a hole. */
  extend(older: readonly ChannelEvent[]): void;
  /** Every event after `cursor`, or `undefined` when the row does not begin early enough. */
  after(cursor: Cursor): readonly ChannelEvent[] | undefined;
  /** Whether an event of this change is in the row. */
  hasChange(changeId: string): boolean;
  clear(): void;
}

/** Most events of a channel that a node remembers. */
const MAX_EVENTS = 200;

/** Makes an empty row. */
export function createRecentEvents(room: ByteRoom): RecentEvents {
  const row: ChannelEvent[] = [];

  function drop(count: number): void {
    for (const event of row.splice(0, count)) room.give(sizeOf(event));
  }

  function takeRoom(event: ChannelEvent): boolean {
    while (!room.take(sizeOf(event))) {
      if (row.length === 0) return false;
      drop(1);
    }
    return true;
  }

  return {
    add(event) {
      const last = row.at(-1)?.cursor;
      if (last && !follows(event.cursor, last)) drop(row.length);
      if (row.length >= MAX_EVENTS) drop(1);
      if (takeRoom(event)) row.push(event);
      else drop(row.length);
    },
    extend(older) {
      const first = row[0]?.cursor;
      if (!first) return;
      const before = older.filter(
        ({ cursor }) => cursor.epoch === first.epoch && cursor.offset < first.offset,
      );
      for (const event of before.reverse()) {
        const fits = follows(row[0]!.cursor, event.cursor) && row.length < MAX_EVENTS;
        if (!fits || !room.take(sizeOf(event))) return;
        row.unshift(event);
      }
    },
    after({ epoch, offset }) {
      const first = row[0]?.cursor;
      if (first?.epoch !== epoch || first.offset > offset + 1) return undefined;
      return row.slice(offset + 1 - first.offset);
    },
    hasChange: (changeId) => row.some((event) => event.changeId === changeId),
    clear: () => drop(row.length),
  };
}

function follows(next: Cursor, last: Cursor): boolean {
  return next.epoch === last.epoch && next.offset === last.offset + 1;
}

function sizeOf({ body, name }: ChannelEvent): number {
  return (body.length + name.length) * 2 + 300;
}
