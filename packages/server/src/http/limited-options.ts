import { BlockList, isIP } from "node:net";
import { invalidOption, refuseUnknown, wholeNumber } from "../base/check.ts";
import { IPV6_NETWORK_BITS } from "../base/client-address.ts";
import type { TrustedProxies } from "../base/client-address.ts";
import { isLimit } from "../limits/define-limit.ts";
import type { Limit } from "../limits/define-limit.ts";

/** By whom requests are counted: the user (for nobody, the address), the address, the route, or what a function says of the request. */
export type LimitBy<Request> =
  "user" | "address" | "route" | ((request: Request) => string | undefined | Promise<string | undefined>);

/** One limit on requests. */
export interface LimitUse<Request> {
  readonly policy: Limit;
  /**
   * Default `"user"`. A list counts by all of it together, such as one address on one route. When a function answers `undefined`, this
   * limit does not concern the request.
   */
  readonly by?: LimitBy<Request> | readonly LimitBy<Request>[];
  /** What the request takes. Default 1. */
  readonly cost?: number | ((request: Request) => number);
  /** The subject is kept as a digest, capitals and spaces around it left aside: for names and addresses of people. Default `false`. */
  readonly hashed?: boolean;
}

/** Options of `limited`. */
export interface LimitedOptions<Request> {
  /** 1 to 10 limits. All must allow a request; one that is refused takes nothing from the others. */
  readonly limits: Limit | LimitUse<Request> | readonly (Limit | LimitUse<Request>)[];
  /** Which draft the headers `RateLimit` and `RateLimit-Policy` follow, or `false` for no such headers. Default `"draft-11"`. */
  readonly headers?: "draft-11" | false;
  /**
   * The proxies of yours before this server: how many stand in a row (0 to 10), or their addresses and networks, such as
   * `["10.0.0.0/8"]`. Default 0: `X-Forwarded-For` is not believed.
   */
  readonly trustProxy?: number | readonly string[];
  /** How many bits of an IPv6 address name one client: 32 to 64. Default 64. */
  readonly ipv6Bits?: number;
  /** Requests that are not limited. */
  readonly skip?: (request: Request) => boolean | Promise<boolean>;
  /** Which requests count: what others took is given back once they are answered. From status 400 on they have failed. Default `"all"`. */
  readonly count?: "all" | "failed" | "successful";
}

/** What `limited` takes: options, or only limits. */
export type LimitedInput<Request> = LimitedOptions<Request> | LimitedOptions<Request>["limits"];

/** One limit, with the defaults put in. */
export interface ResolvedUse<Request> {
  readonly policy: Limit;
  readonly by: readonly LimitBy<Request>[];
  readonly cost: (request: Request) => number;
  readonly hashed: boolean;
}

/** The options of one route, with the defaults put in. */
export interface LimitedRoute<Request> {
  readonly uses: readonly ResolvedUse<Request>[];
  readonly hasHeaders: boolean;
  readonly trusted: TrustedProxies;
  readonly ipv6Bits: number;
  readonly skip: ((request: Request) => boolean | Promise<boolean>) | undefined;
  readonly count: "all" | "failed" | "successful";
}

const KNOWN = ["limits", "headers", "trustProxy", "ipv6Bits", "skip", "count"];
const USE_KNOWN = ["policy", "by", "cost", "hashed"];
const MAX_USES = 10;
const MAX_PROXIES = 10;
const MAX_NETWORKS = 1_000;

/**
 * Checks what `limited` was given, and puts the defaults in.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the option, what was received and what was expected
 */
export function resolveLimited<Request>(input: LimitedInput<Request>): LimitedRoute<Request> {
  const options = (
    isLimit(input) ||
    Array.isArray(input) ||
    (typeof input === "object" && input !== null && "policy" in input)
      ? { limits: input }
      : input
  ) as LimitedOptions<Request>;
  refuseUnknown("limited", options, KNOWN);
  const { headers = "draft-11", trustProxy = 0, ipv6Bits = IPV6_NETWORK_BITS, skip, count = "all" } = options;
  if (headers !== "draft-11" && headers !== false) {
    throw invalidOption("limited: headers", '"draft-11" or false', headers);
  }
  if (skip !== undefined && typeof skip !== "function") {
    throw invalidOption("limited: skip", "a function", skip);
  }
  if (count !== "all" && count !== "failed" && count !== "successful") {
    throw invalidOption("limited: count", '"all", "failed" or "successful"', count);
  }
  const uses = [options.limits].flat() as (Limit | LimitUse<Request>)[];
  if (uses.length < 1 || uses.length > MAX_USES || uses[0] === undefined) {
    throw invalidOption("limited: limits", `1 to ${MAX_USES} limits`, options.limits && uses.length);
  }
  return {
    uses: uses.map((use) => resolveUse(isLimit(use) ? { policy: use } : use)),
    hasHeaders: headers !== false,
    trusted: readProxies(trustProxy),
    ipv6Bits: wholeNumber("limited: ipv6Bits", ipv6Bits, [32, 64]),
    skip,
    count,
  };
}

function resolveUse<Request>(use: LimitUse<Request>): ResolvedUse<Request> {
  refuseUnknown("limited: limits", use, USE_KNOWN);
  const { policy, by = "user", cost = 1, hashed = false } = use;
  if (!isLimit(policy)) throw invalidOption("limited: policy", "what defineLimit answers", policy);
  if (typeof hashed !== "boolean") throw invalidOption("limited: hashed", "true or false", hashed);
  const parts = [by].flat() as LimitBy<Request>[];
  const isKnown = (part: LimitBy<Request>): boolean =>
    typeof part === "function" || ["user", "address", "route"].includes(part);
  if (parts.length < 1 || parts.length > 4 || !parts.every(isKnown)) {
    throw invalidOption(
      "limited: by",
      '"user", "address", "route", a function, or a list of up to 4 of them',
      by,
    );
  }
  if (typeof cost !== "function") wholeNumber("limited: cost", cost, [1, policy.burst]);
  return { policy, by: parts, cost: typeof cost === "function" ? cost : () => cost, hashed };
}

/** A value that is no such list trusts nobody: it is refused when the application starts. */
function readProxies(trustProxy: unknown): TrustedProxies {
  if (typeof trustProxy === "number") return wholeNumber("limited: trustProxy", trustProxy, [0, MAX_PROXIES]);
  const expected =
    'the number of your proxies in a row, or a list of their networks such as ["10.0.0.0/8", "::1"]';
  if (!Array.isArray(trustProxy) || trustProxy.length < 1 || trustProxy.length > MAX_NETWORKS) {
    throw invalidOption("limited: trustProxy", expected, trustProxy);
  }
  const list = new BlockList();
  for (const entry of trustProxy as unknown[]) {
    if (typeof entry !== "string" || !addNetwork(list, entry)) {
      throw invalidOption("limited: trustProxy", expected, entry);
    }
  }
  return (address) => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function addNetwork(list: BlockList, entry: string): boolean {
  const [address = "", bits, more] = entry.split("/");
  const version = isIP(address);
  if (version === 0 || more !== undefined) return false;
  const family = version === 6 ? "ipv6" : "ipv4";
  const most = version === 6 ? 128 : 32;
  if (bits === undefined) list.addAddress(address, family);
  // A network of everybody would make every client a proxy of ours.
  else if (!/^\d{1,3}$/.test(bits) || Number(bits) < 1 || Number(bits) > most) return false;
  else list.addSubnet(address, Number(bits), family);
  return true;
}
