import { createPublicKey } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { createLocalJWKSet, createRemoteJWKSet } from "jose";
import type { JSONWebKeySet, JWTVerifyGetKey } from "jose";
import { invalidOption, refuseUnknown } from "../base/check.ts";
import { systemClock } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { durationMs } from "../base/duration.ts";
import type { Duration } from "../base/duration.ts";

/** How tokens may be signed: by a shared secret, or by a private key whose public half is known here. Never "none". */
export type JwtAlgorithm = (typeof BY_SECRET)[number] | (typeof BY_KEY)[number];

/** Options of {@link createTokenReader}; exactly one of `secret`, `publicKey`, `jwks` and `jwksUrl`. */
export interface TokenReaderOptions {
  /** The shared secret: as many bytes as the digest has, 32 for HS256. A list rotates: the issuer signs with one, all are accepted. */
  readonly secret?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** The issuer's public key: PEM, JWK, or a `KeyObject` of Node. A list rotates. */
  readonly publicKey?: PublicKey | readonly PublicKey[];
  /** The issuer's public keys as a JSON Web Key Set; tokens say by `kid` which they are signed with. */
  readonly jwks?: JSONWebKeySet;
  /** Where that set is. `https:`, or this machine. Fetched when it is first needed, at most every 30 s for keys not known, and every 10 min. */
  readonly jwksUrl?: string | URL;
  /** The algorithms that are accepted. With `secret` HS256 by default; otherwise to be given, because the issuer decides on it. */
  readonly algorithms?: readonly JwtAlgorithm[];
  /** `iss` that is accepted; all when it is absent. */
  readonly issuer?: string | readonly string[];
  /** `aud`, one of which the token must name; all when it is absent. Give it when one issuer serves several applications. */
  readonly audience?: string | readonly string[];
  /** How far the issuer's clock may differ: for `exp` and `nbf`. Default none, at most 5 minutes. */
  readonly clockTolerance?: Duration;
  /** The only time this reader knows; for tests. Default: the machine's. */
  readonly clock?: Clock;
}

type PublicKey = string | JsonWebKey | KeyObject;

/** What verifies a token: a key, or what finds the key that its header names. */
type VerifyKey = Uint8Array | KeyObject | JWTVerifyGetKey;

/** The options, checked. */
export interface ResolvedReader {
  /** Tried one after the other. */
  readonly keys: readonly VerifyKey[];
  readonly algorithms: JwtAlgorithm[];
  readonly issuer: string[] | undefined;
  readonly audience: string[] | undefined;
  readonly toleranceMs: number;
  readonly clock: Clock;
}

const BY_SECRET = ["HS256", "HS384", "HS512"] as const;
const BY_KEY = [
  ...(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const),
  ...(["ES256", "ES384", "ES512", "EdDSA", "Ed25519"] as const),
] as const;

const KNOWN = [
  ...[
    "secret",
    "publicKey",
    "jwks",
    "jwksUrl",
    "algorithms",
    "issuer",
    "audience",
    "clockTolerance",
    "clock",
  ],
];
const KEY_OPTIONS = ["secret", "publicKey", "jwks", "jwksUrl"] as const;

const MAX_TOLERANCE_MS = 300_000;
const MAX_KEYS = 10;
const LEAST_RSA_BITS = 2_048;

/**
 * Checks the options.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` naming the option and what was expected; never with a key or a secret in it
 */
export function resolveReader(options: TokenReaderOptions): ResolvedReader {
  refuseUnknown("createTokenReader", options, KNOWN);
  const given = KEY_OPTIONS.filter((name) => options[name] !== undefined);
  if (given.length !== 1) {
    throw invalidOption(
      "createTokenReader",
      `exactly one of ${KEY_OPTIONS.join(", ")}`,
      given.length === 0 ? "none" : given.join(", "),
    );
  }
  const algorithms = resolveAlgorithms(options);
  const toleranceMs =
    options.clockTolerance === undefined
      ? 0
      : durationMs("createTokenReader: clockTolerance", options.clockTolerance);
  if (toleranceMs > MAX_TOLERANCE_MS) {
    throw invalidOption("createTokenReader: clockTolerance", "at most 5 minutes", options.clockTolerance);
  }
  return {
    keys: resolveKeys(options, algorithms),
    algorithms,
    issuer: resolveNames("issuer", options.issuer),
    audience: resolveNames("audience", options.audience),
    toleranceMs,
    clock: options.clock ?? systemClock,
  };
}

