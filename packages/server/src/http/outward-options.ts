import { invalidOption, refuseUnknown } from "../base/check.ts";

/** What a route tells caches and people in front of it, and lets itself be told. */
export interface OutwardOptions {
  /**
   * Sends the entry's tags to a content delivery network: as `Surrogate-Key` (`true`, `"surrogate-key"`) or as `Cache-Tag`.
   * Default: not sent.
   */
  readonly surrogate?: boolean | "surrogate-key" | "cache-tag";
  /** Says in `X-Cache`, or in the header named, whether it was a HIT, MISS, STALE or BYPASS. Default: only `Cache-Status` does. */
  readonly source?: boolean | `x-${string}` | `X-${string}`;
  /**
   * A client's `Cache-Control: no-cache` or `no-store` takes its request past the cache. Default: ignored, because every client
   * could make the origin work.
   */
  readonly reload?: boolean;
}

/** The form in which tags are sent outward. */
export type SurrogateField = "surrogate-key" | "cache-tag";

/** The same, read once. */
export interface Outward {
  readonly surrogate: SurrogateField | undefined;
  /** Name of the header that says where a response came from, in lower case. */
  readonly sourceHeader: string | undefined;
  readonly obeysReload: boolean;
  /** What has been warned of already. */
  readonly warned: Set<string>;
}

const SOURCE_NAME = /^x-[a-z0-9-]{1,62}$/i;

/** @throws LiveError `LIVE_OPTIONS_INVALID` */
export function resolveOutward(options: OutwardOptions = {}): Outward {
  refuseUnknown("cached: outward", options, ["surrogate", "source", "reload"]);
  const { reload = false } = options;
  if (typeof reload !== "boolean") throw invalidOption("cached: outward.reload", "true or false", reload);
  return {
    surrogate: surrogateOf(options.surrogate),
    sourceHeader: sourceOf(options.source),
    obeysReload: reload,
    warned: new Set(),
  };
}

function surrogateOf(surrogate: OutwardOptions["surrogate"] = false): SurrogateField | undefined {
  if (surrogate === false) return undefined;
  if (surrogate === true) return "surrogate-key";
  if (surrogate === "surrogate-key" || surrogate === "cache-tag") return surrogate;
  const expected = 'true, "surrogate-key" or "cache-tag"';
  throw invalidOption("cached: outward.surrogate", expected, surrogate);
}

function sourceOf(source: OutwardOptions["source"] = false): string | undefined {
  if (typeof source === "boolean") return source ? "x-cache" : undefined;
  if (typeof source === "string" && SOURCE_NAME.test(source)) return source.toLowerCase();
  throw invalidOption("cached: outward.source", 'true, or the name of a header such as "x-source"', source);
}
