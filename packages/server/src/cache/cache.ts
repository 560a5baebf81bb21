import { LiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import type { CacheKey } from "../base/define-key.ts";
import { MAX_DURATION_MS, durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { seal } from "../base/envelope.ts";
import { jsonCodec } from "../base/json-codec.ts";
import { MAX_ENTRY_TAGS, checkKey, checkName, checkTags, dependenciesOf, subtreeTag } from "../base/names.ts";
import type { Reason } from "../base/reasons.ts";
import type { CacheStore } from "../ports/cache-store.ts";
import { FRESHNESS_FIELDS, resolveFreshness } from "./freshness-options.ts";
import type { FreshnessOptions } from "./freshness-options.ts";
import { loadWith } from "./loader.ts";
import type { Loader } from "./loader.ts";
import type { CacheEngine, Codec, NearHit, ResolveRequest } from "./request.ts";

/** Options of {@link Cache.getOrSet}. */
export interface GetOrSetOptions extends FreshnessOptions {
  /** How long the value is used if nothing changes. */
  readonly ttl: Duration;
  /** What the value depends on, besides its key: at most 128 names. */
  readonly tags?: readonly string[];
  /** How long `null` and `undefined` are used: what is not there may be there soon. Default: `ttl`. */
  readonly absentTtl?: Duration;
  /** Version of what the code stores, 0 to 4,294,967,295: a value that other code has stored is loaded anew. Default 0. */
  readonly version?: number;
}

/** Options of {@link Cache.set}: one of the two lengths of time is required. */
export interface SetOptions {
  readonly ttl?: Duration;
  /** The same in whole seconds, for code written against `SETEX`. */
  readonly ttlSeconds?: number;
  readonly tags?: readonly string[];
  /** As for {@link GetOrSetOptions}. */
  readonly version?: number;
}

/** A value, and how it came: what {@link Cache.resolve} answers. */
export interface CacheAnswer<T> {
  readonly value: T;
  readonly source: "cache" | "database";
  readonly reason: Reason;
  /** Milliseconds since it was loaded. */
  readonly ageMs: number;
}

/**
 * The cache of an application: plain data under keys, shared by all nodes.
 *
 * A key is 1 to 512 bytes of UTF-8 in at most 16 parts separated by `:`. Values are what JSON can carry, and what comes back
 * is frozen: every reader of this node shares it. While the ground is away nothing here rejects for that reason, except
 * `set`: reads are loaded by this node alone and kept for a second.
 */
export interface Cache {
  /**
   * Answers the value of `key`, loading it when nothing usable is stored. One load runs for all who ask, on all nodes; a
   * reader that began after a change never gets what a load before the change brought. Rejects with what `load` rejects,
   * unless a stale value is accepted; with `LIVE_LOAD_TIMEOUT` after `hardTimeout`.
   */
  getOrSet<T>(key: CacheKey<T>, load: Loader<T>, options: GetOrSetOptions): Promise<T>;
  /** Does what {@link Cache.getOrSet} does, and says how the value came. */
  resolve<T>(key: CacheKey<T>, load: Loader<T>, options: GetOrSetOptions): Promise<CacheAnswer<T>>;
  /** Answers the stored value, or `undefined` when there is none that is valid. Never loads. */
  get<T>(key: CacheKey<T>): Promise<T | undefined>;
  /** Whether a valid value is stored. */
  has(key: string): Promise<boolean>;
  /**
   * Stores a value. Whatever was stored under the key, or depends on it, is void on every node before the new value is seen.
   * Rejects with `LIVE_GROUND_*` when the ground did not take it.
   */
  set(key: string, value: unknown, options: SetOptions): Promise<void>;
  /** Voids one key, and what declared it as a tag, on every node. */
  delete(key: string): Promise<void>;
  /** Voids every key below a prefix: `"user:42:*"`. One step, however many keys there are. */
  deletePattern(pattern: string): Promise<void>;
}

/** What the public cache needs: the engine, the store, and a way to move tags. */
export interface CacheFrontParts {
  readonly engine: CacheEngine;
  readonly store: CacheStore;
  /** The fence of the current request. */
  readonly fence: () => Position | undefined;
  /** Moves exactly these tags, as a change of its own. */
  readonly move: (tags: readonly string[]) => Promise<MoveResult>;
}

/** How a move of tags ended: at a position, or waiting for the ground. */
export type MoveResult = { readonly pending: boolean; readonly position?: Position | undefined };

/** Making a promise costs more than all the rest of a hit, so each entry has one for all its readers. */
function settled<T>(hit: NearHit<T> & { promise?: Promise<T> | undefined }): Promise<T> {
  return (hit.promise ??= Promise.resolve(hit.value));
}

/** Makes the public cache. */
export function createCache(parts: CacheFrontParts): Cache {
  const { engine, fence } = parts;

  function peek<T>(key: string, options: Partial<GetOrSetOptions> | undefined): NearHit<T> | undefined {
    return options?.consistency === "fresh" ? undefined : engine.peek<T>(key, fence(), options?.refreshAt);
  }

  async function find<T>(key: string): Promise<T | undefined> {
    checkKey(key);
    return (await engine.find({ key, codec: jsonCodec as Codec<T>, version: "any" }))?.value;
  }

  async function valueOf<T>(key: string, load: Loader<T>, options: GetOrSetOptions): Promise<T> {
    const { value } = await engine.resolve<T>(requestOf(key, load, options));
    return value;
  }

  return {
    // Not async: a hit is answered by a promise that is settled already, and options are read only when they matter.
    getOrSet<T>(key: string, load: Loader<T>, options: GetOrSetOptions) {
      const hit = peek<T>(key, options);
      return hit === undefined ? valueOf(key, load, options) : settled(hit);
    },
    async resolve<T>(key: string, load: Loader<T>, options: GetOrSetOptions) {
      const { value, source, reason, ageMs } = await engine.resolve<T>(requestOf(key, load, options));
      return { value, source: source === "load" ? "database" : "cache", reason, ageMs };
    },
    get<T>(key: string) {
      const hit = peek<T>(key, undefined);
      return hit === undefined ? find<T>(key) : settled(hit);
    },
    async has(key) {
      checkKey(key);
      const found = await engine.find({ key, codec: jsonCodec, version: "any" });
      return found !== undefined;
    },
    set: (key, value, options) => set(parts, { key, value }, options),
    async delete(key) {
      checkKey(key);
      await parts.move([key]);
    },
    async deletePattern(pattern) {
      await parts.move([patternTag(pattern)]);
    },
  };
}

/** Largest version: four bytes. */
const MAX_VERSION = 2 ** 32 - 1;

const GET_OR_SET_FIELDS = ["ttl", "tags", "absentTtl", "version", ...FRESHNESS_FIELDS];

/** Checks a read that was not answered from this node's memory, and puts it as the engine takes it. */
function requestOf<T>(key: string, load: Loader<T>, options: GetOrSetOptions): ResolveRequest<T> {
  checkKey(key);
  if (typeof load !== "function") throw invalidOption("getOrSet: load", "a function", load);
  refuseUnknown("getOrSet", options, GET_OR_SET_FIELDS);
  const { tags = [], ttl, absentTtl, version = 0 } = options;
  checkTags(tags, MAX_ENTRY_TAGS);
  const ttlMs = durationMs("getOrSet: ttl", ttl);
  const absentTtlMs = absentTtl === undefined ? ttlMs : durationMs("getOrSet: absentTtl", absentTtl);
  return {
    key,
    codec: jsonCodec as Codec<T>,
    load: loadWith(load, { ttlMs, absentTtlMs, tags }),
    freshness: resolveFreshness("getOrSet", options),
    version: readVersion("getOrSet", version),
  };
}

function readVersion(what: string, version: unknown): number {
  return wholeNumber(`${what}: version`, version, [0, MAX_VERSION]);
}

async function set(
  { move, store }: CacheFrontParts,
  { key, value }: { readonly key: string; readonly value: unknown },
  options: SetOptions,
): Promise<void> {
  checkKey(key);
  refuseUnknown("set", options, ["ttl", "ttlSeconds", "tags", "version"]);
  const { tags = [], version = 0 } = options;
  checkTags(tags, MAX_ENTRY_TAGS);
  const ttlMs = setTtlMs(options);
  const bytes = seal(jsonCodec.encode(value), readVersion("set", version));
  const { position } = await move([key]);
  if (!position) {
    throw new LiveError(
      "LIVE_GROUND_AWAY",
      `set ${key}: the ground is away, so the value was not stored. Retry later.`,
    );
  }
  const lives = { ttlMs, keepMs: ttlMs };
  await store.commit({ key, position, tags: dependenciesOf(key, tags), value: bytes, ...lives });
}

function setTtlMs({ ttl, ttlSeconds }: SetOptions): number {
  if ((ttl === undefined) === (ttlSeconds === undefined)) {
    throw invalidOption("set", "exactly one of ttl and ttlSeconds", { ttl, ttlSeconds });
  }
  if (ttl !== undefined) return durationMs("set: ttl", ttl);
  return wholeNumber("set: ttlSeconds", ttlSeconds, [1, MAX_DURATION_MS / 1_000]) * 1_000;
}

/** `"user:42:*"` is the subtree tag of `"user:42"`; a star anywhere else would need a search through all keys. */
function patternTag(pattern: unknown): string {
  if (typeof pattern !== "string" || !pattern.endsWith(":*")) {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `deletePattern: expected a key prefix followed by ":*" such as "user:42:*", received ${JSON.stringify(pattern)}. ` +
        "For anything else give the entries a tag and change that.",
    );
  }
  const prefix = pattern.slice(0, -2);
  checkName("key", prefix);
  return subtreeTag(prefix);
}
