/** What became of what was sent since the door was attached. */
export interface DeliveryFigures {
  /** Frames that need not arrive, not sent to sockets which did not keep up. */
  framesDropped: number;
  /** Times that a channel's events were sent from its history to a socket which had not kept up. */
  caughtUp: number;
  /** Sockets ended because they did not read what was sent to them. */
  slowReadersEnded: number;
}

/** What came from clients since the door was attached. */
export interface FrameFigures {
  /** Frames above a limit, refused with `LIVE_LIMIT_REACHED` or `LIVE_FRAME_INVALID`. */
  framesRefused: number;
  /** Sockets ended because they went on sending too many frames. */
  floodersEnded: number;
}

/** Who wanted to connect since the door was attached. */
export interface HandshakeFigures {
  handshakesRefused: number;
  /** Told to come back later, because too many came at once. */
  handshakesPostponed: number;
}

/** What the door refused and what it did about slow sockets, since it was attached. */
export interface AttachFigures extends DeliveryFigures, FrameFigures, HandshakeFigures {}

/** All at 0. */
export function createFigures(): AttachFigures {
  return {
    framesDropped: 0,
    caughtUp: 0,
    slowReadersEnded: 0,
    framesRefused: 0,
    floodersEnded: 0,
    handshakesRefused: 0,
    handshakesPostponed: 0,
  };
}
