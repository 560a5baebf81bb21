import { LiveError } from "@livecache/wire";
import type { Position, ResyncFrame } from "@livecache/wire";
import type { Cancel, Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { ChangeLog, ChangeRecord, ChannelEvent } from "../ports/change-log.ts";
import { createChannel } from "./channel.ts";
import type { Channel, ChannelPlace } from "./channel.ts";

/** Who is in a channel. */
export interface Member {
  enter(channel: string): void;
  exit(channel: string): void;
  resync(frame: ResyncFrame): void;
}

/** What the channels of a node need from their surroundings. */
export interface ChannelsParts {
  readonly changeLog: ChangeLog;
  readonly applied: () => Position | undefined;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly maxHeldEvents: number;
  readonly deliver: (event: ChannelEvent) => void;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** A claim on a channel's subscription, by somebody who is in it or about to be. */
export interface ChannelHold {
  /** Where the channel stands now. */
  place(): ChannelPlace;
  /** Makes `member` one of those who are told. Events after {@link ChannelHold.place} will reach it. */
  enter(member: Member): void;
  /** Gives the claim up, and the membership with it. Idempotent. */
  release(): void;
}

/** The channels that one node follows, each subscribed once however many are in it. */
export interface Channels {
  /** Claims a channel, and subscribes to it when this is the first claim. Rejects as the ground does. */
  hold(name: string): Promise<ChannelHold>;
  /** How many channels this node is subscribed to. */
  size(): number;
  /** How many events are held back, and how many have been given up for want of room. */
  held(): { readonly now: number; readonly dropped: number };
  /** This node has applied `record`: events that waited for it go out, and an event of it that does not come is looked for. */
  apply(record: ChangeRecord): void;
  /** Delivers what waits in any channel for changes that have been applied by now. */
  drain(): void;
  /** Compares every channel with the ground. Rejects as the ground does. */
  check(): Promise<void>;
  /** Ends all subscriptions. Idempotent. */
  close(): Promise<void>;
}

interface Slot {
  readonly channel: Channel;
  readonly opened: Promise<void>;
  readonly members: Set<Member>;
  holds: number;
  endLinger: Cancel;
}

/** How long a channel stays subscribed after its last member has left: a page that is reloaded costs nothing. */
const LINGER_MS = 5_000;

/** How long an event may be late, after the record that names its channel, before it is looked for. */
const LATE_AFTER_MS = 1_000;

/** How many channels are compared with the ground at a time. */
const CHECKED_AT_ONCE = 50;

/** Makes an empty set of channels. */
export function createChannels(parts: ChannelsParts): Channels {
  const { clock, tasks, warn } = parts;
  const slots = new Map<string, Slot>();
  /** Channels that owe an event, with the position of its change. */
  let late = new Map<Slot, Position>();
  let heldNow = 0;
  let dropped = 0;
  let closed = false;

  function takeRoom(): boolean {
    if (heldNow < parts.maxHeldEvents) {
      heldNow++;
      return true;
    }
    if (dropped++ === 0) warn("too many events are held back; the channels concerned are told to reload");
    return false;
  }

  function open(name: string): Slot {
    const members = new Set<Member>();
    const channel = createChannel(name, {
      changeLog: parts.changeLog,
      applied: parts.applied,
      takeRoom,
      giveRoom: (events) => (heldNow -= events),
      deliver: parts.deliver,
      resync: (frame) => members.forEach((member) => member.resync(frame)),
    });
    const slot = { channel, opened: channel.open(), members, holds: 0, endLinger: () => undefined };
    slots.set(name, slot);
    return slot;
  }

  function forget(slot: Slot): void {
    if (slots.get(slot.channel.name) === slot) slots.delete(slot.channel.name);
    late.delete(slot);
  }

  function letGo(slot: Slot): void {
    if (--slot.holds > 0 || closed) return;
    slot.endLinger = clock.after(LINGER_MS, () => {
      forget(slot);
      tasks.track(slot.channel.close());
    });
  }

  function expectEvent(slot: Slot, position: Position): void {
    if (closed || slot.channel.hasSeen(position)) return;
    if (late.size === 0) clock.after(LATE_AFTER_MS, lookForLate);
    late.set(slot, position);
  }

  function lookForLate(): void {
    const missing = [...late].filter(([slot, position]) => !slot.channel.hasSeen(position));
    late = new Map();
    const look = checkAll(missing.map(([slot]) => slot.channel));
    // The ground is away: they are looked for again.
    tasks.track(look.catch(() => missing.forEach(([slot, position]) => expectEvent(slot, position))));
  }

  return {
    async hold(name) {
      if (closed) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
      const slot = slots.get(name) ?? open(name);
      slot.endLinger();
      slot.holds++;
      try {
        await slot.opened;
      } catch (error) {
        forget(slot);
        throw error;
      }
      let entered: Member | undefined;
      let released = false;
      return {
        place: () => slot.channel.place(),
        enter(member) {
          entered = member;
          slot.members.add(member);
          member.enter(name);
        },
        release() {
          if (released) return;
          released = true;
          if (entered && slot.members.delete(entered)) entered.exit(name);
          letGo(slot);
        },
      };
    },
    size: () => slots.size,
    held: () => ({ now: heldNow, dropped }),
    apply({ position, channels }) {
      for (const name of channels) {
        const slot = slots.get(name);
        if (!slot) continue;
        slot.channel.drain();
        expectEvent(slot, position);
      }
    },
    drain() {
      for (const { channel } of slots.values()) channel.drain();
    },
    check: () => checkAll([...slots.values()].map((slot) => slot.channel)),
    async close() {
      closed = true;
      const all = [...slots.values()];
      slots.clear();
      late.clear();
      for (const slot of all) slot.endLinger();
      await Promise.all(all.map((slot) => slot.channel.close()));
    },
  };
}

async function checkAll(channels: readonly Channel[]): Promise<void> {
  for (let start = 0; start < channels.length; start += CHECKED_AT_ONCE) {
    await Promise.all(channels.slice(start, start + CHECKED_AT_ONCE).map((channel) => channel.check()));
  }
}
