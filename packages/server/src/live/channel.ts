import { LiveError, formatCursor, formatPosition, reaches } from "@livecache/wire";
import type { Cursor, Position, ResyncFrame, ResyncReason } from "@livecache/wire";
import type { ChangeLog, ChannelEvent, Subscription } from "../ports/change-log.ts";
import { createHeldEvents } from "./held-events.ts";
import type { HeldRoom } from "./held-events.ts";

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
  readonly room: HeldRoom;
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
  /** Subscribes. Rejects as the ground does, and when there was no room for events meanwhile; the channel is then closed. */
  open(): Promise<void>;
  /** Where the members stand. Only to be asked once `open` has resolved. */
  place(): ChannelPlace;
  /** Delivers what was held for a change that has been applied by now. */
  drain(): void;
  /** Whether everything published up to `position` has arrived. A channel that is not open waits for nothing. */
  hasSeen(position: Position): boolean;
  /** Compares with the ground, and tells `resync` when an event is missing. Rejects as the ground does. */
  check(): Promise<void>;
  /** Ends the subscription. Idempotent. */
  close(): Promise<void>;
}

/** Makes a channel that is not subscribed yet. */
export function createChannel(name: string, { changeLog, applied, room, ...parts }: ChannelParts): Channel {
  const held = createHeldEvents(room);
  let place: ChannelPlace | undefined;
  let subscription: Subscription | undefined;
  let overflowed = false;
  let closed = false;

  /** Moves the members past events that they will not get. */
  function skipTo(next: ChannelPlace, reason: ResyncReason): void {
    place = next;
    const cursor = formatCursor(next.cursor);
    parts.resync({ channel: name, cursor, position: formatPosition(next.position), reason });
  }

  function deliver(event: ChannelEvent): void {
    const { cursor, position } = event;
    const step = stepTo(cursor, place!.cursor);
    if (step === "seen") return;
    if (step !== "next") skipTo({ cursor: { ...cursor, offset: cursor.offset - 1 }, position }, step);
    place = { cursor, position };
    parts.deliver(event);
  }

  function drain(): void {
    const at = applied();
    if (at && place) held.takeDue(at).forEach(deliver);
  }

  function receive(event: ChannelEvent): void {
    if (closed) return;
    if (held.add(event)) drain();
    else if (place) skipTo({ cursor: event.cursor, position: event.position }, "lost");
    else overflowed = true;
  }

  /** The newest event known, held or delivered. */
  function newest(): ChannelPlace {
    return held.newest() ?? place!;
  }

  async function close(): Promise<void> {
    closed = true;
    held.clear();
    const ending = subscription;
    subscription = undefined;
    await ending?.close();
  }

  async function subscribe(): Promise<void> {
    subscription = await changeLog.subscribe(name, receive);
    // Asked after subscribing, so it is not older than the event at the subscription's cursor.
    const position = await changeLog.position();
    if (closed) throw new LiveError("LIVE_CLOSED", `Channel ${name} was closed while it was opened.`);
    if (overflowed) throw new LiveError("LIVE_LIMIT_REACHED", "This node holds too many events back.");
    place = { cursor: subscription.cursor, position };
    drain();
  }

  return {
    name,
    async open() {
      try {
        await subscribe();
      } catch (error) {
        await close();
        throw error;
      }
    },
    place() {
      const { cursor, position } = place!;
      const at = applied();
      return { cursor, position: at && reaches(at, position) ? at : position };
    },
    drain,
    hasSeen: (position) => closed || place === undefined || reaches(newest().position, position),
    async check() {
      if (!place || closed) return;
      const before = newest().cursor;
      const ground = await changeLog.cursor(name);
      if (isComplete(ground, { before, now: newest().cursor })) return;
      const position = await changeLog.position();
      if (closed || isComplete(ground, { before, now: newest().cursor })) return;
      held.dropUpTo(ground);
      skipTo({ cursor: ground, position }, ground.epoch === before.epoch ? "lost" : "epoch");
    },
    close,
  };
}

/** What an event means to members who stand at `held`. Offsets are dense, so a jump within an epoch is a gap. */
function stepTo(event: Cursor, held: Cursor): "next" | "seen" | ResyncReason {
  if (event.epoch !== held.epoch) return "epoch";
  if (event.offset <= held.offset) return "seen";
  return event.offset === held.offset + 1 ? "next" : "lost";
}

/** Whether nothing is missing up to where the ground stood. `before` and `now`: the newest event known before it was asked, and now. */
function isComplete(ground: Cursor, { before, now }: { before: Cursor; now: Cursor }): boolean {
  // Another epoch has come in by itself, and its first event tells.
  if (now.epoch !== before.epoch) return true;
  return ground.epoch === now.epoch && ground.offset >= before.offset && ground.offset <= now.offset;
}

/** How many channels are compared with the ground at a time. */
const CHECKED_AT_ONCE = 50;

/** Compares channels with the ground, a bounded number at a time. Rejects as the ground does. */
export async function checkAll(channels: readonly Channel[]): Promise<void> {
  for (let start = 0; start < channels.length; start += CHECKED_AT_ONCE) {
    await Promise.all(channels.slice(start, start + CHECKED_AT_ONCE).map((channel) => channel.check()));
  }
}
