import { isLiveError } from "@livecache/wire";
import type { JoinReply } from "@livecache/wire";
import type { Peer } from "../base/conversation.ts";

/** A socket, and its memberships in the channels of the hub. */
export interface RegionSocket {
  readonly peer: Peer;
  /** Joins a channel as the frame `join` does: `onJoined` is called in the turn in which its events begin. */
  join(channel: string, onJoined: (reply: JoinReply) => void): Promise<void>;
  leave(channel: string): void;
  isIn(channel: string): boolean;
}

/** A socket's membership in the channel of one cell. */
export interface Seat {
  /**
   * Joins another channel, and leaves the one before after that, so that what both are told is not missed. When it cannot join the new one, it has
   * left the old one nevertheless: it is no longer there. Rejects as `join` does.
   */
  change(channel: string, onJoined: (reply: JoinReply) => void): Promise<void>;
  /** Whether the hub has put the socket out of the channel since. It is noted by that. */
  isLost(): boolean;
}

/** Makes the seat of a socket that is in no channel yet. */
export function createSeat(socket: RegionSocket): Seat {
  let taken: string | undefined;

  function leave(): void {
    if (taken !== undefined) socket.leave(taken);
    taken = undefined;
  }

  return {
    async change(channel, onJoined) {
      const joined = (reply: JoinReply): void => {
        onJoined(reply);
        if (taken !== channel) leave();
        taken = channel;
      };
      try {
        await socket.join(channel, joined);
      } catch (error) {
        const isFull = isLiveError(error) && error.code === "LIVE_LIMIT_REACHED" && taken !== undefined;
        leave();
        // The old channel itself may have been the one too many.
        if (!isFull) throw error;
        await socket.join(channel, joined);
      }
    },
    isLost() {
      if (taken === undefined || socket.isIn(taken)) return false;
      taken = undefined;
      return true;
    },
  };
}
