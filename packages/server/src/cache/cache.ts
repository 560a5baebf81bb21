import { LiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import { MAX_DURATION_MS, durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { jsonCodec } from "../base/json-codec.ts";
import { MAX_ENTRY_TAGS, checkKey, checkName, checkTags, dependenciesOf, subtreeTag } from "../base/names.ts";
import type { CacheStore } from "../ports/cache-store.ts";
import type { CacheEngine, Codec, Resolved } from "./request.ts";

/** Options of {@link Cache.getOrSet}. */
export interface GetOrSetOptions {
  /** How long the value is used if nothing changes. */
  readonly ttl: Duration;
  /** What the value depends on, besides its key: at most 128 names. */
  readonly tags?: readonly string[];
}

/** Options of {@link Cache.set}: one of the two lengths of time is required. */
export interface SetOptions {
  readonly ttl?: Duration;
  /** The same in whole seconds, for code written against `SETEX`. */
  readonly ttlSeconds?: number;
  readonly tags?: readonly string[];
}

/** What a loader is given. `signal` is aborted when the instance closes. */
export interface LoaderContext {
  readonly signal: AbortSignal;
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
   * Answers the value of `key`, loading it when nothing valid is stored. One load runs for all who ask, on all nodes; a
   * reader that began after a change never gets what a load before the change brought. Rejects with what `load` rejects.
   */
  getOrSet<T>(
    key: string,
    load: (context: LoaderContext) => T | Promise<T>,
    options: GetOrSetOptions,
  ): Promise<T>;
  /** Answers the stored value, or `undefined` when there is none that is valid. Never loads. */
  get<T>(key: string): Promise<T | undefined>;
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
  /** Moves exactly these tags, as a change of its own. */
  readonly move: (tags: readonly string[]) => Promise<MoveResult>;
}

/** How a move of tags ended: at a position, or waiting for the ground. */
export type MoveResult = { readonly pending: boolean; readonly position?: Position | undefined };

/** Makes the public cache. */
export function createCache({ engine, store, move }: CacheFrontParts): Cache {
  function find<T>(key: string): Promise<Resolved<T> | undefined> {
    checkKey(key);
    return engine.find({ key, codec: jsonCodec as Codec<T> });
  }

  return {
    async getOrSet<T>(
      key: string,
      load: (context: LoaderContext) => T | Promise<T>,
      options: GetOrSetOptions,
    ) {
      checkKey(key);
      if (typeof load !== "function") throw invalidOption("getOrSet: load", "a function", load);
      refuseUnknown("getOrSet", options, ["ttl", "tags"]);
      const { tags = [] } = options;
      checkTags(tags, MAX_ENTRY_TAGS);
      const ttlMs = durationMs("getOrSet: ttl", options.ttl);
      const resolved = await engine.resolve<T>({
        key,
        codec: jsonCodec as Codec<T>,
        load: async ({ signal }) => ({ store: true, value: await load({ signal }), ttlMs, tags }),
      });
      return resolved.value;
    },
    async get<T>(key: string) {
      return (await find<T>(key))?.value;
    },
    async has(key) {
      return (await find(key)) !== undefined;
    },
    async set(key, value, options) {
      checkKey(key);
      refuseUnknown("set", options, ["ttl", "ttlSeconds", "tags"]);
      const { tags = [] } = options;
      checkTags(tags, MAX_ENTRY_TAGS);
      const ttlMs = setTtlMs(options);
      const bytes = jsonCodec.encode(value);
      const { position } = await move([key]);
      if (!position) {
        throw new LiveError(
          "LIVE_GROUND_AWAY",
          `set ${key}: the ground is away, so the value was not stored. Retry later.`,
        );
      }
      await store.commit({ key, position, tags: dependenciesOf(key, tags), value: bytes, ttlMs });
    },
    async delete(key) {
      checkKey(key);
      await move([key]);
    },
    async deletePattern(pattern) {
      await move([patternTag(pattern)]);
    },
  };
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
