import { seededRandom } from "@livecache/rig";
import { expect, test } from "vitest";
import { decodePart, encodePart, hashPart, partText } from "./key-parts.ts";
import { checkName } from "./names.ts";

/** Signs that have a meaning in keys, patterns, escapes and UTF-16, and few others, so that lists nearly collide. */
const SIGNS = [..."ab1uD8_~%:*{}.", "\n", "\u007f", "\ud83d", "\udca7", "\ufffd", "ä", "💧"];

const encodeAll = (parts: readonly string[]): string => parts.map(encodePart).join(":");

test("20,000 random part lists: other parts are another key, and every key is read back", () => {
  const random = seededRandom(7);
  const seen = new Map<string, string>();
  const text = (): string => Array.from({ length: random.integer(4) }, () => random.pick(SIGNS)).join("");
  for (let round = 0; round < 20_000; round++) {
    const parts = Array.from({ length: 1 + random.integer(4) }, text);
    const key = encodeAll(parts);
    const identity = JSON.stringify(parts);
    checkName("key", key);
    expect(seen.get(Buffer.from(key).toString()) ?? identity).toBe(identity);
    seen.set(Buffer.from(key).toString(), identity);
    expect(Buffer.from(key).toString().split(":").map(decodePart)).toEqual(parts);
  }
  expect(seen.size).toBeGreaterThan(10_000);
});

test.each([
  ["", "%_"],
  ["%_", "%25_"],
  ["%", "%25"],
  ["a:b", "a%3Ab"],
  ["*", "%2A"],
  ["\n", "%0A"],
  ["\ud800", "%uD800"],
  ["💧", "💧"],
  ["1.5", "1.5"],
])("the part %j is written %s", (text, part) => {
  expect(encodePart(text)).toBe(part);
  expect(decodePart(part)).toBe(text);
});

test.each(["%", "%2a", "%zz", "a*b", "%61", "%u0041", "", hashPart("a")])(
  "%s is not read back: it is not what would have been written",
  (part) => {
    expect(decodePart(part)).toBeUndefined();
  },
);

test("a hashed part has 45 bytes, differs for every text, and no encoded part looks like one", () => {
  const parts = ["", "%_", "a", "\ud800", "\ufffd", "a".repeat(100_000)].map(hashPart);
  expect(new Set(parts).size).toBe(parts.length);
  expect(parts.every((part) => /^%~[\w-]{43}$/.test(part))).toBe(true);
  expect(parts.map(encodePart).some((part) => part.startsWith("%~"))).toBe(false);
});

test("numbers are their decimal text; what is no text and no finite number has none", () => {
  expect([7, 7n, "7", -0, 1.5].map(partText)).toEqual(["7", "7", "7", "0", "1.5"]);
  expect([NaN, Infinity, null, undefined, {}, true].map(partText)).toEqual(Array(6).fill(undefined));
});
