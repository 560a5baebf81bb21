import { LiveError } from "@livecache/wire";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { MAX_ENTRY_TAGS, checkTags } from "../base/names.ts";
import type { Load, LoadContext, Previous } from "./request.ts";

/** What a loader is told, and what it may decide about the value it brings. */
export interface LoaderContext<T> {
  readonly key: string;
  /** Aborted when the instance closes. */
  readonly signal: AbortSignal;
  /**
   * What was stored before, if it can be read: so that an origin can be asked "still the same?". It may be void; return it only
   * when the origin says that it is current.
   */
  readonly previous: Previous<T> | undefined;
  /** How long this value is used instead of `ttl`. */
  setTtl(ttl: Duration): void;
  /** What this value depends on, besides `tags`. Known only now, they work like those declared before. */
  addTags(...tags: readonly string[]): void;
  /** This value is answered to those who wait for it, and not stored. */
  skipStore(): void;
}

/** Loads a value from where it really is. */
export type Loader<T> = (context: LoaderContext<T>) => T | Promise<T>;

/** What is stored unless the loader decides otherwise. */
export interface LoadDefaults {
  readonly ttlMs: number;
  readonly tags: readonly string[];
  /** The TTL of `null` and `undefined`. */
  readonly absentTtlMs: number;
}

/** Makes a load of the engine from a loader of the application. What the loader throws is what the load rejects with. */
export function loadWith<T>(loader: Loader<T>, defaults: LoadDefaults): Load<T> {
  return async (context) => {
    const wishes = createWishes(context, defaults);
    const value = await loader(wishes.context);
    const { isStored, ttlMs, tags } = wishes.read();
    if (!isStored) return { store: false, isPrivate: false, value };
    const isAbsent = value === null || value === undefined;
    return { store: true, value, ttlMs: ttlMs ?? (isAbsent ? defaults.absentTtlMs : defaults.ttlMs), tags };
  };
}

function createWishes<T>({ key, signal, previous }: LoadContext<T>, { tags: declared }: LoadDefaults) {
  let ttlMs: number | undefined;
  let isStored = true;
  const tags = new Set(declared);
  const context: LoaderContext<T> = {
    key,
    signal,
    get previous() {
      return previous();
    },
    setTtl(ttl) {
      ttlMs = durationMs("setTtl", ttl);
    },
    addTags(...more) {
      checkTags(more, MAX_ENTRY_TAGS);
      for (const tag of more) tags.add(tag);
      if (tags.size > MAX_ENTRY_TAGS) throw tooManyTags(key, tags.size);
    },
    skipStore() {
      isStored = false;
    },
  };
  return { context, read: () => ({ ttlMs, isStored, tags: [...tags] }) };
}

function tooManyTags(key: string, count: number): LiveError {
  return new LiveError(
    "LIVE_INPUT_INVALID",
    `addTags: ${key} has ${count} tags with these, at most ${MAX_ENTRY_TAGS} are allowed; tag by a parent.`,
  );
}
