import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { patternOf } from "./pattern.ts";

test.each([
  ["user:42:orders", "user:*:orders"],
  ["dashboard", "dashboard"],
  ["dashboard:super_admin", "dashboard:super_admin"],
  ["role:admin", "role:admin"],
  [`session:${randomUUID()}`, "session:*"],
  ["audit:507f1f77bcf86cd799439011", "audit:*"],
  ["order:01ARZ3NDEKTSV4RRFFQ69G5FAV:lines", "order:*:lines"],
  ["page:V1StGXR8_Z5jdHi6B-myT", "page:*"],
  ["day:2026-11-21:sales", "day:*:sales"],
  ["http:api:issues:7:?page=2:yS0cRgiyvLsFJGAuVL4nhw", "http:api:issues:*:?*:*"],
  ["http:api:issues:?:yS0cRgiyvLsFJGAuVL4nhw", "http:api:issues:?:*"],
  ["http:#digest:?:yS0cRgiyvLsFJGAuVL4nhw", "http:*:?:*"],
  ["city:M%C3%BCnchen", "city:*"],
  ["hex:facade", "hex:facade"],
  ["a:b:c:d:e:f:g:h:i:j", "a:b:c:d:e:f:g:h:*"],
])("%s is counted as %s", (key, pattern) => {
  expect(patternOf(key)).toBe(pattern);
});

test("keys that differ only in identifiers have one pattern, whatever the identifiers look like", () => {
  const makers: readonly (() => string)[] = [
    () => randomUUID(),
    () => randomBytes(16).toString("base64url"),
    () => randomBytes(12).toString("hex"),
    () => String(randomInt(1e9)),
  ];
  for (const make of makers) {
    const keys = Array.from({ length: 5_000 }, () => `thing:${make()}:parts`);
    expect(new Set(keys.map(patternOf))).toEqual(new Set(["thing:*:parts"]));
  }
  const routes = Array.from(
    { length: 5_000 },
    () => `http:api:audits:?:${randomBytes(16).toString("base64url")}`,
  );
  expect(new Set(routes.map(patternOf))).toEqual(new Set(["http:api:audits:?:*"]));
});

test("no pattern is longer than what eight words need", () => {
  const longest = Array.from({ length: 16 }, () => "w".repeat(24)).join(":");
  expect(patternOf(longest).length).toBeLessThanOrEqual(8 * 25 + 2);
});
