import { hash } from "node:crypto";
import { jwtVerify } from "jose";
import type { JWTPayload, JWTVerifyGetKey } from "jose";
import { LRUCache } from "lru-cache";
import { isLiveError } from "@livecache/wire";
import type { LiveError } from "@livecache/wire";
import type { IdentifyRequest } from "../base/identity.ts";
import { bearerOf } from "./bearer.ts";
import { resolveReader } from "./reader-options.ts";
import type { ResolvedReader, TokenReaderOptions } from "./reader-options.ts";
import { refusalOf, refused } from "./refusals.ts";
import { identityOfClaims } from "./token-identity.ts";
import type { TokenIdentity } from "./token-identity.ts";

/** A token that was verified. */
export interface VerifiedToken {
  /** Everything that the token says. The issuer has signed it; it may be a minute old, or as old as the token. */
  readonly claims: Readonly<JWTPayload>;
  /** What an `Identity` needs: spread it into the answer of `identify`. */
  readonly identity: TokenIdentity;
}

/** Reads the tokens of requests and handshakes. */
export interface TokenReader {
  /**
   * Verifies the token that a request presents as `Authorization: Bearer`, or a socket as `auth.token`. Nobody presents one: `undefined`. A
   * token that was verified within the last minute is answered at once, without a promise.
   *
   * Rejects, or throws at once, with `LIVE_BEARER_REFUSED` for a token that is not accepted, `details.reason` says why; with
   * `LIVE_IDENTITY_EXPIRED` for one that was. Rejects with what `jose` says when a key set cannot be fetched: that is nobody's fault but the network's.
   * Whether it is revoked is not asked here: that is done with every identity that `identify` answers.
   */
  read(request: IdentifyRequest): VerifiedToken | undefined | Promise<VerifiedToken | undefined>;
  /** The same for a token that was found elsewhere, as in a refresh cookie. */
  verify(token: string): Promise<VerifiedToken>;
}

/** How long a token that was verified is not verified again, and how many are remembered, by their digests. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 10_000;

interface Remembered {
  readonly verified: VerifiedToken;
  readonly untilMs: number;
}

/**
 * Makes a reader of JSON Web Tokens, verified by `jose`. Refused are: any algorithm that is not in `algorithms`, `none`, a key of the other
 * kind, tokens without `exp`, without `sub`, secrets that are too short, tokens in addresses. A header's `jku`, `jwk`, `x5u` and `kid` fetch
 * nothing and open no file: keys are those of the options alone.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID`
 */
export function createTokenReader(options: TokenReaderOptions): TokenReader {
  const reader = resolveReader(options);
  const { clock, toleranceMs } = reader;
  const known = new LRUCache<string, Remembered>({ max: MAX_REMEMBERED });

  function recall(name: string): VerifiedToken | undefined {
    const found = known.get(name);
    if (!found) return undefined;
    const nowMs = clock.wall();
    const isFresh = nowMs < found.untilMs && found.untilMs <= nowMs + REMEMBERED_MS;
    const lasts = nowMs < found.verified.identity.expiresAt + toleranceMs;
    if (isFresh && lasts) return found.verified;
    known.delete(name);
    return undefined;
  }

  async function verify(token: string): Promise<VerifiedToken> {
    if (typeof token !== "string" || token === "") throw refused("malformed", "it is no text");
    const claims = await verifyByAny(reader, token);
    const verified = { claims, identity: identityOfClaims(claims, token) };
    known.set(hash("sha256", token, "base64url"), { verified, untilMs: clock.wall() + REMEMBERED_MS });
    return verified;
  }

  return {
    verify,
    read(request) {
      const token = bearerOf(request);
      if (token === undefined) return undefined;
      return recall(hash("sha256", token, "base64url")) ?? verify(token);
    },
  };
}

/** A signature of another key, or of another kind of key. */
const GO_ON: ReadonlySet<unknown> = new Set(["signature", "algorithm"]);

/** Tries the keys one after the other; what is refused for another reason than the key is refused at once. */
async function verifyByAny(reader: ResolvedReader, token: string): Promise<Readonly<JWTPayload>> {
  for (const [index, key] of reader.keys.entries()) {
    try {
      return await verifyBy(reader, key, token);
    } catch (error) {
      if (isLiveError(error)) throw error;
      const refusal = refusalOf(error) ?? ofWrongKey(key, error);
      if (!refusal) throw error;
      if (!GO_ON.has(refusal.details["reason"]) || index === reader.keys.length - 1) throw refusal;
    }
  }
  throw refused("key", "there is no key for it");
}

async function verifyBy(
  { algorithms, issuer, audience, toleranceMs, clock }: ResolvedReader,
  key: ResolvedReader["keys"][number],
  token: string,
): Promise<Readonly<JWTPayload>> {
  const { payload } = await jwtVerify(token, key as JWTVerifyGetKey, {
    algorithms,
    requiredClaims: ["exp", "sub"],
    clockTolerance: toleranceMs / 1_000,
    currentDate: new Date(clock.wall()),
    ...(issuer && { issuer }),
    ...(audience && { audience }),
  });
  return Object.freeze(payload);
}

/** `jose` says by a TypeError that a key is not of the algorithm's kind. Where the key is fetched, it may be the network's fault. */
function ofWrongKey(key: ResolvedReader["keys"][number], error: unknown): LiveError | undefined {
  return error instanceof TypeError && typeof key !== "function"
    ? refused("signature", "its algorithm is not that of a key known here")
    : undefined;
}
