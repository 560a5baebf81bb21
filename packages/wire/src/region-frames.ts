/**
 * The frames of regions. `docs/reference/wire-protocol.md` tells the conversation; this file is its types.
 *
 * Client to server, each acknowledged: `locate`, `near`. Server to client: none of its own.
 */

/** `locate`: where the socket is, in degrees. Latitude from -90 to 90, longitude from -180 to 180. */
export interface LocateRequest {
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * Answer to `locate`. `cell` is the geohash of the cell that the socket is in now, `moved` whether that is another one by this frame. After
 * a move the socket is in the `channel` of its cell as after a `join`, from `cursor` on, and no longer in that of the cell before.
 */
export interface LocateReply {
  readonly cell: string;
  readonly moved: boolean;
  readonly channel?: string;
  readonly cursor?: string;
  readonly position?: string;
  /** The server cannot reach the ground: the socket joins the channel when it can again, and is told by `resync`. */
  readonly pending?: true;
}

/** `near`: who is in the cells around? The socket has told its location before. */
export interface NearRequest {
  /** 0: the socket's own cell; 1: the eight cells around it too. Default 1. */
  readonly radius?: number;
}

/** Somebody in a cell. */
export interface NearMember {
  readonly socketId: string;
  /** Absent for nobody. */
  readonly userId?: string;
}

/** Who is in a cell; the asking socket is left out. */
export interface NearCell {
  readonly cell: string;
  readonly members: readonly NearMember[];
  /** `true`: there are more. */
  readonly truncated: boolean;
}

/** Answer to `near`: the cells in which somebody is, as far as the socket may join their channels. */
export interface NearReply {
  /** The socket's own cell. */
  readonly cell: string;
  readonly cells: readonly NearCell[];
  /** `"local"`: the server cannot reach the ground, and knows only of its own sockets. */
  readonly scope: "cluster" | "local";
}
