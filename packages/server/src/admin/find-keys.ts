import { LiveError } from "@livecache/wire";
import type { KeysReport } from "@livecache/wire";
import { checkName } from "../base/names.ts";
import type { CacheStore } from "../ports/cache-store.ts";

/** Which keys. */
export interface KeySearch {
  /** A prefix with `:*` behind it, or `*` for all. Default `*`. */
  readonly pattern?: string;
  /** Only keys with the text in them. */
  readonly search?: string;
  /** `next` of the page before. */
  readonly after?: string;
  /** About how many keys to answer, 1 to 1,000. Default 100. */
  readonly limit?: number;
}

/** Pages of the ground that are looked through for one answer, and keys of each. */
const MOST_PAGES = 20;
const PAGE = 1_000;

/** Reads some keys, a page of the ground at a time, so that it is never held for long. Rejects as the ground does. */
export async function findKeys(
  { keys }: Pick<CacheStore, "keys">,
  { pattern = "*", search = "", after, limit = 100 }: KeySearch,
): Promise<KeysReport> {
  const prefix = prefixOf(pattern);
  const found = new Set<string>();
  // Few of many keys fit a text.
  const pageSize = search === "" ? Math.min(PAGE, Math.max(limit, 100)) : PAGE;
  let next = after;
  for (let pages = 0; pages < MOST_PAGES && found.size < limit; pages++) {
    const page = await keys({ prefix, after: next, limit: pageSize });
    for (const key of page.keys) if (search === "" || key.includes(search)) found.add(key);
    next = page.next;
    if (next === undefined) break;
  }
  return { keys: [...found], ...(next !== undefined && { next }) };
}

function prefixOf(pattern: string): string {
  if (pattern === "*") return "";
  if (!pattern.endsWith(":*")) {
    const received = JSON.stringify(pattern).slice(0, 80);
    throw new LiveError(
      "LIVE_INPUT_INVALID",
      `keys: expected a prefix followed by ":*" such as "user:42:*", or "*" for all, received ${received}.`,
    );
  }
  const prefix = pattern.slice(0, -2);
  checkName("key", prefix);
  return `${prefix}:`;
}
