import { expect, test } from "vitest";
import { identityDigest } from "../base/identity.ts";
import { MAX_TOKEN_LENGTH, createQueryTokens } from "./query-token.ts";
import type { QueryClaim } from "./query-token.ts";

const OLD = "old-secret-old-secret-old-secret";
const NEW = "new-secret-new-secret-new-secret";
const WARDEN = { userId: "w1", role: "warden" };
const COLLEAGUE = { userId: "w2", role: "warden" };
const STUDENT = { userId: "s1", role: "student" };
const CLAIM: QueryClaim = {
  key: "http:/api/issues",
  tags: ["hostel:7", "dashboard"],
  position: { epoch: "abc", seq: 42 },
  vary: [],
  digest: identityDigest(undefined, []),
  push: false,
};

const refusal = (because: string) =>
  expect.objectContaining({
    code: "LIVE_TOKEN_INVALID",
    message: expect.stringContaining(because) as unknown,
  });

test("a token gives back the claim it was minted from", () => {
  const tokens = createQueryTokens([NEW]);
  expect(tokens.verify(tokens.mint(CLAIM), undefined)).toEqual(CLAIM);
  const pushed = { ...CLAIM, push: true };
  expect(tokens.verify(tokens.mint(pushed), undefined)).toEqual(pushed);
});

test("a token of an older secret is accepted while the list still holds it", () => {
  const token = createQueryTokens([OLD]).mint(CLAIM);
  expect(createQueryTokens([NEW, OLD]).verify(token, undefined)).toEqual(CLAIM);
  expect(() => createQueryTokens([NEW]).verify(token, undefined)).toThrow(refusal("not signed"));
});

test("no character of a token can be changed", () => {
  const tokens = createQueryTokens([NEW]);
  const token = tokens.mint(CLAIM)!;
  // The last character of base64url carries unused bits, so it is left out.
  for (let at = 0; at < token.length - 1; at++) {
    const other = token[at] === "A" ? "B" : "A";
    const forged = token.slice(0, at) + other + token.slice(at + 1);
    expect(() => tokens.verify(forged, undefined), `character ${at}`).toThrow(refusal("not signed"));
  }
});

test.each([undefined, null, 42, {}, [], "", ".", "a.b", "a.b.c", "x".repeat(MAX_TOKEN_LENGTH + 1)])(
  "%j is no token",
  (token) => {
    expect(() => createQueryTokens([NEW]).verify(token, undefined)).toThrow(refusal(""));
  },
);

test("a token is worth nothing to another identity", () => {
  const tokens = createQueryTokens([NEW]);
  const token = tokens.mint({ ...CLAIM, vary: ["role"], digest: identityDigest(WARDEN, ["role"]) });
  expect(tokens.verify(token, COLLEAGUE).key).toBe(CLAIM.key);
  const others = [undefined, STUDENT, { userId: "w1" }];
  for (const other of others) {
    expect(() => tokens.verify(token, other)).toThrow(refusal("another identity"));
  }
});

test("a token made for nobody is not accepted from somebody", () => {
  const tokens = createQueryTokens([NEW]);
  const token = tokens.mint({ ...CLAIM, vary: ["role"], digest: identityDigest(undefined, ["role"]) });
  expect(() => tokens.verify(token, WARDEN)).toThrow(refusal("another identity"));
});

test("a claim that would make a token too long for a header is not minted", () => {
  const tags = Array.from({ length: 128 }, (_, index) => `hostel:${index}:${"x".repeat(50)}`);
  expect(createQueryTokens([NEW]).mint({ ...CLAIM, tags })).toBeUndefined();
});
