import { expect, test } from "vitest";
import {
  MAX_KEY_PARTS,
  MAX_NAME_BYTES,
  checkKey,
  checkName,
  checkTags,
  dependenciesOf,
  movedBy,
  subtreesOf,
} from "./names.ts";

test("an entry depends on its tags, its key, and every subtree that its key lies in", () => {
  expect(subtreesOf("user:42:orders")).toEqual(["user:42:*", "user:*"]);
  expect(subtreesOf("plain")).toEqual([]);
  expect(dependenciesOf("user:42", ["roles", "user:42", "roles"])).toEqual(["roles", "user:42", "user:*"]);
});

test("a changed tag moves itself and the subtree below it", () => {
  expect(movedBy("user:42")).toEqual(["user:42", "user:42:*"]);
});

test.each([
  [undefined, /expected a string, received undefined/],
  [7, /expected a string, received number/],
  ["", /at least one character/],
  ["a\nb", /control characters/],
  ["user:*", /deletePattern/],
])("the name %j is refused", (name, message) => {
  expect(() => checkName("tag", name)).toThrow(message);
});

test("a name may have 512 bytes of UTF-8 and no more", () => {
  expect(() => checkName("key", "a".repeat(MAX_NAME_BYTES))).not.toThrow();
  expect(() => checkName("key", "ä".repeat(MAX_NAME_BYTES / 2))).not.toThrow();
  expect(() => checkName("key", "a".repeat(MAX_NAME_BYTES + 1))).toThrow(/513 bytes, at most 512/);
  expect(() => checkName("key", `${"ä".repeat(MAX_NAME_BYTES / 2)}a`)).toThrow(/513 bytes/);
});

test("a key may have 16 parts and no more", () => {
  const parts = (count: number): string => Array.from({ length: count }, () => "a").join(":");
  expect(() => checkKey(parts(MAX_KEY_PARTS))).not.toThrow();
  expect(() => checkKey(parts(MAX_KEY_PARTS + 1))).toThrow(/17 parts, at most 16/);
});

test("a list of tags is bounded, and each tag is checked", () => {
  expect(() => checkTags(["a", "b"], 2)).not.toThrow();
  expect(() => checkTags(["a", "b", "c"], 2)).toThrow(/received 3, at most 2/);
  expect(() => checkTags("a", 2)).toThrow(/expected a list/);
  expect(() => checkTags(["a", ""], 2)).toThrow(expect.objectContaining({ code: "LIVE_INPUT_INVALID" }));
});
