import { expect, test } from "vitest";
import { MAX_CHANNEL_LENGTH, formatChannel, matchChannel, patternFault } from "./channel-name.ts";

test("a channel's name is its pattern with the parameters in place", () => {
  expect(formatChannel("hostel/:hostelId", { hostelId: 7 })).toBe("hostel/7");
  expect(formatChannel("a/:x/b/:y", { x: "1", y: "2" })).toBe("a/1/b/2");
  expect(formatChannel("news", {})).toBe("news");
});

test("different parameters never give the same name, and are read back as given", () => {
  const values = ["a", "a/b", "a%2Fb", "ä", " ", ":x", "*", "a?b#c", "💧"];
  const names = values.map((x) => formatChannel("room/:x", { x }));
  expect(new Set(names).size).toBe(values.length);
  expect(names.map((name) => matchChannel("room/:x", name)?.x)).toEqual(values);
});

test.each([
  ["room/:x", "room"],
  ["room/:x", "room/"],
  ["room/:x", "room/a/b"],
  ["room/:x", "other/a"],
  ["room/:x", "room/%zz"],
  ["room/:x", "room/%61"],
  ["room/:x", `room/${"a".repeat(MAX_CHANNEL_LENGTH)}`],
])("pattern %s does not match %s", (pattern, name) => {
  expect(matchChannel(pattern, name)).toBeUndefined();
});

test("a missing, empty or odd parameter is refused by name", () => {
  const build = (params: object) => () => formatChannel("room/:x", params as { x: string });
  for (const params of [{}, { x: "" }, { x: null }, { x: {} }, { toString: "a" }]) {
    expect(build(params)).toThrow(/room\/:x: parameter "x"/);
  }
  expect(build({})).toThrow(expect.objectContaining({ code: "LIVE_INPUT_INVALID" }));
});

test("a name may have 256 characters and no more", () => {
  const fits = "a".repeat(MAX_CHANNEL_LENGTH - "room/".length);
  expect(formatChannel("room/:x", { x: fits })).toHaveLength(MAX_CHANNEL_LENGTH);
  expect(() => formatChannel("room/:x", { x: `${fits}a` })).toThrow(/257 characters, at most 256/);
});

test("patterns are words and parameters, each parameter once", () => {
  expect(patternFault("hostel/:hostelId/issue-list_2")).toBeUndefined();
  for (const pattern of ["", "/a", "a/", "a//b", "a b", ":", "a/:1x", "ä", "a/*"]) {
    expect(patternFault(pattern)).toMatch(/segment/);
  }
  expect(patternFault(":x/:x")).toMatch(/occurs twice/);
});
