import { LiveError } from "@livecache/wire";
import { refuseUnknown, wholeNumber } from "../base/check.ts";
import { checkName } from "../base/names.ts";
import type { CacheStore } from "../ports/cache-store.ts";

/** Options of {@link KeyWalk.getKeys}. */
export interface GetKeysOptions {
  /** Most keys to answer, 1 to 10,000. Default 1,000. */
  readonly limit?: number;
}

/** What is stored, for operators: it looks through the keys of the ground, so it is not for the path of a request. */
export interface KeyWalk {
  /**
   * The keys of stored entries below a prefix (`"user:42:*"`; `"*"` for all), in no order, none twice; whether their values are
   * still valid is not asked. As many as `limit` means that there may be more: `scanKeys` walks through all of them. Rejects with
   * `LIVE_INPUT_INVALID` for a star elsewhere, and with `LIVE_GROUND_*` when the ground does not answer.
   */
  getKeys(pattern: string, options?: GetKeysOptions): Promise<string[]>;
  /**
   * Walks through the same keys in small steps, one page at a time, however many there are; the ground is never held for long. A key
   * that is stored all the while is told at least once, and may be told twice.
   */
  scanKeys(pattern: string): AsyncIterableIterator<string>;
}

/** About how many keys are asked for at a time. */
const PAGE_KEYS = 500;

const MAX_KEYS = 10_000;

/** Makes the walk through the keys of one realm. */
export function createKeyWalk({ keys }: Pick<CacheStore, "keys">): KeyWalk {
  async function* walk(prefix: string): AsyncGenerator<string, void> {
    let after: string | undefined;
    do {
      const page = await keys({ prefix, after, limit: PAGE_KEYS });
      yield* page.keys;
      after = page.next;
    } while (after !== undefined);
  }

  return {
    async getKeys(pattern, options = {}) {
      refuseUnknown("getKeys", options, ["limit"]);
      const limit = wholeNumber("getKeys: limit", options.limit ?? 1_000, [1, MAX_KEYS]);
      const found = new Set<string>();
      for await (const key of walk(prefixOf("getKeys", pattern))) {
        found.add(key);
        if (found.size >= limit) break;
      }
      return [...found];
    },
    scanKeys: (pattern) => walk(prefixOf("scanKeys", pattern)),
  };
}

function prefixOf(what: string, pattern: unknown): string {
  if (pattern === "*") return "";
  if (typeof pattern !== "string" || !pattern.endsWith(":*")) {
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `${what}: expected a key prefix followed by ":*" such as "user:42:*", or "*" for all keys, received ${JSON.stringify(pattern)}. ` +
        "Take the longest prefix, and filter what comes.",
    );
  }
  const prefix = pattern.slice(0, -2);
  checkName("key", prefix);
  return `${prefix}:`;
}
