import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { EVERYBODY, digestOf, formatDigest, parseDigest, tokenName, userName } from "./token-digest.ts";

test.each(["", "a", "550e8400-e29b-41d4-a716-446655440000", "é".repeat(500), "x".repeat(2_000)])(
  "a name is the first half of the SHA-256 in base64url, and is read back: %j",
  (token) => {
    const half = createHash("sha256").update(token).digest().subarray(0, 16);
    expect(tokenName(token)).toBe(half.toString("base64url"));
    expect(parseDigest(tokenName(token))).toEqual(digestOf(token));
    expect(formatDigest(digestOf(token))).toBe(tokenName(token));
  },
);

test("a user is not called like a token, and nobody like everybody", () => {
  expect(userName("7")).not.toBe(tokenName("7"));
  expect([userName("everybody"), userName("*"), userName("")]).not.toContain(EVERYBODY);
});

test.each(["", "A".repeat(21), "A".repeat(23), `${"A".repeat(21)}+`, `${"A".repeat(21)}=`])(
  "what is no name is not read: %j",
  (text) => expect(parseDigest(text)).toBeUndefined(),
);