/** A key of one kind is never used for an algorithm of the other: that is how a public key becomes a secret that everybody knows. */
function resolveAlgorithms({ secret, algorithms }: TokenReaderOptions): JwtAlgorithm[] {
  const name = "createTokenReader: algorithms";
  const possible: readonly string[] = secret === undefined ? BY_KEY : BY_SECRET;
  const found: unknown = algorithms ?? (secret === undefined ? undefined : ["HS256"]);
  const isFine =
    Array.isArray(found) &&
    found.length > 0 &&
    found.every((one: unknown) => possible.includes(one as string));
  if (!isFine) throw invalidOption(name, `a list of ${possible.join(", ")}`, found);
  return found as JwtAlgorithm[];
}

function resolveKeys(options: TokenReaderOptions, algorithms: readonly string[]): readonly VerifyKey[] {
  if (options.secret !== undefined)
    return listOf("secret", options.secret).map((one) => secretKey(one, algorithms));
  if (options.publicKey !== undefined) return listOf("publicKey", options.publicKey).map(publicKey);
  return [options.jwks === undefined ? remoteKeys(options.jwksUrl!) : localKeys(options.jwks)];
}

function listOf<One>(name: string, value: One | readonly One[]): readonly One[] {
  const list = (Array.isArray(value) ? value : [value]) as readonly One[];
  if (list.length === 0 || list.length > MAX_KEYS) {
    throw invalidOption(`createTokenReader: ${name}`, `1 to ${MAX_KEYS} of them`, list.length);
  }
  return list;
}

/** RFC 7518: a key as long as the digest, or longer. A shorter one is found by trying. */
function secretKey(secret: unknown, algorithms: readonly string[]): Uint8Array {
  const bytes = typeof secret === "string" ? Buffer.from(secret) : secret;
  const least = Math.max(...algorithms.map((algorithm) => Number(algorithm.slice(2)) / 8));
  const name = "createTokenReader: secret";
  if (!(bytes instanceof Uint8Array)) throw invalidOption(name, "a text or bytes", typeof secret);
  if (bytes.length < least) {
    throw invalidOption(
      name,
      `at least ${least} bytes for ${algorithms.join(", ")}`,
      `${bytes.length} bytes`,
    );
  }
  if (new Set(bytes).size < 8) {
    throw invalidOption(name, "random bytes", "a secret of less than 8 different bytes");
  }
  return bytes;
}

function publicKey(given: unknown): KeyObject {
  const key = readPublicKey(given);
  const bits = key?.asymmetricKeyDetails?.modulusLength;
  if (!key || (bits !== undefined && bits < LEAST_RSA_BITS)) {
    const received = key ? `an RSA key of ${bits} bits` : "something else";
    throw invalidOption(
      "createTokenReader: publicKey",
      `a public key as PEM ("-----BEGIN PUBLIC KEY-----"), JWK or KeyObject, of at least ${LEAST_RSA_BITS} bits if it is RSA`,
      received,
    );
  }
  return key;
}

/** Not from a private key, which has no business here. */
function readPublicKey(given: unknown): KeyObject | undefined {
  try {
    if (typeof given === "string") {
      return /PRIVATE KEY/.test(given) ? undefined : createPublicKey(given);
    }
    if (isKeyObject(given)) return given.type === "public" ? given : undefined;
    const jwk = given as JsonWebKey;
    return jwk.d === undefined ? createPublicKey({ key: jwk, format: "jwk" }) : undefined;
  } catch {
    return undefined;
  }
}

function isKeyObject(given: unknown): given is KeyObject {
  return typeof given === "object" && given !== null && "asymmetricKeyType" in given && "type" in given;
}

function localKeys(jwks: JSONWebKeySet): JWTVerifyGetKey {
  const expected = "a JSON Web Key Set of public keys: { keys: [...] }";
  const isFine =
    Array.isArray(jwks?.keys) &&
    jwks.keys.length > 0 &&
    jwks.keys.every((key) => key !== null && typeof key === "object" && key.kty !== "oct" && !("d" in key));
  if (!isFine) throw invalidOption("createTokenReader: jwks", expected, "something else");
  return createLocalJWKSet(jwks);
}

function remoteKeys(given: string | URL): JWTVerifyGetKey {
  const url = URL.canParse(String(given)) ? new URL(String(given)) : undefined;
  const isOwn = url?.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (!url || (url.protocol !== "https:" && !isOwn) || url.username !== "" || url.password !== "") {
    throw invalidOption(
      "createTokenReader: jwksUrl",
      "an https: address without credentials",
      url ? `${url.protocol}//${url.hostname}` : "no address",
    );
  }
  return createRemoteJWKSet(url, { timeoutDuration: 3_000 });
}

function resolveNames(name: string, value: string | readonly string[] | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  const list = (Array.isArray(value) ? value : [value]) as readonly unknown[];
  if (list.length === 0 || list.some((one) => typeof one !== "string" || one === "")) {
    throw invalidOption(`createTokenReader: ${name}`, "a text, or a list of texts", value);
  }
  return [...list] as string[];
}
