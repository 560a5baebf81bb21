/**
 * What nodes say of themselves, as JSON: `docs/reference/admin.md`. Instants are the ground's date, in milliseconds since 1970; durations
 * are milliseconds, sizes bytes.
 */

/** What a node says of one pattern of keys since it started. */
export interface PatternReport {
  readonly pattern: string;
  /** Answers by reason; only reasons that occurred. */
  readonly answers: Readonly<Record<string, number>>;
  readonly loads: number;
  readonly loadErrors: number;
  readonly loadMsMean: number;
  readonly loadMsMost: number;
}

/** What a node says of its cache since it started. */
export interface CacheReport {
  readonly hits: number;
  readonly misses: number;
  readonly hitRatio: number;
  readonly stale: number;
  readonly errors: number;
  readonly near: { readonly entries: number; readonly bytes: number; readonly maxBytes: number };
  /** The patterns that were asked for most, at most 100. */
  readonly patterns: readonly PatternReport[];
}

/** What a node says of its live queries and channels. */
export interface LiveReport {
  readonly connections: number;
  readonly watches: number;
  readonly channels: number;
  readonly heldEvents: number;
  /** Refused with `LIVE_LIMIT_REACHED`. */
  readonly watchesRefused: number;
  readonly joinsRefused: number;
  /** Events given up because too many were held back; the channels were told to reload. */
  readonly eventsDropped: number;
  /** The channels with the most members here, at most 100. */
  readonly busiest: readonly { readonly channel: string; readonly members: number }[];
}

/** How a node sees its ground. */
export interface GroundReport {
  readonly kind: "memory" | "redis";
  readonly state: "here" | "away";
  /** How long it has been so. */
  readonly forMs: number;
  readonly cause?: string;
  readonly advice: readonly {
    readonly code: string;
    readonly isWarning: boolean;
    readonly what: string;
    readonly why: string;
    readonly fix: string;
  }[];
}

/** What one node says of itself. */
export interface NodeReport {
  readonly node: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly nodeVersion: string;
  readonly memory: { readonly rssBytes: number; readonly heapUsedBytes: number };
  readonly ground: GroundReport;
  /** Where it has applied the log to: `epoch.sequence`. */
  readonly applied?: string;
  /** Whether changes made here wait for the ground. */
  readonly hasPending: boolean;
  readonly cache: CacheReport;
  readonly live: LiveReport;
}

/** All nodes: see `live.admin.nodes`. */
export interface NodesReport {
  readonly nodes: readonly NodeReport[];
  /** Live nodes that did not answer in time. */
  readonly missing: readonly string[];
}

/** A connected socket, as its node knows it. */
export interface SocketRow {
  readonly socketId: string;
  /** `null` for nobody. */
  readonly userId: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  /** The channels that it is in. */
  readonly channels: readonly string[];
  /** How many responses it watches. */
  readonly watches: number;
}

/** Sockets of all nodes: see `live.admin.sockets`. */
export interface SocketsReport {
  /** How many fit, listed or not. */
  readonly total: number;
  readonly sockets: readonly ({ readonly node: string } & SocketRow)[];
  readonly missing: readonly string[];
}

/** The channels of all nodes that have the most members: see `live.admin.channels`. */
export interface ChannelsReport {
  readonly channels: readonly {
    readonly channel: string;
    readonly members: number;
    readonly nodes: number;
  }[];
  readonly missing: readonly string[];
}

/** What is known of one key on all nodes: see `live.admin.key`. */
export interface KeyReport {
  readonly key: string;
  readonly nodes: readonly ({ readonly node: string } & KeyView)[];
  readonly missing: readonly string[];
}

/** What one node knows of a key: `live.why`, as JSON. */
export interface KeyView {
  readonly pattern: string;
  readonly near: unknown;
  readonly far: unknown;
  readonly last: readonly unknown[];
  readonly explanation: string;
}

/** What one person can reach now: see `live.admin.user`. */
export interface UserReport {
  readonly userId: string;
  readonly isOnline: boolean;
  /** Their sessions, those that expire last first; `id` is a digest, because the id itself opens the session. */
  readonly sessions: readonly {
    readonly id: string;
    readonly createdAtMs: number;
    readonly seenAtMs: number;
    readonly expiresAtMs: number;
  }[];
  readonly sockets: SocketsReport["sockets"];
  readonly missing: readonly string[];
}

/** What a change of some tags would do on all nodes: see `live.admin.preview`. */
export interface ChangePreview {
  /** Every tag that would move, subtree tags included. */
  readonly tags: readonly string[];
  readonly nodes: readonly {
    readonly node: string;
    /** Entries in the node's memory that would be void. What only the ground holds is not counted. */
    readonly entries: number;
    /** How long those took to load, together, as far as their patterns tell. */
    readonly loadMs: number;
    readonly queries: number;
    readonly watchers: number;
  }[];
  readonly missing: readonly string[];
}
