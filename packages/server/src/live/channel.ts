import { LiveError, formatCursor, formatPosition, reaches } from "@livecache/wire";
import type { Cursor, Position, ResyncFrame, ResyncReason } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeLog, ChannelEvent, HistoryBounds, Subscription } from "../ports/change-log.ts";
import { createArrivals } from "./arrivals.ts";
import type { Arrivals } from "./arrivals.ts";
import { createChannelHistory } from "./channel-history.ts";
import type { ChannelHistory, Missed } from "./channel-history.ts";
import { createHeldEvents } from "./held-events.ts";
import type { HeldEvents, HeldRoom } from "./held-events.ts";
import type { ByteRoom } from "./byte-room.ts";
import { createRecentEvents } from "./recent-events.ts";
import type { RecentEvents } from "./recent-events.ts";

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
  /** What is read on this node from now on is as new as this position. */
  readonly require: (position: Position) => void;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly room: HeldRoom;
  readonly recentRoom: ByteRoom;
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
  /**
   * Subscribes; `after` is where the one for whom it is opened has been, if they have. Rejects as the ground does, and when there was no room
   * for events meanwhile; the channel is then closed.
   */
  open(after?: Cursor): Promise<void>;
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

/** How long what was read with the subscription is kept for the one who asked for it. */
const PRIMED_MS = 1_000;

/** How long somebody who has seen more than this node waits for it to catch up. */
const CATCH_UP_WITHIN_MS = 1_000;

/** Makes a channel that is not subscribed yet. */
export function createChannel(name: string, parts: ChannelParts): Channel {
  return new SharedChannel(name, parts);
}

class SharedChannel implements Channel {
  readonly name: string;
  readonly #parts: ChannelParts;
  readonly #held: HeldEvents;
  readonly #recent: RecentEvents;
  readonly #history: ChannelHistory;
  readonly #arrivals: Arrivals;
  #place: ChannelPlace | undefined;
  #subscription: Subscription | undefined;
  #repairing: Promise<void> | undefined;
  /** The place behind which the history has been read. */
  #mended: ChannelPlace | undefined;
  #overflowed = false;
  #closed = false;

  constructor(name: string, parts: ChannelParts) {
    const { changeLog, kept } = parts;
    this.name = name;
    this.#parts = parts;
    this.#held = createHeldEvents(parts.room);
    this.#recent = createRecentEvents(parts.recentRoom);
    this.#history = createChannelHistory({ name, changeLog, recent: this.#recent, kept });
    this.#arrivals = createArrivals(parts.clock);
  }

  async open(after?: Cursor): Promise<void> {
    try {
      await this.#subscribe(after);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  place(): ChannelPlace {
    const { cursor, position } = this.#place!;
    const at = this.#parts.applied();
    return { cursor, position: at && reaches(at, position) ? at : position };
  }

  resume(after: Cursor, tell: (missed: Missed) => void): Promise<void> {
    return this.#history.resume({
      after,
      place: () => this.#place!.cursor,
      caughtUp: (cursor) => this.#arrivals.reached(cursor, CATCH_UP_WITHIN_MS),
      tell,
    });
  }

  /** Delivers as far as the row of offsets has no hole; what lies behind a hole is held again until it is mended. */
  drain(): void {
    const at = this.#parts.applied();
    if (!at || !this.#place) return;
    const due = this.#held.takeDue(at);
    for (const [index, event] of due.entries()) {
      const { cursor, position } = event;
      const step = stepTo(cursor, this.#place.cursor);
      if (step === "seen") continue;
      if (step === "hole" && this.#place !== this.#mended && this.#held.insert(due.slice(index))) {
        return this.#mend();
      }
      if (step !== "next") {
        const before = { ...cursor, offset: cursor.offset - 1 };
        this.#skipTo({ cursor: before, position }, step === "hole" ? "lost" : step);
      }
      this.#deliver(event);
    }
  }

  hasSeen(position: Position): boolean {
    return this.#closed || this.#place === undefined || reaches(this.#newest().position, position);
  }

  hasDelivered(changeId: string): boolean {
    return this.#recent.hasChange(changeId);
  }

  async check(): Promise<void> {
    if (!this.#place || this.#closed) return;
    const before = this.#newest().cursor;
    const ground = await this.#parts.changeLog.cursor(this.name);
    // A reading that was under way already may have been asked too early.
    for (let readings = 0; readings < MOST_READINGS; readings++) {
      if (this.#closed || isComplete(ground, { before, now: this.#newest().cursor })) return;
      await this.#repair();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#held.clear();
    this.#recent.clear();
    this.#arrivals.end();
    const ending = this.#subscription;
    this.#subscription = undefined;
    await ending?.close();
  }

  async #subscribe(after?: Cursor): Promise<void> {
    const { changeLog } = this.#parts;
    const missed = after && this.#history.query(after);
    const subscription = await changeLog.subscribe(this.name, (event) => this.#receive(event), missed);
    this.#subscription = subscription;
    const { cursor, position } = subscription;
    if (this.#closed)
      throw new LiveError("LIVE_CLOSED", `Channel ${this.name} was closed while it was opened.`);
    if (this.#overflowed) throw new LiveError("LIVE_LIMIT_REACHED", "This node holds too many events back.");
    if (after && subscription.missed) {
      this.#history.prime(after, subscription.missed);
      // Whoever it was read for may have left.
      this.#parts.clock.after(PRIMED_MS, () => this.#history.prime(after, undefined));
    }
    // Whoever is told what was published before that may read before this node has been told of its changes.
    this.#parts.require(position);
    this.#place = { cursor, position };
    this.drain();
  }

  #receive(event: ChannelEvent): void {
    if (this.#closed) return;
    if (this.#held.add(event)) this.drain();
    else if (this.#place) this.#skipTo(event, "lost");
    else this.#overflowed = true;
  }

  #deliver(event: ChannelEvent): void {
    const { cursor, position } = event;
    this.#place = { cursor, position };
    this.#arrivals.note(cursor);
    this.#recent.add(event);
    this.#parts.deliver(event);
  }

  /** Moves the members past events that they will not get. */
  #skipTo({ cursor, position }: ChannelPlace, reason: ResyncReason): void {
    this.#place = { cursor, position };
    this.#arrivals.note(cursor);
    this.#recent.clear();
    const place = { cursor: formatCursor(cursor), position: formatPosition(position) };
    this.#parts.resync({ channel: this.name, ...place, reason });
  }

  #mend(): void {
    if (!this.#repairing) this.#parts.tasks.track(this.#repair().catch(() => undefined));
  }

  /**
   * Reads what is missing behind the members' place, and delivers it. Only one such reading is under way. When it fails, what was held behind a
   * hole meanwhile is looked at again after a while.
   */
  #repair(): Promise<void> {
    this.#repairing ??= this.#readMissing()
      .finally(() => (this.#repairing = undefined))
      .then(
        () => this.drain(),
        (error: unknown) => {
          this.#parts.clock.after(REPAIR_AGAIN_MS, () => this.drain());
          throw error;
        },
      );
    return this.#repairing;
  }

  async #readMissing(): Promise<void> {
    const asked = this.#place!;
    const reply = await this.#history.ask(asked.cursor);
    if (this.#closed || this.#place !== asked) return;
    this.#mended = asked;
    if (reply.gap) this.#held.dropUpTo(reply.cursor);
    if (reply.gap || !this.#held.insert(reply.events)) this.#skipTo(reply, reply.gap ?? "lost");
  }

  /** The newest event known, held or delivered. */
  #newest(): ChannelPlace {
    return this.#held.newest() ?? this.#place!;
  }
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
