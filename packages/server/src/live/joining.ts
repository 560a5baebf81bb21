import { LiveError, formatCursor, formatPosition } from "@livecache/wire";
import type { Cursor, JoinReply, ResyncReason } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { withDeadline } from "../base/deadline.ts";
import type { Identity } from "../base/identity.ts";
import type { ChannelHold, Channels, Member } from "./channels.ts";
import type { FoundPattern, PatternFinder } from "./contract-pattern.ts";
import { readJoinFrame, readLeaveFrame } from "./request-frame.ts";

/** The application's word on who may join: anything but `true` is a no. */
export type AuthorizeJoin = (
  identity: Identity | undefined,
  pattern: string,
  params: Readonly<Record<string, string>>,
) => Promise<boolean>;

/** What joining needs from its surroundings. */
export interface JoiningParts {
  readonly identity: Identity | undefined;
  readonly member: Member;
  readonly channels: Channels;
  readonly maxChannels: number;
  readonly findPattern: PatternFinder;
  readonly authorize: AuthorizeJoin;
  readonly clock: Clock;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
  /** Told when a bound refuses something. */
  readonly onLimit: (what: "join") => void;
}

/** The channels that one connection is in. */
export interface Joining {
  join(request: unknown, answer: (reply: JoinReply) => void): Promise<void>;
  leave(request: unknown): void;
  close(): void;
}

/** One channel that the connection is in, or asks to join. */
interface Seat {
  asking: number;
  hold: ChannelHold | undefined;
  left: boolean;
}

/** How long the application may think about who may join. */
const AUTHORIZE_WITHIN_MS = 5_000;

/** Makes an empty set of channels for one connection. */
export function createJoining(parts: JoiningParts): Joining {
  const { identity, member, channels, maxChannels } = parts;
  const seats = new Map<string, Seat>();
  let closed = false;

  function takeSeat(name: string): Seat {
    if (closed) throw new LiveError("LIVE_CLOSED", "join: this connection is closed.");
    const known = seats.get(name);
    if (known) return known;
    if (seats.size >= maxChannels) {
      parts.onLimit("join");
      throw new LiveError(
        "LIVE_LIMIT_REACHED",
        `join: this connection is in ${maxChannels} channels already. Leave what is no longer shown.`,
      );
    }
    const seat: Seat = { asking: 0, hold: undefined, left: false };
    seats.set(name, seat);
    return seat;
  }

  function giveUp(name: string, seat: Seat): void {
    if (seats.get(name) === seat) seats.delete(name);
    seat.left = true;
    seat.hold?.release();
    seat.hold = undefined;
  }

  async function refuseUnlessAllowed(seat: Seat, name: string, found: FoundPattern): Promise<void> {
    const { pattern, params } = found;
    let allowed = false;
    try {
      const limit = { what: `authorize of ${pattern}`, limitMs: AUTHORIZE_WITHIN_MS };
      allowed = (await withDeadline(parts.clock, parts.authorize(identity, pattern, params), limit)) === true;
    } catch (error) {
      parts.warn("authorize failed, so the channel was refused", { channel: pattern, error });
    }
    if (allowed) return;
    // Whoever was let in before is not allowed any more.
    giveUp(name, seat);
    throw new LiveError("LIVE_CHANNEL_REFUSED", `join: channel "${name}" is not open to this identity.`);
  }

  /** Takes the seat, unless it was left or taken meanwhile. */
  function sit(name: string, seat: Seat, hold: ChannelHold): ChannelHold {
    if (seat.left || seat.hold) hold.release();
    if (seat.left) {
      throw new LiveError("LIVE_CHANNEL_REFUSED", `join: channel "${name}" was left before it was joined.`);
    }
    if (seat.hold) return seat.hold;
    seat.hold = hold;
    hold.enter(member);
    return hold;
  }

  return {
    async join(request, answer) {
      const { channel, cursor } = readJoinFrame(request);
      const found = parts.findPattern(channel);
      if (!found) {
        throw new LiveError(
          "LIVE_CHANNEL_UNKNOWN",
          `join: no channel of the contract is called ${JSON.stringify(channel)}.`,
        );
      }
      const seat = takeSeat(channel);
      seat.asking++;
      try {
        await refuseUnlessAllowed(seat, channel, found);
        const hold = await channels.hold(channel);
        // Entering and answering in one turn: no event can fall between the answer's cursor and the first one delivered.
        answer(toReply(channel, sit(channel, seat, hold), cursor));
      } finally {
        seat.asking--;
        if (seat.asking === 0 && !seat.hold) giveUp(channel, seat);
      }
    },
    leave(request) {
      const { channel } = readLeaveFrame(request);
      const seat = seats.get(channel);
      if (seat) giveUp(channel, seat);
    },
    close() {
      closed = true;
      for (const [name, seat] of seats) giveUp(name, seat);
    },
  };
}

function toReply(channel: string, hold: ChannelHold, held: Cursor | undefined): JoinReply {
  const { cursor, position } = hold.place();
  const reply = { channel, cursor: formatCursor(cursor), position: formatPosition(position) };
  if (!held) return { ...reply, resumed: false };
  const reason = gapBetween(held, cursor);
  return reason ? { ...reply, resumed: false, reason } : { ...reply, resumed: true };
}

/** Why a client that stands at `held` cannot go on at `now` as if nothing had happened. */
function gapBetween(held: Cursor, now: Cursor): ResyncReason | undefined {
  if (held.epoch !== now.epoch) return "epoch";
  if (held.offset === now.offset) return undefined;
  return held.offset < now.offset ? "behind" : "lost";
}
