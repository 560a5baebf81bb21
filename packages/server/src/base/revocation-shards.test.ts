import { expect, test } from "vitest";
import { ALL_SHARDS, TOKEN_SHARDS, latestOf, shardOf, termOf, termOfWord } from "./revocation-shards.ts";
import { digestOf, tokenName } from "./token-digest.ts";

const NAMES = Array.from({ length: 2_000 }, (_, index) => `token ${index}`);

test("a token's part is the first byte of its digest, a user's the first half of it", () => {
  for (const name of NAMES) {
    const first = digestOf(name).a >>> 24;
    expect(shardOf("token", tokenName(name))).toBe(first);
    expect(shardOf("user", tokenName(name))).toBe(TOKEN_SHARDS + (first >> 4));
  }
  expect(new Set(NAMES.map((name) => shardOf("token", tokenName(name)))).size).toBe(TOKEN_SHARDS);
  expect(new Set(NAMES.map((name) => shardOf("user", tokenName(name)))).size).toBe(ALL_SHARDS - TOKEN_SHARDS);
});

test("a term is the same from the name and from the digest's first word, and differs with the time", () => {
  for (const [index, name] of NAMES.entries()) {
    const atMs = 1_795_000_000_000 + index * 1_000;
    expect(termOfWord(digestOf(name).a, atMs)).toBe(termOf(tokenName(name), atMs));
    expect(termOf(tokenName(name), atMs + 1_000)).not.toBe(termOf(tokenName(name), atMs));
  }
});

test("a sum of 65,536 of the largest terms is exact", () => {
  expect(termOf("zzzzz", 65_520) * 65_536).toBeLessThan(Number.MAX_SAFE_INTEGER);
});

test("of several with one name and kind the latest is left", () => {
  const [a, b] = [tokenName("a"), tokenName("b")];
  const list = [
    { kind: "token", id: a, atMs: 1 },
    { kind: "token", id: a, atMs: 3 },
    { kind: "token", id: a, atMs: 2 },
    { kind: "user", id: a, atMs: 1 },
    { kind: "token", id: b, atMs: 1 },
  ];
  expect(latestOf(list)).toEqual([list[1], list[3], list[4]]);
});
