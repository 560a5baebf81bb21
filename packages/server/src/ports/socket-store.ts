/** A place on earth, in degrees. */
export interface SocketLocation {
  readonly latitude: number;
  readonly longitude: number;
}

/** What is known of one connected socket. Instants are ISO 8601 in UTC. */
export interface SocketRecord {
  readonly socketId: string;
  /** `null` for nobody. */
  readonly userId: string | null;
  readonly currentRegionId: string | null;
  readonly lastLocation: SocketLocation | null;
  readonly connectedAt: string;
  readonly lastActivityAt: string;
  readonly userAgent: string | null;
}

/** How long a record, and the list of a user's sockets, outlive their last write. */
export const SOCKET_TTL_MS = 3_600_000;

/** How long a heartbeat counts. */
export const HEARTBEAT_TTL_MS = 300_000;

/**
 * Records of connected sockets, in one realm, for the application and its operators to look at. Nothing in Livecache depends on them: the
 * records of a node that died stay until their TTL ends.
 *
 * **Failure.** As the change log's: `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT`, `LIVE_GROUND_BUSY`, `LIVE_GROUND_REFUSED`, `LIVE_CLOSED`.
 */
export interface SocketStore {
  /** Writes records, whole, and lists their sockets with their users; both for another {@link SOCKET_TTL_MS}. */
  put(records: readonly SocketRecord[]): Promise<void>;

  /** Removes sockets, from their users' lists too. One that is not known is accepted. */
  remove(sockets: readonly Pick<SocketRecord, "socketId" | "userId">[]): Promise<void>;

  /** Notes when sockets were heard of last, for {@link HEARTBEAT_TTL_MS}. */
  beat(beats: readonly { readonly socketId: string; readonly at: string }[]): Promise<void>;

  /** Answers one record. */
  get(socketId: string): Promise<SocketRecord | undefined>;

  /** Answers when a socket's last heartbeat was, unless that is too long ago. */
  heartbeat(socketId: string): Promise<string | undefined>;

  /** Answers the records of a user's sockets, the longest connected first. Ids without a record are taken off the list. */
  of(userId: string): Promise<readonly SocketRecord[]>;
}
