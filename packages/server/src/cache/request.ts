import type { Position } from "@livecache/wire";
import type { Reason } from "../base/reasons.ts";

/** Turns values into the bytes that a ground stores, and back. */
export interface Codec<T> {
  encode(value: T): Uint8Array;
  /** @throws anything, when the bytes are not what `encode` wrote: the entry then counts as damaged. */
  decode(bytes: Uint8Array): T;
}

/** How a reader wants age, slowness and failure of the origin to be treated. All times in milliseconds. */
export interface Freshness {
  /** `"fresh"`: not from memory, and never stale: as of the read, judged at the ground. Default: within the lease. */
  readonly consistency: "fresh" | "leased";
  /** So long past the end of its TTL, or after a soft change, a value is answered while it is loaded anew in the background. */
  readonly swrMs: number;
  /** So long past the end of its TTL, or after a soft change, a value is answered when the load fails. */
  readonly graceMs: number;
  /** With a value at hand that `graceMs` allows: how long to wait for the load before that value is answered. */
  readonly softTimeoutMs: number | undefined;
  /** How long to wait for the load at all. The load goes on, and what it brings is stored. */
  readonly hardTimeoutMs: number | undefined;
  /** The share of the TTL after which a value is loaded anew in the background while it is still answered; 1 for never. */
  readonly refreshAt: number;
  /** The share of the TTL by which it is shortened at most, so that what was loaded together does not expire together. */
  readonly jitter: number;
}

/** Nothing but the TTL. */
export const PLAIN_FRESHNESS: Freshness = {
  consistency: "leased",
  swrMs: 0,
  graceMs: 0,
  softTimeoutMs: undefined,
  hardTimeoutMs: undefined,
  refreshAt: 1,
  jitter: 0,
};

/** What was stored before, for a loader that can ask its origin "still the same?". */
export interface Previous<T> {
  readonly value: T;
  /** Milliseconds since it was stored. */
  readonly ageMs: number;
  /** Why it is not simply used: its TTL ended, a soft or hard change, or a refresh ahead of time. */
  readonly reason: "expired" | "stale" | "changed" | "refreshed";
}

/** What a load is told. */
export interface LoadContext<T> {
  readonly key: string;
  /** Aborted when the instance closes. */
  readonly signal: AbortSignal;
  /** What was stored before, read when it is asked for. */
  readonly previous: () => Previous<T> | undefined;
  /** Nobody's own answer depends on this load: every reader has been answered, or waits for others to bring the value. */
  readonly isBackground: boolean;
}

/** What a load came to. */
export type Loaded<T> =
  | { readonly store: true; readonly value: T; readonly ttlMs: number; readonly tags: readonly string[] }
  /** Not to be stored, but good for everybody who waits for it already. */
  | { readonly store: false; readonly isPrivate: false; readonly value: T }
  /**
   * Not to be stored, and not to be handed to others who wait for the same key: each of them loads for itself.
   * `isLasting`: the next one will be no better, so for some seconds nobody waits for anybody.
   */
  | { readonly store: false; readonly isPrivate: true; readonly isLasting: boolean; readonly value: T };

/** Loads a value from the origin. */
export type Load<T> = (context: LoadContext<T>) => Promise<Loaded<T>>;

/** One read of one key, at the level that the doors and the public cache share. */
export interface ResolveRequest<T> {
  /** A checked key. */
  readonly key: string;
  readonly codec: Codec<T>;
  readonly load: Load<T>;
  /** Default: {@link PLAIN_FRESHNESS}. */
  readonly freshness?: Freshness;
  /** Version of what the code stores: an entry of another version is not used. Default 0. */
  readonly version?: number;
  /** The answer must be at least as new as this position. Default: the fence of the current request, if there is one. */
  readonly fence?: Position | undefined;
}

/** A read that never loads. It may take a value of whatever version there is. */
export interface FindRequest<T> extends Omit<ResolveRequest<T>, "load" | "version"> {
  readonly version?: number | "any";
}

/** A value, where it came from and why. */
export interface Resolved<T> {
  readonly value: T;
  readonly source: "near" | "far" | "load";
  readonly reason: Reason;
  /** Stamp of the value: the position at which its load began. Absent when the ground was away. */
  readonly position: Position | undefined;
  /** Declared tags of the value. */
  readonly tags: readonly string[];
  /** Milliseconds until its TTL ends if nothing changes; 0 when it was not stored, or is stale. */
  readonly ttlLeftMs: number;
  readonly stored: boolean;
  /** Milliseconds since the value was loaded. */
  readonly ageMs: number;
}

/** A value in this node's memory that may be answered now: the entry itself, so that a hit makes nothing. */
export interface NearHit<T> {
  readonly value: T;
  readonly tags: readonly string[];
  readonly position: Position;
  /** Instants on the injected monotonic clock. */
  readonly loadedAtMs: number;
  readonly freshUntilMs: number;
  /** Bytes of the stored value. */
  readonly bytes: number;
  /** Whatever the door wants to keep beside the value, as long as the value is kept. */
  memo: unknown;
}

/** The engine behind `live.cache` and the doors. */
export interface CacheEngine {
  /**
   * Answers a near hit at once, without a promise, or `undefined`. It obeys the lease, the tag board and `fence` exactly as
   * {@link CacheEngine.resolve} does, never answers what is stale, and counts. A value due for refresh ahead of time is left
   * to `resolve`: give the share of the TTL as `refreshAt`.
   */
  peek<T>(key: string, fence: Position | undefined, refreshAt?: number): NearHit<T> | undefined;
  /** Answers from memory or the ground, or `undefined`. Never loads, waits for no load, and answers nothing stale. */
  find<T>(request: FindRequest<T>): Promise<Resolved<T> | undefined>;
  /**
   * Answers from memory, the ground, a running load or the origin, in this order. Rejects with what `load` rejects, or with
   * `LIVE_LOAD_TIMEOUT` or `LIVE_CLOSED`.
   */
  resolve<T>(request: ResolveRequest<T>): Promise<Resolved<T>>;
}
