import { expect, test } from "vitest";
import { MAX_KEY_PARTS, MAX_NAME_BYTES, checkKey, subtreesOf } from "../base/names.ts";
import { pathTag, requestKey } from "./cache-key.ts";

const keyOf = (target: string, inputs: readonly unknown[] = []): string => requestKey({ target, inputs })!;

test("a key shows path and query, and lies in the subtree of each of its paths", () => {
  const key = keyOf("/api/audits/7?page=2");
  expect(key).toMatch(/^http:api:audits:7:\?page=2:[\w-]{22}$/);
  const above = subtreesOf(key);
  for (const path of ["/", "/api", "/api/audits", "/api/audits/7"])
    expect(above).toContain(`${pathTag(path)}:*`);
  expect(above).not.toContain(`${pathTag("/api/audits/8")}:*`);
});

test.each([
  ["segments and an encoded slash", "/a/b", "/a%2Fb"],
  ["a colon in a segment and two segments", "/a:b", "/a/b"],
  ["a path and the same with a trailing slash", "/a", "/a/"],
  ["the root and an empty segment", "/", "//"],
  ["an encoded question mark and a query", "/a%3Fb", "/a?b"],
  ["a segment that looks like a query", "/a/%3Fx=1", "/a?x=1"],
  ["a parameter without and with an equals sign", "/a?b", "/a?b="],
  ["an encoded ampersand and two parameters", "/a?b=1%26c=2", "/a?b=1&c=2"],
  ["the order of repeated parameters", "/a?b=1&b=2", "/a?b=2&b=1"],
  ["the order of a name with and without brackets", "/a?b=1&b[]=2", "/a?b[]=2&b=1"],
  ["the case of a path", "/a", "/A"],
])("different requests never share a key: %s", (_what, left, right) => {
  expect(keyOf(left)).not.toBe(keyOf(right));
});

test.each([
  ["the order of parameters", "/a?x=1&y=2", "/a?y=2&x=1"],
  ["percent-encoding of ordinary letters", "/caf%C3%A9?q=%61", "/caf%c3%a9?q=a"],
  ["a plus sign and an encoded space in a query", "/a?q=x+y", "/a?q=x%20y"],
  ["an encoded and a plain colon", "/a%3Ab", "/a:b"],
  ["a query mark with nothing behind it", "/a?", "/a"],
])("different spellings of one request share a key: %s", (_what, left, right) => {
  expect(keyOf(left)).toBe(keyOf(right));
});

test("a plus sign in a path is no space", () => {
  expect(keyOf("/a+b")).not.toBe(keyOf("/a%20b"));
});

test("every input counts, and inputs do not run into each other", () => {
  const keys = [[], ["a"], ["a", "b"], ["ab"], ["a", null], ["a", ""], [["a"]]].map((inputs) =>
    keyOf("/a", inputs),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test.each(["*", "http://elsewhere/a", "", "/%zz", "/a?b=%", "/a%C3"])("%j has no key", (target) => {
  expect(requestKey({ target, inputs: [] })).toBeUndefined();
});

test("whatever the target, the key is a valid name, and no two targets share one", () => {
  const awkward = ["*", "%00", "%0D%0A", "%7F", ":", "'()!~", "x".repeat(600), "%F0%9F%8E%89".repeat(40)];
  const targets = awkward.flatMap((piece) => [`/${piece}`, `/a/${piece}/b`, `/a?${piece}`, `/a?b=${piece}`]);
  const deep = Array.from(
    { length: 40 },
    (_, depth) => `/${Array.from({ length: depth }, () => "d").join("/")}`,
  );
  const keys = [...targets, ...deep].map((target) => keyOf(target));
  for (const key of keys) {
    expect(() => checkKey(key)).not.toThrow();
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(MAX_NAME_BYTES);
    expect(key.split(":").length).toBeLessThanOrEqual(MAX_KEY_PARTS);
  }
  expect(new Set(keys).size).toBe(keys.length);
});

test("a path too long to stand in a key still lies below its beginning", () => {
  const path = `/api/${"x".repeat(200)}/${"y".repeat(200)}/z`;
  expect(subtreesOf(keyOf(path))).toContain(`${pathTag(`/api/${"x".repeat(200)}`)}:*`);
  expect(subtreesOf(keyOf(path))).toContain(`${pathTag(path)}:*`);
});

test.each(["api", "/a?b=1", "/%", ""])("pathTag refuses %j", (path) => {
  expect(() => pathTag(path)).toThrow(/pathTag: expected a path/);
});
