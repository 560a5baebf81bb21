import type { Position } from "@livecache/wire";
import type { Reason } from "../base/reasons.ts";

/** Turns values into the bytes that a ground stores, and back. */
export interface Codec<T> {
  encode(value: T): Uint8Array;
  /** @throws anything, when the bytes are not what `encode` wrote: the entry then counts as absent. */
  decode(bytes: Uint8Array): T;
}

/** What a load came to. */
export type Loaded<T> =
  | { readonly store: true; readonly value: T; readonly ttlMs: number; readonly tags: readonly string[] }
  /** Not to be stored, and not to be handed to others who wait for the same key: each of them loads for itself. */
  | { readonly store: false; readonly value: T };

/** Loads a value from the origin. `signal` is aborted when the instance closes. */
export type Load<T> = (context: { readonly key: string; readonly signal: AbortSignal }) => Promise<Loaded<T>>;

/** One read of one key, at the level that the doors and the public cache share. */
export interface ResolveRequest<T> {
  /** A checked key. */
  readonly key: string;
  readonly codec: Codec<T>;
  readonly load: Load<T>;
  /** The answer must be at least as new as this position. Default: the fence of the current request, if there is one. */
  readonly fence?: Position | undefined;
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
  /** Milliseconds the value stays valid if nothing changes; 0 when it was not stored. */
  readonly ttlLeftMs: number;
  readonly stored: boolean;
  /** Milliseconds since the value was loaded, as far as this node knows. */
  readonly ageMs: number;
}

/** The engine behind `live.cache` and the doors. */
export interface CacheEngine {
  /**
   * Answers a near hit at once, without a promise, or `undefined`. It obeys the lease, the tag board and `fence` exactly as
   * {@link CacheEngine.resolve} does.
   */
  peek<T>(key: string, fence?: Position): Resolved<T> | undefined;
  /** Answers from memory or the ground, or `undefined`. Never loads, and waits for no load. */
  find<T>(request: Omit<ResolveRequest<T>, "load">): Promise<Resolved<T> | undefined>;
  /** Answers from memory, the ground, a running load or the origin, in this order. Rejects only with what `load` rejects. */
  resolve<T>(request: ResolveRequest<T>): Promise<Resolved<T>>;
}
