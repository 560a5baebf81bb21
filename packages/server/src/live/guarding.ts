import { LiveError } from "@livecache/wire";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";
import type { Identity } from "../base/identity.ts";

/** Whom a guard lets in. Nobody is never let in. */
export interface GuardOptions<I extends Identity = Identity> {
  /** Who has one of these: in the identity's list `roles`, or as its `role`. Default: everybody who is somebody. */
  readonly roles?: readonly string[];
  /** Whom this answers `true` for, besides. */
  readonly allow?: (identity: I) => boolean | Promise<boolean>;
  /** Whether it is shut while this node has not heard of revocations for longer than `maxStale`. Default `false`. */
  readonly sensitive?: boolean;
  /** Only with `sensitive`. Default 30 s. */
  readonly maxStale?: Duration;
}

/** What is wrong with an identity; `undefined`: it is let in. Throws, or rejects, what `allow` does. */
export type JudgeIdentity = (
  identity: Identity | undefined,
) => LiveError | undefined | Promise<LiveError | undefined>;

const DEFAULT_MAX_STALE = "30s";

/**
 * Makes a judge of identities. Whether a token is revoked is no question of his: that was asked when the identity was found.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function judgeIdentities(
  name: string,
  options: GuardOptions<never>,
  revocations: { status(): { readonly freshMs: number } },
): JudgeIdentity {
  refuseUnknown(name, options, ["roles", "allow", "sensitive", "maxStale"]);
  const { allow, sensitive = false, maxStale } = options;
  const roles = readRoles(name, options.roles);
  if (allow !== undefined && typeof allow !== "function") {
    throw invalidOption(`${name}: allow`, "a function", allow);
  }
  if (typeof sensitive !== "boolean") throw invalidOption(`${name}: sensitive`, "true or false", sensitive);
  if (maxStale !== undefined && !sensitive) {
    throw invalidOption(`${name}: maxStale`, "sensitive: true beside it", maxStale);
  }
  const maxStaleMs = durationMs(`${name}: maxStale`, maxStale ?? DEFAULT_MAX_STALE);
  return (identity) => {
    if (identity === undefined) return nobody();
    if (sensitive && !(revocations.status().freshMs <= maxStaleMs)) return stale();
    if (roles !== undefined && !hasOneOf(identity, roles)) return refused();
    if (allow === undefined) return undefined;
    const isAllowed = allow(identity as never);
    // Whatever is not plainly true lets nobody in.
    if (typeof isAllowed === "boolean") return isAllowed ? undefined : refused();
    return Promise.resolve(isAllowed).then((is) => (is === true ? undefined : refused()));
  };
}

function readRoles(name: string, roles: unknown): ReadonlySet<unknown> | undefined {
  if (roles === undefined) return undefined;
  const isFine =
    Array.isArray(roles) &&
    roles.length > 0 &&
    roles.every((role) => typeof role === "string" && role !== "");
  if (!isFine) throw invalidOption(`${name}: roles`, "a list of one or more roles", roles);
  return new Set(roles);
}

function hasOneOf(identity: Identity, wanted: ReadonlySet<unknown>): boolean {
  const { roles, role } = identity as { readonly roles?: unknown; readonly role?: unknown };
  return wanted.has(role) || (Array.isArray(roles) && roles.some((one) => wanted.has(one)));
}

function nobody(): LiveError {
  return new LiveError("LIVE_IDENTITY_REQUIRED", "Sign in first.");
}

function refused(): LiveError {
  return new LiveError("LIVE_ACCESS_REFUSED", "You may not do that.");
}

function stale(): LiveError {
  return new LiveError(
    "LIVE_REVOCATION_STALE",
    "This server cannot tell just now whether you are still signed in. Try again later.",
  );
}
