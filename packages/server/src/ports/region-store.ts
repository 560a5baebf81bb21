/** One socket of one node, as the ground knows it: `node:connection`. */
export interface RegionMember {
  /** Name of one life of a node: used until its lease has ended, and never again after that. */
  readonly node: string;
  /** Id of the socket. */
  readonly connection: string;
}

/** A member on its way from one cell to another. */
export interface RegionMove {
  readonly member: RegionMember;
  /** Where the mover believes the member to be; the store goes by what it knows itself. */
  readonly from: string | undefined;
  /** `undefined`: the member leaves, and is forgotten. */
  readonly to: string | undefined;
  /** Higher than that of every earlier move of the member. */
  readonly sequence: number;
  /** Told to whoever reads the cell. */
  readonly userId: string | undefined;
}

/**
 * What has become of a move. `late`: a newer one of the member was there first, nothing was changed. `ended`: the node has no lease, or its
 * life was declared over; nothing was changed, and the node goes on under a new name.
 */
export type RegionMoved = "moved" | "late" | "ended";

/** What a node asks when it renews its lease. */
export interface RegionLease {
  readonly node: string;
  readonly leaseMs: number;
  /** Begin with it: the node's name has not had a lease before. */
  readonly begins: boolean;
}

/** Answer to a renewal. */
export interface RegionLeaseReply {
  /** `false`: the ground does not know the lease any more, or it was declared over. Nothing was renewed. */
  readonly kept: boolean;
  /** A node whose lease has run out and who has not been forgotten yet; it may still come back. */
  readonly silent?: string | undefined;
}

/** `gone`: nothing is left of the node, if there ever was. `left`: ask again. `lives`: its lease runs, and nothing was touched. */
export type RegionReaped = "gone" | "left" | "lives";

/** Who is in a cell. */
export interface CellMembers {
  readonly cell: string;
  readonly members: readonly FoundMember[];
  /** `true`: there were more than were asked for; these are some of them. */
  readonly truncated: boolean;
}

/** A member of a cell. */
export interface FoundMember extends RegionMember {
  readonly userId?: string | undefined;
}

/** How long the ground keeps a cell, and what it knows of a node, after the last write to it. */
export const REGION_TTL_MS = 3_600_000;

/** How long a member that has left is remembered, so that a move which was on its way does not bring it back. */
export const LEFT_TTL_MS = 60_000;

/**
 * Who is in which cell of the map, in one realm. Cells are geohashes, all of one length in a realm.
 *
 * **Liveness.** A member is there on the word of its node, and a node lives as long as it renews its lease: one write for each node,
 * however many members it speaks for. Members of a node whose lease has run out are left out of {@link RegionStore.members} and
 * {@link RegionStore.find} at once; counts contain them until somebody has removed them.
 *
 * **Order.** A move is one atomic step: at no time is a member in two cells, and counts agree with cells. Moves of one member take effect in
 * the order of their sequences, whatever the order in which they arrive.
 *
 * **Failure.** As the change log's: `LIVE_GROUND_AWAY`, `LIVE_GROUND_TIMEOUT`, `LIVE_GROUND_BUSY`, `LIVE_GROUND_REFUSED`, `LIVE_CLOSED`. A
 * move that was not answered may have happened; making it again is safe.
 */
export interface RegionStore {
  /** Begins a node's lease, or makes it last for `leaseMs` from now. A lease that has run out can be renewed until it is declared over. */
  renew(lease: RegionLease): Promise<RegionLeaseReply>;

  /**
   * Moves a member. Moving it to the cell that it is in says once more that it is there: whatever of it the ground had lost is there
   * again, and is kept for another {@link REGION_TTL_MS}.
   */
  move(move: RegionMove): Promise<RegionMoved>;

  /** Declares a node's life over if its lease has run out, and removes some hundreds of its members. */
  reap(node: string): Promise<RegionReaped>;

  /** A node gives its own lease up; its members are left out from now on, and for others to remove. */
  retire(node: string): Promise<void>;

  /** Answers who is in each of the cells, in the order asked, all at one moment; at most `limit` members in all, at least 1. */
  members(cells: readonly string[], limit: number): Promise<readonly CellMembers[]>;

  /** Answers how many members there are in the cells whose names begin so, for each prefix in the order asked; `""` is all. */
  count(prefixes: readonly string[]): Promise<readonly number[]>;

  /**
   * Answers for each prefix how many members there are in the parts it is divided into, by the prefix of the part, which is one character
   * longer. Parts without members are left out.
   */
  counts(prefixes: readonly string[]): Promise<ReadonlyMap<string, number>>;

  /** Answers where a socket is; `undefined` when it is nowhere. */
  find(connection: string): Promise<string | undefined>;
}
