import type { Clock } from "../base/clock.ts";
import { visit } from "../base/visit.ts";
import type { Outcome, Visit } from "../base/visit.ts";
import type { Cache, CacheAnswer, GetOrSetOptions } from "./cache.ts";
import type { Loader } from "./loader.ts";

/** One entry to have in the cache: what `getOrSet` is given, in one object. */
export interface WarmEntry extends GetOrSetOptions {
  readonly key: string;
  readonly load: Loader<unknown>;
  readonly url?: never;
}

/** One page of a running application whose cached route shall hold it: a GET, as somebody would make it. */
export interface WarmPage {
  readonly url: string | URL;
  /** Sent with the request: a cookie or token of somebody whom the route's `vary` takes for the same. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: never;
}

/** Something to have in the cache. */
export type WarmItem = WarmEntry | WarmPage;

/** How an item ended. */
export type Ending =
  | { readonly outcome: "loaded" | "alreadyThere" | "notStored" }
  | { readonly outcome: "failed"; readonly error: unknown };

/** What an item needs from its surroundings. */
export interface WarmItemParts {
  readonly resolve: Cache["resolve"];
  readonly clock: Clock;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal | undefined;
}

/** How long a page may take. */
const PAGE_TIMEOUT_MS = 30_000;

/** Has one item in the cache. Never rejects: an item that is none has failed too. */
export async function endOf(parts: WarmItemParts, item: WarmItem): Promise<{ key: string; ending: Ending }> {
  try {
    if (item?.url !== undefined) return await endOfPage(parts, item);
    const { key, load, ...options } = (item ?? {}) as WarmEntry;
    return { key, ending: { outcome: outcomeOf(await parts.resolve(key, load, options)) } };
  } catch (error) {
    return { key: String(item?.key ?? item?.url), ending: { outcome: "failed", error } };
  }
}

const PAGE_OUTCOMES = {
  hit: "alreadyThere",
  stored: "loaded",
  "not-stored": "notStored",
} as const satisfies {
  readonly [Name in Exclude<Outcome, "failed">]: string;
};

async function endOfPage({ clock, signal }: WarmItemParts, page: WarmPage) {
  const url = new URL(page.url);
  const key = url.pathname + url.search;
  const visitPage = (): Promise<Visit> =>
    visit(url, { clock, headers: new Headers(page.headers), timeoutMs: PAGE_TIMEOUT_MS, signal });
  const first = await visitPage();
  // Something that it depends on may have moved while it was made: asked again, it is made from what holds now.
  const { outcome, error } = first.outcome === "not-stored" ? await visitPage() : first;
  const ending: Ending =
    outcome === "failed" ? { outcome, error: new Error(error) } : { outcome: PAGE_OUTCOMES[outcome] };
  return { key, ending };
}

function outcomeOf({ source, reason }: CacheAnswer<unknown>): "loaded" | "alreadyThere" | "notStored" {
  if (reason === "ground-away" || reason === "not-storable") return "notStored";
  return source === "cache" || reason === "joined" ? "alreadyThere" : "loaded";
}
