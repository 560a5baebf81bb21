import { LiveError, formatCursor, formatPosition, reaches } from "@livecache/wire";
import type { Cursor, Position, ResyncFrame, ResyncReason } from "@livecache/wire";
import type { ChangeLog, ChannelEvent, Subscription } from "../ports/change-log.ts";

/** Where the members of a channel stand. */
export interface ChannelPlace {
  /** The last event that was delivered. */
  readonly cursor: Cursor;
  /** What is read at this position is at least as new as the event at `cursor`. */
  readonly position: Position;
}

/** What a channel needs from its surroundings. */
export interface ChannelParts {
  readonly changeLog: ChangeLog;
  /** Where this node has applied the log to. */
  readonly applied: () => Position | undefined;
  /** Takes room for one more held event; `false` when this node has none left. */
  readonly takeRoom: () => boolean;
  /** Gives room back. */
  readonly giveRoom: (events: number) => void;
  readonly deliver: (event: ChannelEvent) => void;
  readonly resync: (frame: ResyncFrame) => void;
}

/**
 * One channel on one node: the subscription that all its members share.
 *
 * An event is held until this node has applied the change it came with, and delivered then, in the order of the offsets. Whatever
 * breaks the row of offsets is told as `resync` before the next event.
 */
export interface Channel {
  readonly name: string;
  /** Subscribes. Rejects as the ground does, and when the node had to drop events meanwhile; the channel is then closed. */
  open(): Promise<void>;
  /** Where the members stand. Only to be asked once `open` has resolved. */
  place(): ChannelPlace;
  /** Delivers what was held for a change that has been applied by now. */
  drain(): void;
  /** Whether everything published up to `position` has arrived. */
  hasSeen(position: Position): boolean;
  /** Compares with the ground, and tells `resync` when an event is missing. Rejects as the ground does. */
  check(): Promise<void>;
  /** Ends the subscription. Idempotent. */
  close(): Promise<void>;
}

/** Makes a channel that is not subscribed yet. */
export function createChannel(name: string, parts: ChannelParts): Channel {
  const { changeLog } = parts;
  let place: ChannelPlace | undefined;
  let subscription: Subscription | undefined;
  let held: ChannelEvent[] = [];
  let overflowed = false;
  let closed = false;

  /** Moves the members past events that they will not get. */
  function skipTo(next: ChannelPlace, reason: ResyncReason): void {
    place = next;
    const cursor = formatCursor(next.cursor);
    parts.resync({ channel: name, cursor, position: formatPosition(next.position), reason });
  }

  function deliver(event: ChannelEvent): void {
    const { epoch, offset } = event.cursor;
    const { cursor } = place!;
    const continues = epoch === cursor.epoch;
    if (continues && offset <= cursor.offset) return;
    if (!continues || offset > cursor.offset + 1) {
      const before = { cursor: { epoch, offset: offset - 1 }, position: event.position };
      skipTo(before, continues ? "lost" : "epoch");
    }
    place = { cursor: event.cursor, position: event.position };
    parts.deliver(event);
  }

  /** Takes the first held events out. */
  function release(count: number): readonly ChannelEvent[] {
    parts.giveRoom(count);
    return held.splice(0, count);
  }

  function drain(): void {
    const at = parts.applied();
    if (!at || !place) return;
    const isApplied = (event: ChannelEvent): boolean => reaches(at, event.position);
    // What stands before an applied event without being applied is from an epoch that is over; the next event's offset tells.
    const due = release(held.findLastIndex(isApplied) + 1);
    due.filter(isApplied).forEach(deliver);
  }

  function receive(event: ChannelEvent): void {
    if (closed) return;
    if (parts.takeRoom()) {
      held.push(event);
      drain();
      return;
    }
    release(held.length);
    if (place) skipTo({ cursor: event.cursor, position: event.position }, "lost");
    else overflowed = true;
  }

  /** The newest event known, held or delivered. */
  function newest(): ChannelPlace {
    return held.at(-1) ?? place!;
  }

  /** Whether nothing is missing up to where the ground stood, when `before` was the newest event known before it was asked. */
  function isComplete(before: Cursor, ground: Cursor): boolean {
    const now = newest().cursor;
    // Another epoch has come in by itself, and the next event tells.
    if (now.epoch !== before.epoch) return true;
    return ground.epoch === now.epoch && ground.offset >= before.offset && ground.offset <= now.offset;
  }

  function dropUpTo(cursor: Cursor): void {
    const kept = held.filter(
      (event) => event.cursor.epoch === cursor.epoch && event.cursor.offset > cursor.offset,
    );
    parts.giveRoom(held.length - kept.length);
    held = kept;
  }

  async function close(): Promise<void> {
    closed = true;
    release(held.length);
    const ending = subscription;
    subscription = undefined;
    await ending?.close();
  }

  return {
    name,
    async open() {
      try {
        subscription = await changeLog.subscribe(name, receive);
        // Asked after subscribing, so it is not older than the event at the subscription's cursor.
        const position = await changeLog.position();
        if (closed) throw new LiveError("LIVE_CLOSED", `Channel ${name} was closed while it was opened.`);
        if (overflowed) {
          throw new LiveError("LIVE_LIMIT_REACHED", `Channel ${name}: this node holds too many events back.`);
        }
        place = { cursor: subscription.cursor, position };
        drain();
      } catch (error) {
        await close();
        throw error;
      }
    },
    place() {
      const { cursor, position } = place!;
      const at = parts.applied();
      return { cursor, position: at && reaches(at, position) ? at : position };
    },
    drain,
    hasSeen: (position) => place === undefined || reaches(newest().position, position),
    async check() {
      if (!place) return;
      const before = newest().cursor;
      const ground = await changeLog.cursor(name);
      if (isComplete(before, ground)) return;
      const position = await changeLog.position();
      if (closed || isComplete(before, ground)) return;
      const reason = ground.epoch === before.epoch ? "lost" : "epoch";
      dropUpTo(ground);
      skipTo({ cursor: ground, position }, reason);
    },
    close,
  };
}
