import { hkdfSync, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { IdentifyRequest, Identity } from "livecache";
import { createTokenReader } from "livecache/jwt";
import type { VerifiedToken } from "livecache/jwt";

export const TOKEN_COOKIE = "school_session";
export const RENEWAL_COOKIE = "school_renewal";

/** How long each kind of token is good for, in seconds. A page's is renewed, for as long as the sign-in lasts. */
export const LASTS_SECONDS = { page: 15 * 60, socket: 15 * 60, renewal: 7 * 86_400, api: 3_600 } as const;
export type TokenKind = keyof typeof LASTS_SECONDS;

/** One sign-in, whatever tokens rest on it: what is revoked when somebody signs out. */
export interface SignedIn extends Identity {
  readonly tokenId: string;
  /** When the last of its tokens runs out, in milliseconds since 1970. */
  readonly endsAt: number;
}

/** Writes and reads the application's tokens. */
export interface SchoolTokens {
  /** A new sign-in, from now on. */
  begin(userId: string, kind: "renewal" | "api"): SignedIn;
  /** One token of a sign-in. It never outlives it. */
  write(kind: TokenKind, who: SignedIn): Promise<string>;
  /**
   * Whose the token of a request or socket is; `undefined` for nobody, and for a page's cookie that has run out.
   *
   * Rejects with what the reader says of a bearer token that is not accepted.
   */
  read(request: IdentifyRequest): Promise<SignedIn | undefined>;
  /** The same for a token that was found elsewhere. */
  readOne(kind: TokenKind, token: string | undefined): Promise<SignedIn | undefined>;
}

/**
 * JSON Web Tokens, signed with a key drawn from the application's secret. All tokens of one sign-in have one id, so that revoking that id
 * refuses all of them.
 */
export function createTokens(secret: string): SchoolTokens {
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "school tokens", 32));
  const bearer = createTokenReader({ secret: key, audience: ["api", "socket"] });
  const reader = createTokenReader({ secret: key });

  async function readOne(kind: TokenKind, token: string | undefined): Promise<SignedIn | undefined> {
    const verified = token ? await reader.verify(token).catch(() => undefined) : undefined;
    return verified?.claims.aud === kind ? signedIn(verified) : undefined;
  }

  return {
    begin(userId, kind) {
      const issuedAt = Math.floor(Date.now() / 1_000) * 1_000;
      const endsAt = issuedAt + LASTS_SECONDS[kind] * 1_000;
      return { userId, tokenId: randomUUID(), issuedAt, expiresAt: endsAt, endsAt };
    },
    write(kind, { userId, tokenId, endsAt }) {
      const nowS = Math.floor(Date.now() / 1_000);
      return new SignJWT({ ends: endsAt })
        .setProtectedHeader({ alg: "HS256" })
        .setAudience(kind)
        .setJti(tokenId)
        .setSubject(userId)
        .setIssuedAt(nowS)
        .setExpirationTime(Math.min(nowS + LASTS_SECONDS[kind], endsAt / 1_000))
        .sign(key);
    },
    async read(request) {
      const verified = await bearer.read(request);
      if (!verified) return readOne("page", cookieOf(request.headers["cookie"], TOKEN_COOKIE));
      // A page keeps its socket's token where scripts can read it, so it opens nothing but sockets.
      const isMisplaced = verified.claims.aud === "socket" && request.auth === undefined;
      return isMisplaced ? undefined : signedIn(verified);
    },
    readOne,
  };
}

function signedIn({ claims, identity }: VerifiedToken): SignedIn {
  return { ...identity, endsAt: Number(claims["ends"]) };
}

/** The value of a cookie, by its name. */
export function cookieOf(header: unknown, name: string): string | undefined {
  if (typeof header !== "string") return undefined;
  const found = header.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
