import { LiveError, formatCursor, formatPosition } from "@livecache/wire";
import type { Cursor, JoinReply, LeftFrame, ResyncFrame } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import type { Peer } from "../base/conversation.ts";
import { withDeadline } from "../base/deadline.ts";
import type { Identity } from "../base/identity.ts";
import type { ChannelPlace } from "./channel.ts";
import type { Missed } from "./channel-history.ts";
import type { ChannelHold, Channels, Member } from "./channels.ts";
import type { FoundPattern, PatternFinder } from "./contract-pattern.ts";
import { toMeta } from "./event-meta.ts";
import { readJoinFrame, readLeaveFrame } from "./request-frame.ts";
import type { JoinFrame } from "./request-frame.ts";

/** The application's word on who may join: anything but `true` is a no. */
export type AuthorizeJoin = (
  identity: Identity | undefined,
  pattern: string,
  params: Readonly<Record<string, string>>,
) => Promise<boolean>;

/** What joining needs from its surroundings. */
export interface JoiningParts {
  readonly peer: Peer;
  readonly channels: Channels;
  readonly maxChannels: number;
  readonly findPattern: PatternFinder;
  readonly authorize: AuthorizeJoin;
  readonly clock: Clock;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
  /** Told when a bound refuses something. */
  readonly onLimit: (what: "join") => void;
  /** Told in the turn in which a socket begins to get a channel's events, or gets them no more. */
  readonly onEntered?: MembershipListener;
  readonly onLeft?: MembershipListener;
}

/** Told of who enters and leaves. Must not throw. */
export type MembershipListener = (peer: Peer, channel: string) => void;

/** The channels that one connection is in. */
export interface Joining {
  join(request: unknown, answer: (reply: JoinReply) => void): Promise<void>;
  leave(request: unknown): void;
  /** Whether the connection is in the channel. */
  isIn(channel: string): boolean;
  /**
   * Sends what a socket has not been sent since `after`, and calls `onLive` in the same turn: from then on it gets events again. A gap is
   * told as `resync`. Does nothing but the latter for a channel that it is not in. Rejects as the ground does.
   */
  catchUp(channel: string, after: Cursor, onLive: () => void): Promise<void>;
  /** Asks again whether the identity may be where it is, and puts it out where it may not. */
  reconsider(): Promise<void>;
  close(): void;
}

/** One channel that the connection is in, or asks to join. */
interface Seat {
  asking: number;
  hold: ChannelHold | undefined;
  entered: boolean;
  left: boolean;
}

/** How long the application may think about who may join. */
const AUTHORIZE_WITHIN_MS = 5_000;

