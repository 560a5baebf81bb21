import { expect, test } from "vitest";
import { joinLines, splitLines } from "./lines.ts";

test.each([[[]], [["a"]], [["a", "b c", "ü:*"]]])("%j reads back as it was written", (names) => {
  expect(splitLines(joinLines(names))).toEqual(names);
});

test("a name with a line end is refused", () => {
  expect(() => joinLines(["a", "b\nc"])).toThrow(expect.objectContaining({ code: "LIVE_INPUT_INVALID" }));
});
