import type { LatencySpread } from "./latency.ts";
import type { PresentUser } from "./presence-frames.ts";

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
  /**
   * How long readers waited, by who answered: the node's memory (one in 256 is timed), the ground, or a load. A share that never was is
   * left out.
   */
  readonly latency: { readonly [Source in LatencySource]?: LatencySpread };
}

/** Who answered a reader. */
export type LatencySource = "near" | "far" | "origin";

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
    /** Whether it tells who is in it. */
    readonly hasPresence: boolean;
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
  /** Tokens issued up to then are refused; absent when none are. */
  readonly tokensRevokedUpToMs?: number;
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

/** What an operator has done, or tried to do. */
export interface AuditLine {
  /** The ground's date. */
  readonly atMs: number;
  readonly operator: string;
  readonly action: string;
  /** What was asked for. Tokens stand in it as digests. */
  readonly target: Readonly<Record<string, unknown>>;
  readonly reason: string;
  /** What came of it: the answer, or the code of the error. */
  readonly outcome: Readonly<Record<string, unknown>> | string;
}

/** What operators have done on all nodes, newest first: see `live.admin.audit`. */
export interface AuditReport {
  readonly lines: readonly ({ readonly node: string } & AuditLine)[];
  readonly missing: readonly string[];
}

/**
 * What a line of the feed is about. `hit` and `miss` are samples, told only while somebody asks for them; answers from a node's own
 * memory are never among them.
 */
export const FEED_KINDS = [
  "change",
  "event",
  "hit",
  "miss",
  "ground",
  "socket",
  "session",
  "limit",
  "refusal",
  "act",
] as const;

/** One of the list above. */
export type FeedKind = (typeof FEED_KINDS)[number];

/** Something that happened on a node. */
export interface FeedLine {
  readonly atMs: number;
  readonly node: string;
  readonly kind: FeedKind;
  /** What happened, as a sentence without its subject: `hostel:7 changed`. */
  readonly words: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What happened on all nodes: see `live.admin.feed`. */
export interface FeedReport {
  /** Ask with it as `after` for what comes next. */
  readonly cursor: string;
  /** Lines of any kind that were forgotten before they were asked for. */
  readonly dropped: number;
  /** Oldest first. */
  readonly lines: readonly FeedLine[];
  readonly missing: readonly string[];
}

/** A page of stored keys: see `live.admin.keys`. */
export interface KeysReport {
  readonly keys: readonly string[];
  /** Ask with it as `after` for more; absent at the end. A page may be short, or empty, and not be the last. */
  readonly next?: string;
}

/** What depends on one tag: see `live.admin.tag`. */
export interface TagReport {
  readonly tag: string;
  readonly nodes: readonly ({ readonly node: string } & TagView)[];
  readonly missing: readonly string[];
}

/** What one node knows of a tag. What only the ground holds is not among it. */
export interface TagView {
  /** Entries in the node's memory, and the keys of the first 100. */
  readonly entries: number;
  readonly keys: readonly string[];
  readonly queries: number;
  readonly watchers: number;
  /** Its last change, if the node remembers it. */
  readonly moved?: { readonly changeId: string; readonly position: string; readonly atMs?: number };
}

/** The tags that most entries in the nodes' memories have been given: see `live.admin.tags`. */
export interface TagsReport {
  readonly tags: readonly { readonly tag: string; readonly entries: number; readonly nodes: number }[];
  /** Whether some nodes hold more entries than were looked at. */
  readonly isPartial: boolean;
  readonly missing: readonly string[];
}

/** Who is on the map: see `live.admin.regions`. */
export interface RegionsReport {
  /** Letters of a cell; `null`: the contract has no regions. */
  readonly precision: number | null;
  /** Everything that is counted is in it. */
  readonly prefix: string;
  /** How many are in the parts of it, by the next letter. Parts without anybody are left out. */
  readonly counts: Readonly<Record<string, number>>;
  /** Who is there, at most 200, when `prefix` is a cell. */
  readonly members: readonly { readonly socketId: string; readonly userId?: string }[];
  readonly scope: "cluster" | "local";
}

/** What a server of the ground says of itself. A figure that it does not tell is left out. */
export interface ServerReport {
  /** Its address in a cluster. */
  readonly place: string;
  readonly product: "redis" | "valkey";
  readonly version?: string;
  readonly role?: string;
  readonly mode?: string;
  readonly uptimeMs?: number;
  readonly usedBytes?: number;
  /** 0: no bound. */
  readonly maxBytes?: number;
  readonly policy?: string;
  readonly fragmentation?: number;
  readonly evicted?: number;
  readonly expired?: number;
  readonly clients?: number;
  readonly commandsPerSecond?: number;
  readonly replicas?: number;
  /** Keys of everybody who uses it. */
  readonly keys?: number;
  readonly appendOnly?: boolean;
  readonly savedAtMs?: number;
  /** How long the question took. */
  readonly roundTripMs: number;
}

/** The ground, as one node sees it now: see `live.admin.ground`. */
export interface GroundDetails {
  readonly kind: "memory" | "redis";
  readonly servers: readonly ServerReport[];
  /** The slot of the realm's log, in a cluster. */
  readonly slot?: number;
  /** Keys of the realm by what they are for. */
  readonly counts: Readonly<Record<string, number>>;
  /** Whether there were more keys than were looked at: then `counts` are of a sample. */
  readonly isPartial: boolean;
}

/** The same with what should be otherwise. */
export interface GroundView extends GroundDetails {
  readonly node: string;
  readonly status: GroundReport;
}

/** Who is in a channel: see `live.admin.present`. */
export interface PresentReport {
  readonly channel: string;
  readonly hasPresence: boolean;
  readonly count: number;
  readonly users: readonly PresentUser[];
  /** Ask with it as `after` for more. */
  readonly next?: string;
}
