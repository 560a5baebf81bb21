import { LiveError, formatCursor, formatPosition, reaches } from "@livecache/wire";
import type { Cursor, Position, ResyncFrame, ResyncReason } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeLog, ChannelEvent, HistoryBounds, Subscription } from "../ports/change-log.ts";
import { createArrivals } from "./arrivals.ts";
import { createChannelHistory } from "./channel-history.ts";
import type { Missed } from "./channel-history.ts";
import { createHeldEvents } from "./held-events.ts";
import type { HeldRoom } from "./held-events.ts";
import { createRecentEvents } from "./recent-events.ts";
import type { RecentRoom } from "./recent-events.ts";

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
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly room: HeldRoom;
  readonly recentRoom: RecentRoom;
  /** How much of the channel the ground keeps. */
  readonly kept: HistoryBounds;
  readonly deliver: (event: ChannelEvent) => void;
  readonly resync: (frame: ResyncFrame) => void;
}

/**
 * One channel on one node: the subscription that all its members share.
 *
 * An event is held until this node has applied the change it came with, and delivered then, in the order of the offsets. What is
 * missing in the row of offsets is read from the channel's history; if that cannot be, it is told as `resync` before the next event.
 */
export interface Channel {
  readonly name: string;
  /** Subscribes. Rejects as the ground does, and when there was no room for events meanwhile; the channel is then closed. */
  open(): Promise<void>;
  /** Where the members stand. Only to be asked once `open` has resolved. */
  place(): ChannelPlace;
  /**
   * Calls `tell` with every event between `after` and {@link Channel.place}, or with why that cannot be, in the turn in which it is
   * true. A cursor that is ahead of this node, but not of the ground, has missed nothing. Rejects as the ground does.
   */
  resume(after: Cursor, tell: (missed: Missed) => void): Promise<void>;
  /** Delivers what was held for a change that has been applied by now. */
  drain(): void;
  /** Whether everything published up to `position` has arrived. A channel that is not open waits for nothing. */
  hasSeen(position: Position): boolean;
  /** Whether an event of this change has been delivered lately. */
  hasDelivered(changeId: string): boolean;
  /** Compares with the ground, and reads what is missing. Rejects as the ground does. */
  check(): Promise<void>;
  /** Ends the subscription. Idempotent. */
  close(): Promise<void>;
}

/** How long to wait before a history that could not be read is asked for again. */
const REPAIR_AGAIN_MS = 500;

/** How often a check reads what is missing. */
const MOST_READINGS = 3;

/** How long somebody who has seen more than this node waits for it to catch up. */
const CATCH_UP_WITHIN_MS = 1_000;

/** Makes a channel that is not subscribed yet. */
export function createChannel(name: string, parts: ChannelParts): Channel {
  const { changeLog, applied, clock, tasks } = parts;
  const held = createHeldEvents(parts.room);
  const recent = createRecentEvents(parts.recentRoom);
  const history = createChannelHistory({ name, changeLog, recent, kept: parts.kept });
  const arrivals = createArrivals(clock);
  let place: ChannelPlace | undefined;
  let subscription: Subscription | undefined;
  let repairing: Promise<void> | undefined;
  /** The place behind which the history has been read. */
  let mended: ChannelPlace | undefined;
  let overflowed = false;
  let closed = false;

  /** Moves the members past events that they will not get. */
  function skipTo({ cursor: at, position }: ChannelPlace, reason: ResyncReason): void {
    place = { cursor: at, position };
    arrivals.note(at);
    recent.clear();
    parts.resync({ channel: name, cursor: formatCursor(at), position: formatPosition(position), reason });
  }

  function deliver(event: ChannelEvent): void {
    const { cursor, position } = event;
    place = { cursor, position };
    arrivals.note(cursor);
    recent.add(event);
    parts.deliver(event);
  }

  /** Delivers as far as the row of offsets has no hole; what lies behind a hole is held again until it is mended. */
  function drain(): void {
    const at = applied();
    if (!at || !place) return;
    const due = held.takeDue(at);
    for (const [index, event] of due.entries()) {
      const { cursor, position } = event;
      const step = stepTo(cursor, place.cursor);
      if (step === "seen") continue;
      if (step === "hole" && place !== mended && held.insert(due.slice(index))) return mend();
      if (step !== "next") {
        skipTo(
          { cursor: { ...cursor, offset: cursor.offset - 1 }, position },
          step === "hole" ? "lost" : step,
        );
      }
      deliver(event);
    }
  }

  function mend(): void {
    if (repairing) return;
    tasks.track(repair().catch(() => void clock.after(REPAIR_AGAIN_MS, drain)));
  }

  /** Reads what is missing behind the members' place, and delivers it. Only one such reading is under way. */
  function repair(): Promise<void> {
    repairing ??= readMissing()
      .finally(() => (repairing = undefined))
      .then(drain);
    return repairing;
  }

  async function readMissing(): Promise<void> {
    const asked = place!;
    const reply = await history.ask(asked.cursor);
    if (closed || place !== asked) return;
    mended = asked;
    if (reply.gap) held.dropUpTo(reply.cursor);
    if (reply.gap || !held.insert(reply.events)) skipTo(reply, reply.gap ?? "lost");
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
    recent.clear();
    arrivals.end();
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
    resume: (after, tell) =>
      history.resume({
        after,
        place: () => place!.cursor,
        caughtUp: (cursor) => arrivals.reached(cursor, CATCH_UP_WITHIN_MS),
        tell,
      }),
    drain,
    hasSeen: (position) => closed || place === undefined || reaches(newest().position, position),
    hasDelivered: (changeId) => recent.hasChange(changeId),
    async check() {
      if (!place || closed) return;
      const before = newest().cursor;
      const ground = await changeLog.cursor(name);
      // A reading that was under way already may have been asked too early.
      for (let readings = 0; readings < MOST_READINGS && !closed; readings++) {
        if (isComplete(ground, { before, now: newest().cursor })) return;
        await repair();
      }
    },
    close,
  };
}

/** What an event means to members who stand at `held`. Offsets are dense, so a jump within an epoch is a hole. */
function stepTo(event: Cursor, held: Cursor): "next" | "seen" | "hole" | "epoch" {
  if (event.epoch !== held.epoch) return "epoch";
  if (event.offset <= held.offset) return "seen";
  return event.offset === held.offset + 1 ? "next" : "hole";
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
