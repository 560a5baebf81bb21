/**
 * How a set of revocations is divided into parts that can be read, and compared, one at a time. Every ground and every node divides it
 * alike: tokens by the first 8 bits of their digest, users by the first 4.
 */
export const TOKEN_SHARDS = 256;
export const USER_SHARDS = 16;
export const ALL_SHARDS = TOKEN_SHARDS + USER_SHARDS;

/** How long a token is kept after it has expired: clocks differ, and verifiers are lenient for up to a minute. */
export const EXPIRY_MARGIN_MS = 120_000;

/** How long the word on a user's earlier tokens is kept: no token that lives longer is covered by it. Browsers keep cookies no longer. */
export const USER_KEPT_MS = 400 * 86_400_000;

/** When what is revoked need not be known any more. */
export function goneAtMs(kind: "token" | "user", atMs: number): number {
  return atMs + (kind === "token" ? EXPIRY_MARGIN_MS : USER_KEPT_MS);
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Uint8Array(128);
const CODES = new Uint8Array(64);
for (let value = 0; value < LETTERS.length; value++) {
  CODES[value] = LETTERS.charCodeAt(value);
  VALUES[LETTERS.charCodeAt(value)] = value;
}

/** The part that a digest belongs to, by its name. */
export function shardOf(kind: "token" | "user", name: string): number {
  const first = (VALUES[name.charCodeAt(0)]! << 2) | (VALUES[name.charCodeAt(1)]! >> 4);
  return kind === "token" ? first : TOKEN_SHARDS + (first >> 4);
}

/** Not a divisor of anything, and small enough that the sum of 65,536 terms is exact. */
const MODULUS = 65_521;

/**
 * What one member adds to the sum of its part. Two parts with as many members and one sum are as good as equal: what tells them apart
 * otherwise is lost data, and not an adversary. The scripts work out the same from the name: its third to fifth characters.
 */
export function termOf(name: string, atMs: number): number {
  const [x, y, z] = [name.charCodeAt(2), name.charCodeAt(3), name.charCodeAt(4)];
  return (x * 16_384 + y * 128 + z) * ((atMs % MODULUS) + 1);
}

/** The same from the first word of the digest. */
export function termOfWord(word: number, atMs: number): number {
  const [x, y, z] = [CODES[(word >>> 14) & 63]!, CODES[(word >>> 8) & 63]!, CODES[(word >>> 2) & 63]!];
  return (x * 16_384 + y * 128 + z) * ((atMs % MODULUS) + 1);
}

/** Of several that speak of one name, the latest. */
export function latestOf<R extends { readonly kind: string; readonly id: string; readonly atMs: number }>(
  revoked: readonly R[],
): R[] {
  const latest = new Map<string, R>();
  for (const one of revoked) {
    const known = latest.get(one.kind + one.id);
    if (!known || known.atMs < one.atMs) latest.set(one.kind + one.id, one);
  }
  return [...latest.values()];
}
