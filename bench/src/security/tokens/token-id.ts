import type { Buffer as Bytes } from "node:buffer";

const HEX = Buffer.from("0123456789abcdef", "latin1");
/** Where a UUID has its hyphens. */
const HYPHENS = [8, 13, 18, 23] as const;
const text: Bytes = Buffer.alloc(36, "-");

/** Spreads a number over 32 bits; different numbers give different results. */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * The `jti` of a token: a UUID that is the same in every process and another for every number below 2^32. Each call makes a string of its
 * own, as a request does: nothing has been computed of it before.
 */
export function tokenIdOf(index: number): string {
  let at = 0;
  for (let word = 0; word < 4; word++) {
    let bits = mixed((index + Math.imul(word, 0x9e3779b1)) >>> 0);
    for (let digit = 0; digit < 8; digit++) {
      if (HYPHENS.includes(at as 8)) at++;
      text[at++] = HEX[bits & 15]!;
      bits >>>= 4;
    }
  }
  return text.toString("latin1");
}

/** A whole token of 300 characters, with that `jti` in the middle. */
export function tokenOf(index: number): string {
  return `eyJhbGciOiJFUzI1NiJ9.${"eyJzdWIiOiJ1c2VyIn".repeat(8)}${tokenIdOf(index)}`.padEnd(300, "x");
}

/** Who a token belongs to; 1,000 tokens a user. */
export function ownerOf(index: number): string {
  return `user-${Math.floor(index / 1_000)}`;
}
