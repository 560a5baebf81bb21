import type { LatencySpread } from "./latency.ts";

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
