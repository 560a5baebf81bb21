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

const DIGEST = /^[\w-]{22}$/;

/** Reads what {@link formatDigest} writes; `undefined` for anything else. */
export function parseDigest(text: string): TokenDigest | undefined {
  if (!DIGEST.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64url");
  return {
    a: bytes.readUInt32BE(0),
    b: bytes.readUInt32BE(4),
    c: bytes.readUInt32BE(8),
    d: bytes.readUInt32BE(12),
  };
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
