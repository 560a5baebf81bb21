import type { PresenceDiffFrame } from "@livecache/wire";
import type { Cancel } from "../base/clock.ts";
import { followChannel } from "./followed-channel.ts";
import type { FollowedChannel, FollowedParts } from "./followed-channel.ts";

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

/** Makes an empty set of channels. */
export function createFollowedChannels(
  parts: Omit<FollowedParts, "tell"> & {
    readonly signal: AbortSignal;
    /** Tells the sockets of this node that are in the channel. */
    readonly broadcast: TakeFrame;
  },
): FollowedChannels {
  const { clock, tasks, signal } = parts;
  const slots = new Map<string, Slot>();
  let round: Slot[] = [];
  let ticking = false;

  function open(channel: string): Slot {
    const takers = new Set<TakeFrame>();
    const tell: TakeFrame = (frame) => {
      parts.broadcast(frame);
      for (const take of [...takers]) take(frame);
    };
    const slot: Slot = {
      followed: followChannel(channel, { ...parts, tell }),
      takers,
      holds: 0,
      cancelEnd: undefined,
    };
    slots.set(channel, slot);
    tickLater();
    return slot;
  }

  function end(channel: string, slot: Slot): void {
    slot.cancelEnd?.();
    slot.followed.close();
    slots.delete(channel);
  }

  function tickLater(): void {
    if (ticking || slots.size === 0 || signal.aborted) return;
    ticking = true;
    clock.after(TICK_MS, () => {
      ticking = false;
      tick();
      tickLater();
    });
  }

  /** Compares some, so that all have had their turn when a round is over. */
  function tick(): void {
    if (round.length === 0) round = [...slots.values()];
    if (!parts.isHere() || signal.aborted) return;
    const some = round.splice(0, Math.ceil((slots.size * TICK_MS) / CHECK_EVERY_MS));
    // Should one fail, it has its turn again.
    for (const { followed } of some) tasks.track(followed.check().catch(() => undefined));
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
