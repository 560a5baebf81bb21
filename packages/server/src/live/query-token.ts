import { createHmac, timingSafeEqual } from "node:crypto";
import { LiveError, formatPosition, parsePosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { identityDigest } from "../base/identity.ts";
import type { Identity } from "../base/identity.ts";

/** Longest token that is minted, in characters: it travels in a response header. */
export const MAX_TOKEN_LENGTH = 6_000;

/** What a live-query token says: this response was made from these things, as of this position, for whom. */
export interface QueryClaim {
  readonly key: string;
  /** Declared tags; the key and its subtrees are implied. */
  readonly tags: readonly string[];
  /** The stamp of the response: the position at which its load began. */
  readonly position: Position;
  /** Identity fields that the response varied by, and their digest. */
  readonly vary: readonly string[];
  readonly digest: string;
  /** Whether what the response becomes is sent to those who watch it. */
  readonly push: boolean;
}

/** Mints and verifies live-query tokens. */
export interface QueryTokens {
  /** Signs a claim. `undefined` when the token would be longer than {@link MAX_TOKEN_LENGTH}: the response is then not watchable. */
  mint(claim: QueryClaim): string | undefined;
  /**
   * Reads a token back for whoever presents it.
   *
   * @throws LiveError `LIVE_TOKEN_INVALID` when it was not signed with one of the secrets, or is not this identity's
   */
  verify(token: unknown, identity: Identity | undefined): QueryClaim;
}

/**
 * Makes the mint. The first secret signs; all of them verify, so that secrets can be rotated. A token has no expiry of its
 * own: it grants no data, only the notice that a response its holder has already read is out of date, and its holder must
 * still have the identity it was made for.
 */
export function createQueryTokens(secrets: readonly string[]): QueryTokens {
  const sign = (secret: string, body: string): Buffer =>
    createHmac("sha256", secret).update("livecache.query.1.").update(body).digest();
  return {
    mint({ key, tags, position, vary, digest, push }) {
      const claim: unknown[] = [key, tags, formatPosition(position), vary, digest];
      if (push) claim.push(1);
      const body = Buffer.from(JSON.stringify(claim)).toString("base64url");
      const token = `${body}.${sign(secrets[0]!, body).toString("base64url")}`;
      return token.length <= MAX_TOKEN_LENGTH ? token : undefined;
    },
    verify(token, identity) {
      if (typeof token !== "string" || token.length > MAX_TOKEN_LENGTH)
        throw invalid("it is no token of ours");
      const [body = "", signature = "", ...rest] = token.split(".");
      const given = Buffer.from(signature, "base64url");
      const genuine = secrets.some((secret) => {
        const wanted = sign(secret, body);
        return wanted.length === given.length && timingSafeEqual(wanted, given);
      });
      if (rest.length > 0 || !genuine) throw invalid("it was not signed with a current secret");
      const claim = readClaim(body);
      if (!isFor(claim, identity)) throw invalid("it belongs to another identity");
      return claim;
    },
  };
}

/** Only called on a body whose signature is ours, so its shape is what `mint` wrote. */
function readClaim(body: string): QueryClaim {
  const [key, tags, place, vary, digest, push] = JSON.parse(Buffer.from(body, "base64url").toString()) as [
    string,
    string[],
    string,
    string[],
    string,
    1 | undefined,
  ];
  const position = parsePosition(place);
  if (!position) throw invalid("it is no token of ours");
  return { key, tags, position, vary, digest, push: push === 1 };
}

/** Whether a response that varied so may be known to this identity. */
export function isFor(
  { vary, digest }: Pick<QueryClaim, "vary" | "digest">,
  identity: Identity | undefined,
): boolean {
  // An identity that lacks a field of the claim is another kind of identity, and `identityDigest` would throw.
  if (identity && !vary.every((field) => Object.hasOwn(identity, field))) return false;
  return identityDigest(identity, vary) === digest;
}

function invalid(why: string): LiveError {
  return new LiveError(
    "LIVE_TOKEN_INVALID",
    `Live-query token refused: ${why}. Refetch the response to get a new one.`,
  );
}
