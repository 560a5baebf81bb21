import { invalidOption, refuseUnknown } from "../base/check.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import type { TakeOverOptions } from "../sessions/session-api.ts";
import { cookieName } from "./session-cookie.ts";
import type { SessionCookie } from "./session-cookie.ts";
import { readSecrets, refuseGuessable } from "./session-secrets.ts";

/** The data of a session, as the framework keeps it. */
export type SessionData = Readonly<Record<string, unknown>>;

/** Something of a session that was not saved, or was saved over what others had saved. */
export interface SessionConflict {
  readonly id: string;
  /**
   * `"ended"`: the session had ended, so nothing was saved. `"replaced"`: it has a new id since a moment ago, so nothing was saved.
   * `"changed"`: others had changed `fields` since the request read them; what then happened is up to `conflicts`.
   */
  readonly reason: "ended" | "replaced" | "changed";
  /** Properties that the request wanted to change. */
  readonly fields: readonly string[];
}

/** Options of `createSessionStore`. */
export interface SessionStoreOptions {
  /** A session ends after so long without use; sooner when its cookie does. Default one day. */
  readonly idle?: Duration;
  /** It ends so long after it was created, or its user signed in, however much it is used. Default seven days. */
  readonly absolute?: Duration;
  /** How much of the idle time may pass until a use is written, 0 to 0.9. Default 0.1; at 0 each request writes. */
  readonly touchBudget?: number;
  /**
   * Two requests at a time change the same property: `"overwrite"` (default) saves the later one, `"refuse"` fails its save with
   * `LIVE_SESSION_CONFLICT`. Properties that only one of them changes are always both saved.
   */
  readonly conflicts?: "overwrite" | "refuse";
  /** Told of each conflict, also of those that are overwritten. */
  readonly onConflict?: (conflict: SessionConflict) => void;
  /** Whose a session is, by its data. Default: its property `userId`, which `signIn` sets. */
  readonly userOf?: (data: SessionData) => string | undefined;
  /** Also answers sessions that connect-redis wrote, and takes them over when they are saved. Default `false`. */
  readonly connectRedis?: boolean | Pick<TakeOverOptions, "prefix">;
}

/** Options of `sessionSettings`. */
export interface SessionSettings extends SessionCookie, Pick<SessionStoreOptions, "idle" | "absolute"> {
  /** Whether proxies of yours stand before the server and say in `X-Forwarded-Proto` that they were asked over TLS. Default: as Express is set. */
  readonly proxy?: boolean;
  /** Further options of the store. */
  readonly store?: Omit<SessionStoreOptions, "idle" | "absolute">;
}

/** The options of a store with every default in place. */
export interface ResolvedStoreOptions {
  readonly idleMs: number;
  readonly absoluteMs: number;
  readonly touchBudget: number;
  readonly conflicts: "overwrite" | "refuse";
  readonly onConflict: ((conflict: SessionConflict) => void) | undefined;
  readonly userOf: (data: SessionData) => string | undefined;
  readonly takeOver: TakeOverOptions | undefined;
}

/** The settings that both frameworks share, checked. */
export interface ResolvedSettings {
  readonly name: string;
  readonly secrets: readonly string[];
  readonly plainHttp: boolean;
  readonly proxy: boolean | undefined;
  readonly absoluteMs: number;
  readonly store: SessionStoreOptions;
}

const STORE_KNOWN = ["touchBudget", "conflicts", "onConflict", "userOf", "connectRedis"];
const MAX_BUDGET = 0.9;

/**
 * Checks the options of a store and puts the defaults in.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function resolveStoreOptions(options: SessionStoreOptions): ResolvedStoreOptions {
  const what = "createSessionStore";
  refuseUnknown(what, options, ["idle", "absolute", ...STORE_KNOWN]);
  const { touchBudget = 0.1, conflicts = "overwrite", onConflict, userOf } = options;
  if (typeof touchBudget !== "number" || !(touchBudget >= 0 && touchBudget <= MAX_BUDGET)) {
    throw invalidOption(`${what}: touchBudget`, `a number from 0 to ${MAX_BUDGET}`, touchBudget);
  }
  if (conflicts !== "overwrite" && conflicts !== "refuse") {
    throw invalidOption(`${what}: conflicts`, '"overwrite" or "refuse"', conflicts);
  }
  for (const [name, value] of Object.entries({ onConflict, userOf })) {
    if (value !== undefined && typeof value !== "function") {
      throw invalidOption(`${what}: ${name}`, "a function", value);
    }
  }
  const asUser = (data: SessionData): string | undefined => userOf?.(data) ?? ownUser(data);
  return {
    idleMs: durationMs(`${what}: idle`, options.idle ?? "1d"),
    absoluteMs: durationMs(`${what}: absolute`, options.absolute ?? "7d"),
    ...{ touchBudget, conflicts, onConflict, userOf: asUser },
    takeOver: resolveTakeOver(options.connectRedis, asUser),
  };
}

/**
 * Checks the settings of the cookie. Secrets that anybody could guess, and doing without TLS, are refused in production, which is where
 * `NODE_ENV` says so.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function resolveSettings(settings: SessionSettings): ResolvedSettings {
  const what = "sessionSettings";
  refuseUnknown(what, settings, ["secret", "name", "plainHttp", "proxy", "idle", "absolute", "store"]);
  const { plainHttp = false, proxy, idle = "1d", absolute = "7d", store = {} } = settings;
  refuseUnknown(`${what}: store`, store, STORE_KNOWN);
  const name = cookieName(what, settings);
  const secrets = readSecrets(`${what}: secret`, settings.secret);
  if (process.env["NODE_ENV"] === "production") {
    refuseGuessable(`${what}: secret`, secrets);
    if (plainHttp)
      throw invalidOption(`${what}: plainHttp`, "false in production: serve over TLS", plainHttp);
  }
  if (proxy !== undefined && typeof proxy !== "boolean") {
    throw invalidOption(`${what}: proxy`, "true or false", proxy);
  }
  return {
    ...{ name, secrets, plainHttp, proxy },
    absoluteMs: durationMs(`${what}: absolute`, absolute),
    store: { ...store, idle, absolute },
  };
}

function resolveTakeOver(
  connectRedis: SessionStoreOptions["connectRedis"] = false,
  userOf: ResolvedStoreOptions["userOf"],
): TakeOverOptions | undefined {
  if (connectRedis === false) return undefined;
  if (connectRedis === true) return { userOf };
  refuseUnknown("createSessionStore: connectRedis", connectRedis, ["prefix"]);
  return { ...connectRedis, userOf };
}

function ownUser({ userId }: SessionData): string | undefined {
  if (typeof userId === "number") return String(userId);
  return typeof userId === "string" && userId !== "" ? userId : undefined;
}
