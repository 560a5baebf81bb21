import { LiveError } from "@livecache/wire";
import type { Cursor, ResyncFrame } from "@livecache/wire";
import type { Cancel } from "../base/clock.ts";
import type { ChangeRecord, HistoryBounds } from "../ports/change-log.ts";
import type { EphemeralLane, Listening } from "../ports/ephemeral-lane.ts";
import { checkAll, createChannel } from "./channel.ts";
import type { Channel, ChannelParts, ChannelPlace } from "./channel.ts";
import type { Missed } from "./channel-history.ts";
import { createLateEvents } from "./late-events.ts";

/** Who is in a channel. */
export interface Member {
  enter(channel: string): void;
  exit(channel: string): void;
  /** For a member that no door sends to. */
  resync?(frame: ResyncFrame): void;
}

/** What the channels of a node need from their surroundings. */
export interface ChannelsParts extends Omit<ChannelParts, "kept"> {
  readonly lane: EphemeralLane;
  /** Whether whispers are told in a channel; the lane is listened to only then. */
  readonly whispersIn: (channel: string) => boolean;
  /** How much the ground keeps of a channel. */
  readonly keptOf: (channel: string) => HistoryBounds;
  /** A whisper has come, as it was sent. */
  readonly hear: (channel: string, message: string) => void;
}

/** A claim on a channel's subscription, by somebody who is in it or about to be. */
export interface ChannelHold {
  /** Where the channel stands now. */
  place(): ChannelPlace;
  /** See `Channel.resume`. */
  resume(after: Cursor, tell: (missed: Missed) => void): Promise<void>;
  /** Makes `member` one of those who are told: every event after {@link ChannelHold.place} will reach it. Once is enough. */
  enter(member: Member): void;
  /** Gives the claim up, and the membership with it. Idempotent. */
  release(): void;
}

/** The channels that one node follows, each subscribed once however many are in it. */
export interface Channels {
  /**
   * Claims a channel, and subscribes to it when nobody has. `after`: where the claimant is about to resume from, which is then read in the
   * same step. Rejects as the ground does.
   */
  hold(name: string, after?: Cursor): Promise<ChannelHold>;
  /** Whether somebody of this node is in the channel, or about to be. */
  has(name: string): boolean;
  /** Whether an event of this change has been delivered in the channel lately. */
  hasDelivered(name: string, changeId: string): boolean;
  /** How many of this node are in the channel. */
  membersOf(name: string): number;
  /** The channels this node is subscribed to. */
  names(): Iterable<string>;
  /** How many channels this node is subscribed to. */
  size(): number;
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
  readonly opened: Promise<unknown>;
  readonly members: Set<Member>;
  readonly whispers: Promise<Listening | undefined>;
  holds: number;
  endLinger: Cancel;
}

/** How long a channel stays subscribed after its last member has left: a page that is reloaded costs nothing. */
const LINGER_MS = 5_000;

/** Makes an empty set of channels. */
export function createChannels(parts: ChannelsParts): Channels {
  const { clock, tasks } = parts;
  const slots = new Map<string, Slot>();
  const late = createLateEvents(clock, tasks);
  let closed = false;

  function open(name: string, after: Cursor | undefined): Slot {
    const members = new Set<Member>();
    const resync = (frame: ResyncFrame): void => {
      parts.resync(frame);
      for (const member of members) member.resync?.(frame);
    };
    const channel = createChannel(name, { ...parts, kept: parts.keptOf(name), resync });
    const whispers = parts.whispersIn(name)
      ? parts.lane.listen(name, (message) => parts.hear(name, message))
      : Promise.resolve(undefined);
    const opened = Promise.all([channel.open(after), whispers]);
    const slot = { channel, opened, whispers, members, holds: 0, endLinger: () => undefined };
    slots.set(name, slot);
    return slot;
  }

  async function shut({ channel, whispers }: Slot): Promise<void> {
    const listening = await whispers.catch(() => undefined);
    await Promise.all([channel.close(), listening?.close()]);
  }

  function forget({ channel }: Slot): void {
    if (slots.get(channel.name)?.channel === channel) slots.delete(channel.name);
    late.forget(channel);
  }

  function letGo(slot: Slot): void {
    if (--slot.holds > 0 || closed) return;
    slot.endLinger = clock.after(LINGER_MS, () => {
      forget(slot);
      tasks.track(shut(slot));
    });
  }

  return {
    async hold(name, after) {
      if (closed) throw new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
      const slot = slots.get(name) ?? open(name, after);
      slot.endLinger();
      slot.holds++;
      try {
        await slot.opened;
      } catch (error) {
        forget(slot);
        tasks.track(shut(slot));
        throw error;
      }
      return new Hold(slot, letGo);
    },
    has: (name) => slots.has(name),
    hasDelivered: (name, changeId) => slots.get(name)?.channel.hasDelivered(changeId) ?? false,
    membersOf: (name) => slots.get(name)?.members.size ?? 0,
    names: () => slots.keys(),
    size: () => slots.size,
    apply({ position, channels }) {
      for (const name of channels) {
        const channel = slots.get(name)?.channel;
        channel?.drain();
        if (channel) late.expect(channel, position);
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
      for (const slot of all) slot.endLinger();
      await Promise.all(all.map(shut));
    },
  };
}

/** A claim of one member. Many members hold many channels, so it is kept small. */
class Hold implements ChannelHold {
  readonly #slot: Slot;
  readonly #letGo: (slot: Slot) => void;
  #entered: Member | undefined;
  #released = false;

  constructor(slot: Slot, letGo: (slot: Slot) => void) {
    this.#slot = slot;
    this.#letGo = letGo;
  }

  place(): ChannelPlace {
    return this.#slot.channel.place();
  }

  resume(after: Cursor, tell: (missed: Missed) => void): Promise<void> {
    return this.#slot.channel.resume(after, tell);
  }

  enter(member: Member): void {
    if (this.#entered) return;
    this.#entered = member;
    this.#slot.members.add(member);
    member.enter(this.#slot.channel.name);
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    const { members, channel } = this.#slot;
    if (this.#entered && members.delete(this.#entered)) this.#entered.exit(channel.name);
    this.#letGo(this.#slot);
  }
}
