import type { PresenceDiffFrame } from "@livecache/wire";
import type { Cancel } from "../base/clock.ts";
import { FollowedChannel } from "./followed-channel.ts";
import type { FollowedParts } from "./followed-channel.ts";

/** Takes what is told of a channel. Must not throw. */
export type TakeFrame = (frame: PresenceDiffFrame) => void;

/** The channels that somebody of this node wants to know of. */
export interface FollowedChannels {
  /** Follows a channel as long as somebody holds it, and some seconds longer. */
  hold(channel: string): void;
  release(channel: string): void;
  /** One that is held. */
  find(channel: string): FollowedChannel | undefined;
  /** Takes what is told of a channel, and holds it. The answer ends both; it may be called twice. */
  listen(channel: string, take: TakeFrame): () => void;
  freeze(): void;
  /** The ground is back. */
  recover(): void;
  size(): number;
  close(): void;
}

interface Slot {
  readonly followed: FollowedChannel;
  readonly takers: Set<TakeFrame>;
  holds: number;
  cancelEnd: Cancel | undefined;
}

/** A page that is reloaded costs nothing. */
const LINGER_MS = 5_000;

/** Each channel is compared with the ground about so often. */
const CHECK_EVERY_MS = 15_000;
const TICK_MS = 500;

/** What following channels needs from its surroundings. */
export interface FollowedChannelsParts extends Omit<FollowedParts, "tell"> {
  readonly signal: AbortSignal;
  /** Tells the sockets of this node that are in the channel. */
  readonly broadcast: TakeFrame;
}

/** Makes an empty set of channels. */
export function createFollowedChannels(parts: FollowedChannelsParts): FollowedChannels {
  const { clock } = parts;
  const slots = new Map<string, Slot>();
  const checkSoon = createRounds(parts, () => [...slots.values()]);

  function open(channel: string): Slot {
    const takers = new Set<TakeFrame>();
    const tell: TakeFrame = (frame) => {
      parts.broadcast(frame);
      for (const take of [...takers]) take(frame);
    };
    const slot: Slot = {
      followed: new FollowedChannel(channel, { ...parts, tell }),
      takers,
      holds: 0,
      cancelEnd: undefined,
    };
    slots.set(channel, slot);
    checkSoon();
    return slot;
  }

  function end(channel: string, slot: Slot): void {
    slot.cancelEnd?.();
    slot.followed.close();
    slots.delete(channel);
  }

  function hold(channel: string): void {
    const slot = slots.get(channel) ?? open(channel);
    slot.holds++;
    slot.cancelEnd?.();
    slot.cancelEnd = undefined;
  }

  function release(channel: string): void {
    const slot = slots.get(channel);
    if (!slot || --slot.holds > 0) return;
    slot.cancelEnd = clock.after(LINGER_MS, () => end(channel, slot));
  }

  return {
    hold,
    release,
    find: (channel) => slots.get(channel)?.followed,
    listen(channel, take) {
      hold(channel);
      const { takers } = slots.get(channel)!;
      const own: TakeFrame = (frame) => take(frame);
      takers.add(own);
      return () => {
        if (takers.delete(own)) release(channel);
      };
    },
    freeze() {
      for (const { followed } of slots.values()) followed.freeze();
    },
    recover() {
      for (const { followed } of slots.values()) followed.recover("loss");
    },
    size: () => slots.size,
    close() {
      for (const [channel, slot] of [...slots]) end(channel, slot);
    },
  };
}

/** Checks all channels in turn, as long as there are any. The answer begins it. */
function createRounds(
  { clock, tasks, signal, isHere }: FollowedChannelsParts,
  all: () => Slot[],
): () => void {
  let round: Slot[] = [];
  let ticking = false;

  function tick(): void {
    ticking = false;
    const slots = all();
    if (slots.length === 0 || signal.aborted) return;
    if (round.length === 0) round = slots;
    // So many that all have had their turn when a round is over. Should one fail, it has its turn again.
    const some = isHere() ? round.splice(0, Math.ceil((slots.length * TICK_MS) / CHECK_EVERY_MS)) : [];
    for (const { followed } of some) tasks.track(followed.check().catch(() => undefined));
    begin();
  }

  function begin(): void {
    if (ticking || signal.aborted) return;
    ticking = true;
    clock.after(TICK_MS, tick);
  }

  return begin;
}
