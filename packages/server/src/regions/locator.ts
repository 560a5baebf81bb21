import { LiveError, isLiveError } from "@livecache/wire";
import type { LeftFrame, LocateReply, ResyncFrame } from "@livecache/wire";
import { staysIn } from "./border.ts";
import { boxOf, encodeCell } from "./geohash.ts";
import type { CellBox, Point } from "./geohash.ts";
import type { Places } from "./places.ts";
import { isPassing } from "./reads.ts";
import { createSeat } from "./seat.ts";
import type { RegionSocket } from "./seat.ts";

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
  const seat = createSeat(socket);
  const { places, precision, channelOf, waiting } = parts;
  let here: Spot | undefined;
  const inTurn = createTurns();
  let closed = false;

  function goNowhere(): void {
    here = undefined;
    waiting.delete(locator);
    places.put(peer.id, undefined);
  }

  async function enter(spot: Spot, answer: (reply: LocateReply) => void): Promise<void> {
    if (closed) throw new LiveError("LIVE_CLOSED", "locate: this connection is closed.");
    const { cell } = spot;
    // Overtaken by a later frame.
    if (here !== spot) return answer(here?.stay ?? { cell, moved: false });
    const channel = channelOf(cell);
    waiting.delete(locator);
    try {
      await seat.change(channel, ({ cursor, position }) =>
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
      await seat.change(channel, ({ cursor, position }) =>
        peer.emit("resync", { channel, cursor, position, reason: "lost" } satisfies ResyncFrame),
      );
      waiting.delete(locator);
    } catch (error) {
      if (isPassing(error) || here !== spot) return;
      goNowhere();
      peer.emit("left", toLeft(channel, error));
    }
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

  const locator: Locator = {
    cell: () => here?.cell,
    locate(point, answer) {
      if (here && staysIn(here.box, point, BORDER_SHARE)) {
        // What `answer` returns is nobody's business here.
        return here.entering ? stayWhenIn(here, answer) : void answer(here.stay);
      }
      if (closed) throw new LiveError("LIVE_CLOSED", "locate: this connection is closed.");
      const cell = encodeCell(point, precision);
      return moveTo({ cell, box: boxOf(cell), stay: { cell, moved: false }, entering: undefined }, answer);
    },
    async retry() {
      const spot = here;
      if (spot) await inTurn(() => enterLate(spot));
    },
    reconsider() {
      if (seat.isLost()) goNowhere();
    },
    close() {
      if (closed) return;
      closed = true;
      goNowhere();
    },
  };
  return locator;
}

async function stayWhenIn({ entering, stay }: Spot, answer: (reply: LocateReply) => void): Promise<void> {
  await entering;
  answer(stay);
}

function toLeft(channel: string, error: unknown): LeftFrame {
  if (isLiveError(error)) return { channel, code: error.code, message: error.message };
  const message = "The channel of this region could not be joined.";
  return { channel, code: "LIVE_REQUEST_FAILED", message };
}

/** Runs work one after the other. */
function createTurns(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
