import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import type { Duration } from "../base/duration.ts";
import { defineLimit } from "./define-limit.ts";
import type { Limit } from "./define-limit.ts";

/** How strict {@link signInLimits} and {@link resetLimits} are. */
export interface GuardOptions {
  /** First part of the names of both limits. Default `"sign-in"` and `"reset"`. */
  readonly name?: string;
  /** How often one address may try in a window. Default 30 for signing in, 10 for resets. */
  readonly perAddress?: number;
  /** How often one account may be tried in a window. Default 5 for signing in, 3 for resets. */
  readonly perAccount?: number;
  /** Default 15 minutes for signing in, an hour for resets. */
  readonly window?: Duration;
  /** How long whoever goes above is refused. Default: as long as the window. */
  readonly block?: Duration;
}

/** Limits for `limited`, by address and by account. */
export interface GuardLimits<Request> {
  readonly limits: readonly [
    { readonly policy: Limit; readonly by: "address" },
    {
      readonly policy: Limit;
      readonly by: (request: Request) => string | undefined;
      readonly hashed: true;
    },
  ];
  readonly count: "failed" | "all";
}

/** Says which account a request is about: what the form holds, known or not. */
type AccountOf<Request> = (request: Request) => string | undefined;

/**
 * Limits for signing in: of one address 30 failed attempts in 15 minutes, of one account 5, and then nothing for 15 minutes. An attempt that is
 * answered with a status below 400 does not count. Accounts are kept as digests. While the ground does not answer, each node lets its share
 * through, at least one attempt; `strict: true` in copies of the limits refuses all of them then.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function signInLimits<Request>(
  account: AccountOf<Request>,
  options: GuardOptions = {},
): GuardLimits<Request> {
  refuseUnknown("signInLimits", options, KNOWN);
  const usual = { name: "sign-in", perAddress: 30, perAccount: 5, window: "15m" } as const;
  return guard("signInLimits", account, { ...usual, ...options, count: "failed" });
}

/**
 * Limits for asking for a new password, and for using what was sent: of one address 10 in an hour, of one account 3, whatever the answer, and
 * then nothing for an hour. Accounts are kept as digests. While the ground does not answer, each node lets its share through, at least one
 * attempt.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function resetLimits<Request>(
  account: AccountOf<Request>,
  options: GuardOptions = {},
): GuardLimits<Request> {
  refuseUnknown("resetLimits", options, KNOWN);
  const usual = { name: "reset", perAddress: 10, perAccount: 3, window: "1h" } as const;
  return guard("resetLimits", account, { ...usual, ...options, count: "all" });
}

const KNOWN = ["name", "perAddress", "perAccount", "window", "block"];

function guard<Request>(
  what: string,
  account: AccountOf<Request>,
  options: Required<Omit<GuardOptions, "block">> &
    Pick<GuardOptions, "block"> & { readonly count: "failed" | "all" },
): GuardLimits<Request> {
  if (typeof account !== "function") {
    throw invalidOption(what, "a function that says which account a request is about", account);
  }
  const { name, perAddress, perAccount, window, block = window, count } = options;
  const define = (part: string, limit: number): Limit =>
    defineLimit({ name: `${name}.${part}`, limit, window, block });
  const address = define("address", wholeNumber(`${what}: perAddress`, perAddress, [1, 1_000_000]));
  const byAccount = define("account", wholeNumber(`${what}: perAccount`, perAccount, [1, 1_000_000]));
  return {
    limits: [
      { policy: address, by: "address" },
      { policy: byAccount, by: account, hashed: true },
    ],
    count,
  };
}
