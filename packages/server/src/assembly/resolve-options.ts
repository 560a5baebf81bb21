import type { ChannelPattern, Contract, ParsedParams } from "@livecache/wire";
import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import { systemClock } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import { randomWord } from "../base/ids.ts";
import type { Identity, IdentifyRequest } from "../base/identity.ts";
import { warnTo } from "../base/logger.ts";
import type { Logger, Warn } from "../base/logger.ts";
import type { Ground } from "../ports/ground.ts";
import type { Sessions } from "../sessions/session-api.ts";
import type { Tokens } from "../tokens/token-api.ts";

/** Parts of the instance whose `identify` is asked: it may read them without a declaration that goes in circles. */
export interface Known {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
}

/** Says who a request or a socket is; nobody is `undefined` or `null`. Whoever it names by a revoked token is nobody all the same. */
export type Identify<I extends Identity> = (
  request: IdentifyRequest,
  known: Known,
) => I | null | undefined | Promise<I | null | undefined>;

/** For each channel of the contract: who may join it. */
export type Authorize<C extends Contract, I extends Identity> = {
  readonly [P in ChannelPattern<C>]: (
    identity: I | undefined,
    params: ParsedParams<P>,
  ) => boolean | Promise<boolean>;
};

/** This node's own memory. */
export interface NearOptions {
  /** Most bytes. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Oldest an entry gets before the ground judges it again. Default 60 s. */
  readonly maxAge?: Duration;
}

/** Options of `createLive`. */
export interface LiveOptions<C extends Contract, I extends Identity> {
  /** Where shared state lives: `await openRedis(url)`, or nothing for memory. Livecache closes it. */
  readonly ground?: Ground | undefined;
  /** Keeps applications, or tenants, on one ground apart. Default `"main"`. */
  readonly realm?: string;
  /** The channels that clients may join. */
  readonly contract?: C;
  readonly identify?: Identify<I>;
  /** Required for every channel of the contract: who may join. */
  readonly authorize?: Authorize<C, I>;
  /**
   * Signs live-query tokens: at least 32 characters, the same on every node. A list rotates: the first signs, all verify.
   * Default: random, which is right for a single process only.
   */
  readonly secret?: string | readonly string[];
  readonly near?: NearOptions;
  /** Where warnings go: see {@link Logger}. Secrets are taken out of them. Default `console`. */
  readonly logger?: Logger;
  /** The only time this instance knows; for simulations. Default: the machine's. */
  readonly clock?: Clock;
}

/** The options with every default in place. */
export interface ResolvedOptions {
  readonly ground: Ground | undefined;
  readonly realm: string;
  readonly contract: Contract;
  readonly identify: Identify<Identity>;
  readonly authorize: Readonly<
    Record<string, (identity: never, params: never) => boolean | Promise<boolean>>
  >;
  readonly secrets: readonly string[];
  /** Whether the secrets were given, and not made up by this process. */
  readonly hasOwnSecret: boolean;
  readonly hasIdentify: boolean;
  readonly nearMaxBytes: number;
  readonly nearMaxAgeMs: number;
  readonly warn: Warn;
  readonly clock: Clock;
}

const KNOWN = ["ground", "realm", "contract", "identify", "authorize", "secret", "near", "logger", "clock"];
const SHORTEST_SECRET = 32;

/**
 * Checks the options and puts the defaults in.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the option, what was received and what was expected
 */
export function resolveOptions<C extends Contract, I extends Identity>(
  options: LiveOptions<C, I>,
): ResolvedOptions {
  refuseUnknown("createLive", options, KNOWN);
  const { near = {}, logger = console, contract = { channels: {} } } = options;
  refuseUnknown("createLive: near", near, ["maxBytes", "maxAge"]);
  checkGround(options.ground);
  const identify = options.identify ?? (() => undefined);
  if (typeof identify !== "function") throw invalidOption("createLive: identify", "a function", identify);
  if (typeof (logger as Partial<Logger> | null)?.warn !== "function") {
    throw invalidOption(
      "createLive: logger",
      "a logger with a method `warn`, such as console or pino",
      logger,
    );
  }
  const warn = warnTo(logger, secretsIn(options.secret));
  return {
    ground: options.ground,
    realm: options.realm ?? "main",
    contract,
    identify: identify as Identify<Identity>,
    authorize: resolveAuthorize(contract, options.authorize),
    secrets: resolveSecrets(options.secret, options.ground, warn),
    hasOwnSecret: options.secret !== undefined,
    hasIdentify: options.identify !== undefined,
    nearMaxBytes: wholeNumber("createLive: near.maxBytes", near.maxBytes ?? 64 * 1024 * 1024, [
      1_024,
      2 ** 40,
    ]),
    nearMaxAgeMs: durationMs("createLive: near.maxAge", near.maxAge ?? "60s"),
    warn,
    clock: options.clock ?? systemClock,
  };
}

/** What must never stand in a log. What is no proper secret is refused later. */
function secretsIn(secret: unknown): readonly string[] {
  const given: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  return given.filter((one): one is string => typeof one === "string" && one.length >= SHORTEST_SECRET);
}

function checkGround(ground: unknown): void {
  if (ground === undefined) return;
  if (typeof (ground as Partial<Ground> | null)?.realm !== "function") {
    const hint = ground instanceof Promise ? "a promise; write `await openRedis(...)`" : ground;
    throw invalidOption("createLive: ground", "an open ground such as await openRedis(url)", hint);
  }
}

function resolveAuthorize(contract: Contract, authorize: unknown): ResolvedOptions["authorize"] {
  const rules = (authorize ?? {}) as ResolvedOptions["authorize"];
  refuseUnknown("createLive: authorize", rules, Object.keys(contract.channels));
  for (const pattern of Object.keys(contract.channels)) {
    if (typeof rules[pattern] !== "function") {
      const expected = `a function for channel "${pattern}", because nobody may join without a rule`;
      throw invalidOption("createLive: authorize", expected, rules[pattern]);
    }
  }
  return rules;
}

function resolveSecrets(
  secret: string | readonly string[] | undefined,
  ground: Ground | undefined,
  warn: ResolvedOptions["warn"],
): readonly string[] {
  if (secret === undefined) {
    if (ground) {
      warn(
        "no secret was given, so live queries do not survive a restart or another node. Set `secret` on every node",
      );
    }
    return [randomWord(SHORTEST_SECRET)];
  }
  const secrets = typeof secret === "string" ? [secret] : secret;
  for (const one of Array.isArray(secrets) && secrets.length > 0 ? secrets : [undefined]) {
    if (typeof one !== "string" || one.length < SHORTEST_SECRET) {
      const received = typeof one === "string" ? `${one.length} characters` : typeof one;
      throw invalidOption("createLive: secret", `at least ${SHORTEST_SECRET} characters`, received);
    }
  }
  return secrets;
}
