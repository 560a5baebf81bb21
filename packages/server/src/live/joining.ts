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

/** What joining needs from its surroundings; all connections share it. */
export interface JoiningParts {
  readonly channels: Channels;
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

/** One channel that the connection is in, or asks to join. */
interface Seat {
  asking: number;
  hold: ChannelHold | undefined;
  entered: boolean;
  left: boolean;
}

/** Somebody who asks for a seat: as whom, and how they are answered. */
interface Applicant {
  readonly seat: Seat;
  readonly allowed: Identity | undefined;
  readonly answer: (reply: JoinReply) => void;
}

/** How long the application may think about who may join. */
const AUTHORIZE_WITHIN_MS = 5_000;

/** The channels that one connection is in. */
export class Joining implements Member {
  readonly #parts: JoiningParts;
  readonly #peer: Peer;
  readonly #maxChannels: number;
  readonly #seats = new Map<string, Seat>();
  #closed = false;

  constructor(parts: JoiningParts, peer: Peer, maxChannels: number) {
    this.#parts = parts;
    this.#peer = peer;
    this.#maxChannels = maxChannels;
  }

  async join(request: unknown, answer: (reply: JoinReply) => void): Promise<void> {
    const frame = readJoinFrame(request);
    const { channel } = frame;
    const found = this.#parts.findPattern(channel);
    if (!found) {
      throw new LiveError(
        "LIVE_CHANNEL_UNKNOWN",
        `join: no channel of the contract is called ${JSON.stringify(channel)}.`,
      );
    }
    const seat = this.#takeSeat(channel);
    seat.asking++;
    try {
      for (let begun = false; !begun;) {
        const allowed = this.#peer.identity();
        await this.#refuseUnlessAllowed(seat, channel, found);
        begun = await this.#begin(frame, { seat, allowed, answer });
      }
    } finally {
      seat.asking--;
      if (seat.asking === 0 && !seat.entered) this.#giveUp(channel, seat);
    }
  }

  leave(request: unknown): void {
    const { channel } = readLeaveFrame(request);
    const seat = this.#seats.get(channel);
    if (seat) this.#giveUp(channel, seat);
  }

  /** Whether the connection is in the channel. */
  /** Those that the connection is in. */
  channels(): string[] {
    return [...this.#seats].flatMap(([name, { entered }]) => (entered ? [name] : []));
  }

  isIn(channel: string): boolean {
    return this.#seats.get(channel)?.entered === true;
  }

  /**
   * Calls `goLive`, from which on the socket gets events again, and sends in the same turn what it has not been sent since `after`, unless the
   * answer is `false`. A gap is told as `resync`. Does nothing for a channel that it is not in. Rejects as the ground does.
   */
  async catchUp(channel: string, after: Cursor, goLive: () => boolean): Promise<void> {
    const { hold, entered } = this.#seats.get(channel) ?? {};
    if (!hold || !entered) return;
    await hold.resume(after, (missed) => {
      if (!goLive()) return;
      if (missed.gap) {
        const { cursor, position } = hold.place();
        const place = { cursor: formatCursor(cursor), position: formatPosition(position) };
        this.#peer.emit("resync", { channel, ...place, reason: missed.gap } satisfies ResyncFrame);
      }
      replay(this.#peer, missed);
    });
  }

  /** Asks again whether the identity may be where it is, and puts it out where it may not. */
  async reconsider(): Promise<void> {
    await Promise.all([...this.#seats].map(([name, seat]) => this.#reconsider(name, seat)));
  }

  close(): void {
    this.#closed = true;
    for (const [name, seat] of this.#seats) this.#giveUp(name, seat);
  }

  enter(channel: string): void {
    this.#peer.enter(channel);
    this.#parts.onEntered?.(this.#peer, channel);
  }

  exit(channel: string): void {
    this.#peer.exit(channel);
    this.#parts.onLeft?.(this.#peer, channel);
  }

  #takeSeat(name: string): Seat {
    if (this.#closed) throw new LiveError("LIVE_CLOSED", "join: this connection is closed.");
    const known = this.#seats.get(name);
    if (known) return known;
    if (this.#seats.size >= this.#maxChannels) {
      this.#parts.onLimit("join");
      throw new LiveError(
        "LIVE_LIMIT_REACHED",
        `join: this connection is in ${this.#maxChannels} channels already. Leave what is no longer shown.`,
      );
    }
    const seat: Seat = { asking: 0, hold: undefined, entered: false, left: false };
    this.#seats.set(name, seat);
    return seat;
  }

  #giveUp(name: string, seat: Seat): void {
    if (this.#seats.get(name) === seat) this.#seats.delete(name);
    seat.left = true;
    seat.hold?.release();
    seat.hold = undefined;
  }

  async #isAllowed({ pattern, params }: FoundPattern): Promise<boolean> {
    const { authorize, clock, warn } = this.#parts;
    try {
      const limit = { what: `authorize of ${pattern}`, limitMs: AUTHORIZE_WITHIN_MS };
      return (await withDeadline(clock, authorize(this.#peer.identity(), pattern, params), limit)) === true;
    } catch (error) {
      warn("authorize failed, so the channel was refused", { channel: pattern, error });
      return false;
    }
  }

  async #refuseUnlessAllowed(seat: Seat, name: string, found: FoundPattern): Promise<void> {
    if (await this.#isAllowed(found)) return;
    // Whoever was let in before is not allowed any more.
    this.#giveUp(name, seat);
    throw new LiveError("LIVE_CHANNEL_REFUSED", `join: channel "${name}" is not open to this identity.`);
  }

  async #reconsider(name: string, seat: Seat): Promise<void> {
    const found = this.#parts.findPattern(name);
    if (!seat.hold || !found || (await this.#isAllowed(found)) || seat.left) return;
    this.#giveUp(name, seat);
    const message = `Channel "${name}" is not open to this identity any more.`;
    this.#peer.emit("left", { channel: name, code: "LIVE_CHANNEL_REFUSED", message } satisfies LeftFrame);
  }

  /** Takes the seat, unless it was left or taken meanwhile. */
  #sit(name: string, seat: Seat, hold: ChannelHold): ChannelHold {
    if (seat.left || seat.hold) hold.release();
    refuseLeft(name, seat);
    seat.hold ??= hold;
    return seat.hold;
  }

  /**
   * Answers, enters and replays in one turn, so that no event can fall between the answer's cursor and the first one delivered.
   * `false`: the rights were asked for another identity than the one of now.
   */
  async #begin({ channel, cursor }: JoinFrame, { seat, allowed, answer }: Applicant): Promise<boolean> {
    const hold = this.#sit(channel, seat, await this.#parts.channels.hold(channel, cursor));
    let begun = false;
    const enter = (missed?: Missed): void => {
      refuseLeft(channel, seat);
      if (allowed !== this.#peer.identity()) return;
      begun = true;
      answer(toReply(channel, hold.place(), cursor && missed && { cursor, missed }));
      // Whoever joins again goes on from the answer as well: what was sent before and has not arrived is not sent any more.
      if (seat.entered) this.#peer.enter(channel);
      seat.entered = true;
      hold.enter(this);
      if (missed) replay(this.#peer, missed);
    };
    if (cursor) await hold.resume(cursor, enter);
    else enter();
    return begun;
  }
}

function refuseLeft(name: string, seat: Seat): void {
  if (!seat.left) return;
  throw new LiveError("LIVE_CHANNEL_REFUSED", `join: channel "${name}" was left before it was joined.`);
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
