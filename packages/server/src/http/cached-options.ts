import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { MAX_ENTRY_TAGS, checkTags } from "../base/names.ts";
import { FRESHNESS_FIELDS, resolveFreshness } from "../cache/freshness-options.ts";
import type { FreshnessOptions } from "../cache/freshness-options.ts";
import type { CachedRoute, Entrance } from "./cached-route.ts";
import { createKeyMemo } from "./key-memo.ts";
import { createLandingTurns } from "./landing-turns.ts";
import { resolveOutward } from "./outward-options.ts";
import type { OutwardOptions } from "./outward-options.ts";

/** How one route is cached. `Request` is the framework's own. */
export interface CachedOptions<Request> extends FreshnessOptions {
  /** How long a response is used if nothing changes. */
  readonly ttl: Duration;
  /**
   * What the response depends on, besides its own path. A function is asked after the handler, so it may use what the handler
   * left on the request; what it throws goes to error handling.
   */
  readonly tags?: readonly string[] | ((request: Request) => readonly string[]);
  /**
   * What the response is chosen by, besides its URL: names of identity fields (`"role"`) and of request headers
   * (`"header:accept-language"`). With at least one identity field, requests that carry credentials are cached too.
   */
  readonly vary?: readonly string[];
  /** The response is the same for everybody, credentials or not. Default `false`. */
  readonly public?: boolean;
  /** Largest body that is stored; larger ones pass through. Default 1 MiB, at most 7 MiB. */
  readonly maxBytes?: number;
  /** How long responses with status 404 and 410 are used. Default: they are not stored. */
  readonly absentTtl?: Duration;
  /** Version of what the code answers, 0 to 4,294,967,295: what other code has stored is made anew. Default 0. */
  readonly version?: number;
  /**
   * After a change the response is made anew once, and sent to everybody who watches it, instead of the notice alone. Only for
   * responses that do not vary by identity; see `docs/concepts/live-queries.md`. Default `false`.
   */
  readonly push?: boolean;
  /** What the route tells caches in front of it, and lets itself be told. */
  readonly outward?: OutwardOptions;
  /** A lane past the framework: see `livecache/lane`. */
  readonly lane?: Entrance;
}

/** Says what a response depends on. */
export type TagsOf<Request> = (request: Request) => readonly string[];

const KNOWN: readonly string[] = [
  "ttl",
  "tags",
  "vary",
  "public",
  "maxBytes",
  "absentTtl",
  "version",
  "push",
  "outward",
  "lane",
  ...FRESHNESS_FIELDS,
];
const HEADER_PREFIX = "header:";
const HEADER_NAME = /^[a-z0-9!#$%&'+.^_`|~-]+$/;
const CREDENTIALS: readonly string[] = ["cookie", "authorization"];
const DEFAULT_MAX_BYTES = 1024 * 1024;
const MOST_MAX_BYTES = 7 * 1024 * 1024;
const MAX_VERSION = 2 ** 32 - 1;

/**
 * Checks the options of a route.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the option, what was received and what was expected;
 * `LIVE_INPUT_INVALID` for a tag that is no name
 */
export function resolveCachedOptions<Request>(options: CachedOptions<Request>): CachedRoute {
  refuseUnknown("cached", options, KNOWN);
  const { absentTtl, version = 0, maxBytes = DEFAULT_MAX_BYTES, lane } = options;
  if (lane !== undefined && typeof (lane as Partial<Entrance>).note !== "function") {
    throw invalidOption("cached: lane", "what createLane answers", lane);
  }
  return {
    ttlMs: durationMs("cached: ttl", options.ttl),
    absentTtlMs: absentTtl === undefined ? undefined : durationMs("cached: absentTtl", absentTtl),
    version: wholeNumber("cached: version", version, [0, MAX_VERSION]),
    freshness: resolveFreshness("cached", options),
    outward: resolveOutward(options.outward),
    lane,
    keys: createKeyMemo(),
    landings: createLandingTurns(),
    maxBytes: wholeNumber("cached: maxBytes", maxBytes, [1, MOST_MAX_BYTES]),
    ...resolveAudience(options),
  };
}

/** A body is sent to many at once, so it must be the same for all of them. */
function resolvePush(push: unknown, identityFields: readonly string[]): boolean {
  if (typeof push !== "boolean") throw invalidOption("cached: push", "true or false", push);
  if (!push || identityFields.length === 0) return push;
  const expected = `false with vary: ${JSON.stringify(identityFields)}, because one body is sent to everybody who watches; leave push or the identity fields out`;
  throw invalidOption("cached: push", expected, push);
}

/**
 * Takes the options of a route as an application writes them: in full, or only how long a response is used, `"medium"` or `"5m"`.
 */
export function fullOptions<Request>(
  options: CachedOptions<Request> | (Duration & string),
): CachedOptions<Request> {
  return typeof options === "string" ? { ttl: options } : options;
}

type Audience = Pick<CachedRoute, "isPublic" | "push" | "identityFields" | "keyHeaders" | "varyHeaders">;

/** For whom one response is good. */
function resolveAudience<Request>(options: CachedOptions<Request>): Audience {
  const { vary = [], public: isPublic = false, push = false } = options;
  if (typeof isPublic !== "boolean") throw invalidOption("cached: public", "true or false", isPublic);
  if (!Array.isArray(vary)) throw invalidOption("cached: vary", "a list of strings", vary);
  const { identityFields, keyHeaders } = readVary(vary);
  if (isPublic && identityFields.length > 0) {
    const expected =
      'only "header:..." names, because public: true says that the response is the same for everybody';
    throw invalidOption("cached: vary", expected, identityFields);
  }
  const varyHeaders = isPublic ? keyHeaders : [...CREDENTIALS, ...keyHeaders];
  return { isPublic, push: resolvePush(push, identityFields), identityFields, keyHeaders, varyHeaders };
}

/**
 * Reads the option `tags`. The answer checks what a function gives each time it is asked.
 *
 * @throws LiveError `LIVE_INPUT_INVALID` for a tag that is no name, or too many of them
 */
export function resolveTags<Request>(tags: CachedOptions<Request>["tags"] = []): TagsOf<Request> {
  if (typeof tags !== "function") {
    checkTags(tags, MAX_ENTRY_TAGS);
    return () => tags;
  }
  return (request) => {
    const found = tags(request);
    checkTags(found, MAX_ENTRY_TAGS);
    return found;
  };
}

function readVary(vary: readonly unknown[]): Pick<CachedRoute, "identityFields" | "keyHeaders"> {
  const identityFields = new Set<string>();
  const keyHeaders = new Set<string>();
  for (const entry of vary) {
    if (typeof entry !== "string" || entry === "" || entry.includes("*")) {
      throw invalidOption(
        "cached: vary",
        'identity fields such as "role", or "header:accept-language"',
        entry,
      );
    }
    if (entry.startsWith(HEADER_PREFIX)) keyHeaders.add(readHeaderName(entry));
    else identityFields.add(entry);
  }
  return { identityFields: [...identityFields], keyHeaders: [...keyHeaders] };
}

function readHeaderName(entry: string): string {
  const name = entry.slice(HEADER_PREFIX.length).toLowerCase();
  if (CREDENTIALS.includes(name)) {
    throw invalidOption(
      "cached: vary",
      'the identity field that the credentials stand for, such as "userId"',
      entry,
    );
  }
  if (!HEADER_NAME.test(name))
    throw invalidOption("cached: vary", '"header:" and the name of a header', entry);
  return name;
}
