import { LiveError, isLiveError } from "@livecache/wire";
import type { JoinReply, LeftFrame, LocateReply, ResyncFrame } from "@livecache/wire";
import type { Peer } from "../base/conversation.ts";
import { staysIn } from "./border.ts";
import { boxOf, encodeCell } from "./geohash.ts";
import type { CellBox, Point } from "./geohash.ts";
import type { Places } from "./places.ts";
import { isPassing } from "./reads.ts";

/** A socket, and its seat in the channels of the hub. */
export interface RegionSocket {
  readonly peer: Peer;
  /** Joins a channel as the frame `join` does: `onJoined` is called in the turn in which its events begin. */
  join(channel: string, onJoined: (reply: JoinReply) => void): Promise<void>;
  leave(channel: string): void;
  isIn(channel: string): boolean;
}

/** What a locator needs from its surroundings. */
export interface LocatorParts {
  readonly places: Places;
  readonly precision: number;
  readonly channelOf: (cell: string) => string;
  /** Sockets that wait for the ground to join the channel of their cell. */
  readonly waiting: Set<Locator>;
}

/** Where one socket is. */
export interface Locator {
  /** The cell it is in. */
  cell(): string | undefined;
  /**
   * The socket is at a point now. Whoever stays in the same cell is answered at once, and nothing else happens. Rejects with
   * `LIVE_CHANNEL_REFUSED` or `LIVE_LIMIT_REACHED` when it cannot join the channel of its new cell: it is nowhere then.
   */
  locate(point: Point, answer: (reply: LocateReply) => void): void | Promise<void>;
  /** The ground can be reached: joins what could not be joined. */
  retry(): Promise<void>;
  /** The rights of the identity may have changed, and the hub has put it out of channels. */
  reconsider(): void;
  close(): void;
}

/** How far outside its cell a socket still belongs to it, as a share of the cell's size. */
const BORDER_SHARE = 0.1;

/** A cell that the socket is in, or on its way into. */
interface Spot {
  readonly cell: string;
  readonly box: CellBox;
  /** What is answered to whoever stays. */
  readonly stay: LocateReply;
  /** While the channel is being joined. */
  entering: Promise<void> | undefined;
}

/** Makes the locator of one socket. */
export function createLocator(socket: RegionSocket, parts: LocatorParts): Locator {
  const { peer } = socket;
  const { places, precision, channelOf, waiting } = parts;
  let here: Spot | undefined;
  let entered: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;

  function leave(): void {
    if (entered !== undefined) socket.leave(entered);
    entered = undefined;
  }

  function goNowhere(): void {
    here = undefined;
    waiting.delete(locator);
    places.put(peer.id, undefined);
  }

  /** Joins the new channel before it leaves the old one, so that what both are told is not missed. */
  async function change(channel: string, onJoined: (reply: JoinReply) => void): Promise<void> {
    const joined = (reply: JoinReply): void => {
      onJoined(reply);
      if (entered !== channel) leave();
      entered = channel;
    };
    try {
      await socket.join(channel, joined);
    } catch (error) {
      const isFull = isLiveError(error) && error.code === "LIVE_LIMIT_REACHED" && entered !== undefined;
      // It is where it is: no longer in the cell it has left, whether it may enter this one or not.
      leave();
      if (!isFull) throw error;
      await socket.join(channel, joined);
    }
  }

  async function enter(spot: Spot, answer: (reply: LocateReply) => void): Promise<void> {
    if (closed) throw new LiveError("LIVE_CLOSED", "locate: this connection is closed.");
    const { cell } = spot;
    // Overtaken by a later frame.
    if (here !== spot) return answer(here?.stay ?? { cell, moved: false });
    const channel = channelOf(cell);
    waiting.delete(locator);
    try {
      await change(channel, ({ cursor, position }) =>
        answer({ cell, moved: true, channel, cursor, position }),
      );
    } catch (error) {
      if (isPassing(error)) {
        if (here === spot && !closed) waiting.add(locator);
        return answer({ cell, moved: true, channel, pending: true });
      }
      if (here === spot) goNowhere();
      throw error;
    }
  }

  /** Joins what had to wait. Nobody asks, so the outcome is told by the frames that tell of channels. */
  async function enterLate(spot: Spot): Promise<void> {
    if (closed || here !== spot || !waiting.has(locator)) return;
    const channel = channelOf(spot.cell);
    try {
      await change(channel, ({ cursor, position }) =>
        peer.emit("resync", { channel, cursor, position, reason: "lost" } satisfies ResyncFrame),
      );
      waiting.delete(locator);
    } catch (error) {
      if (isPassing(error) || here !== spot) return;
      goNowhere();
      const { code, message } = isLiveError(error)
        ? error
        : new LiveError("LIVE_REQUEST_FAILED", "The channel of this region could not be joined.");
      peer.emit("left", { channel, code, message } satisfies LeftFrame);
    }
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  async function moveTo(spot: Spot, answer: (reply: LocateReply) => void): Promise<void> {
    here = spot;
    places.put(peer.id, spot.cell, peer.identity()?.userId);
    spot.entering = inTurn(() => enter(spot, answer));
    try {
      await spot.entering;
    } finally {
      spot.entering = undefined;
    }
  }

  async function stayWhenIn(spot: Spot, answer: (reply: LocateReply) => void): Promise<void> {
    await spot.entering;
    answer(spot.stay);
  }

  const locator: Locator = {
    cell: () => here?.cell,
    locate(point, answer) {
      if (here && staysIn(here.box, point, BORDER_SHARE)) {
        return here.entering ? stayWhenIn(here, answer) : answer(here.stay);
      }
      const cell = encodeCell(point, precision);
      return moveTo({ cell, box: boxOf(cell), stay: { cell, moved: false }, entering: undefined }, answer);
    },
    async retry() {
      const spot = here;
      if (spot) await inTurn(() => enterLate(spot));
    },
    reconsider() {
      if (entered === undefined || socket.isIn(entered)) return;
      entered = undefined;
      goNowhere();
    },
    close() {
      if (closed) return;
      closed = true;
      goNowhere();
    },
  };
  return locator;
}
