import { hash } from "node:crypto";

/** 128 bits, as four words of 32. */
export interface TokenDigest {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/**
 * What a token, or a user, is known by in a set of revocations: the first 128 bits of its SHA-256. Names are not kept, and no two names with
 * one digest are known or can be found: it would take about 2^64 tries.
 */
export function digestOf(name: string): TokenDigest {
  // The quickest form that Node has: a text with one character for each byte.
  const bytes = hash("sha256", name, "latin1" as "binary");
  return { a: wordAt(bytes, 0), b: wordAt(bytes, 4), c: wordAt(bytes, 8), d: wordAt(bytes, 12) };
}

function wordAt(bytes: string, at: number): number {
  const high = (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1);
  const low = (bytes.charCodeAt(at + 2) << 8) | bytes.charCodeAt(at + 3);
  return ((high << 16) | low) >>> 0;
}

/** The digest in base64url: 22 characters. */
export function formatDigest({ a, b, c, d }: TokenDigest): string {
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUInt32BE(a, 0);
  bytes.writeUInt32BE(b, 4);
  bytes.writeUInt32BE(c, 8);
  bytes.writeUInt32BE(d, 12);
  return bytes.toString("base64url");
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const DIGEST_CHARACTERS = 22;

/** What a letter stands for; -1 for what is none. */
const VALUES = new Int8Array(256).fill(-1);
for (let value = 0; value < LETTERS.length; value++) VALUES[LETTERS.charCodeAt(value)] = value;

/** Reads what {@link formatDigest} writes; `undefined` for anything else. Nodes read a million of them when they start. */
export function parseDigest(text: string): TokenDigest | undefined {
  if (text.length !== DIGEST_CHARACTERS) return undefined;
  const words: [number, number, number, number] = [0, 0, 0, 0];
  let bits = 0;
  for (let place = 0; place < DIGEST_CHARACTERS; place++) {
    const value = VALUES[text.charCodeAt(place)] ?? -1;
    if (value < 0) return undefined;
    const [word, at] = [bits >> 5, bits & 31];
    // The last letter carries two bits, and one in five is shared by two words.
    words[word as 0] |= at <= 26 ? value << (26 - at) : value >> (at - 26);
    if (at > 26 && word < 3) words[(word + 1) as 0] |= value << (58 - at);
    bits += 6;
  }
  const [a, b, c, d] = words;
  return { a: a >>> 0, b: b >>> 0, c: c >>> 0, d: d >>> 0 };
}

/** What a token is called in the ground. */
export function tokenName(token: string): string {
  return formatDigest(digestOf(token));
}

/** What a user is called in the ground. */
export function userName(userId: string): string {
  return formatDigest(digestOf(`user:${userId}`));
}

/** What stands for all users. No user is called so. */
export const EVERYBODY = formatDigest(digestOf("everybody"));