/** Makes an empty set of channels for one connection. */
export function createJoining(parts: JoiningParts): Joining {
  const { peer, channels, maxChannels } = parts;
  const member: Member = {
    enter(channel) {
      peer.enter(channel);
      parts.onEntered?.(peer, channel);
    },
    exit(channel) {
      peer.exit(channel);
      parts.onLeft?.(peer, channel);
    },
  };
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
    const seat: Seat = { asking: 0, hold: undefined, entered: false, left: false };
    seats.set(name, seat);
    return seat;
  }

  function giveUp(name: string, seat: Seat): void {
    if (seats.get(name) === seat) seats.delete(name);
    seat.left = true;
    seat.hold?.release();
    seat.hold = undefined;
  }

  async function isAllowed({ pattern, params }: FoundPattern): Promise<boolean> {
    try {
      const limit = { what: `authorize of ${pattern}`, limitMs: AUTHORIZE_WITHIN_MS };
      const asked = parts.authorize(peer.identity(), pattern, params);
      return (await withDeadline(parts.clock, asked, limit)) === true;
    } catch (error) {
      parts.warn("authorize failed, so the channel was refused", { channel: pattern, error });
      return false;
    }
  }

  async function refuseUnlessAllowed(seat: Seat, name: string, found: FoundPattern): Promise<void> {
    if (await isAllowed(found)) return;
    // Whoever was let in before is not allowed any more.
    giveUp(name, seat);
    throw new LiveError("LIVE_CHANNEL_REFUSED", `join: channel "${name}" is not open to this identity.`);
  }

  async function reconsider(name: string, seat: Seat): Promise<void> {
    const found = parts.findPattern(name);
    if (!seat.hold || !found || (await isAllowed(found)) || seat.left) return;
    giveUp(name, seat);
    const message = `Channel "${name}" is not open to this identity any more.`;
    peer.emit("left", { channel: name, code: "LIVE_CHANNEL_REFUSED", message } satisfies LeftFrame);
  }

  /** Takes the seat, unless it was left or taken meanwhile. */
  function sit(name: string, seat: Seat, hold: ChannelHold): ChannelHold {
    if (seat.left || seat.hold) hold.release();
    refuseLeft(name, seat);
    seat.hold ??= hold;
    return seat.hold;
  }

  function refuseLeft(name: string, seat: Seat): void {
    if (!seat.left) return;
    throw new LiveError("LIVE_CHANNEL_REFUSED", `join: channel "${name}" was left before it was joined.`);
  }

  /**
   * Answers, enters and replays in one turn, so that no event can fall between the answer's cursor and the first one delivered.
   * `false`: the rights were asked for another identity than the one of now.
   */
  async function begin(
    { channel, cursor }: JoinFrame,
    {
      seat,
      allowed,
      answer,
    }: { seat: Seat; allowed: Identity | undefined; answer: (reply: JoinReply) => void },
  ): Promise<boolean> {
    const hold = sit(channel, seat, await channels.hold(channel));
    let begun = false;
    const enter = (missed?: Missed): void => {
      refuseLeft(channel, seat);
      if (allowed !== peer.identity()) return;
      begun = true;
      answer(toReply(channel, hold.place(), cursor && missed && { cursor, missed }));
      // Whoever joins again goes on from the answer as well: what was sent before and has not arrived is not sent any more.
      if (seat.entered) peer.enter(channel);
      seat.entered = true;
      hold.enter(member);
      if (missed) replay(peer, missed);
    };
    if (cursor) await hold.resume(cursor, enter);
    else enter();
    return begun;
  }

  return {
    async join(request, answer) {
      const frame = readJoinFrame(request);
      const { channel } = frame;
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
        for (let begun = false; !begun;) {
          const allowed = peer.identity();
          await refuseUnlessAllowed(seat, channel, found);
          begun = await begin(frame, { seat, allowed, answer });
        }
      } finally {
        seat.asking--;
        if (seat.asking === 0 && !seat.entered) giveUp(channel, seat);
      }
    },
    leave(request) {
      const { channel } = readLeaveFrame(request);
      const seat = seats.get(channel);
      if (seat) giveUp(channel, seat);
    },
    isIn: (channel) => seats.get(channel)?.entered === true,
    async catchUp(channel, after, onLive) {
      const { hold, entered } = seats.get(channel) ?? {};
      if (!hold || !entered) return onLive();
      await hold.resume(after, (missed) => {
        if (missed.gap) {
          const { cursor, position } = hold.place();
          const place = { cursor: formatCursor(cursor), position: formatPosition(position) };
          peer.emit("resync", { channel, ...place, reason: missed.gap } satisfies ResyncFrame);
        }
        replay(peer, missed);
        onLive();
      });
    },
    async reconsider() {
      await Promise.all([...seats].map(([name, seat]) => reconsider(name, seat)));
    },
    close() {
      closed = true;
      for (const [name, seat] of seats) giveUp(name, seat);
    },
  };
}

/** What is answered to whoever joins, where the channel stands at `place`; `back` when they were there before. */
function toReply(
  channel: string,
  place: ChannelPlace,
  back?: { readonly cursor: Cursor; readonly missed: Missed },
): JoinReply {
  const position = formatPosition(place.position);
  const reply = { channel, cursor: formatCursor(place.cursor), position };
  if (!back) return { ...reply, resumed: false };
  if (back.missed.gap) return { ...reply, resumed: false, reason: back.missed.gap };
  return { ...reply, cursor: formatCursor(back.cursor), resumed: true };
}

function replay(peer: Peer, missed: Missed): void {
  if (missed.gap) return;
  for (const event of missed.events) peer.emit(event.name, JSON.parse(event.body), toMeta(event));
}
