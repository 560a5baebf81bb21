import { expect, test } from "vitest";
import { formatCursor, parseCursor } from "./cursor.ts";
import { formatPosition, parsePosition, reaches } from "./position.ts";

test("a position survives writing and reading", () => {
  const position = { epoch: "k3f9x2", seq: 1_795_226_294_123_456 };
  expect(parsePosition(formatPosition(position))).toEqual(position);
});

test.each([
  "",
  "x",
  "x.",
  ".5",
  "X.5",
  "a b.5",
  "a.5.6",
  "a.-1",
  "a.99999999999999999",
  "a.9007199254740993",
  7,
  null,
])("%j is no position", (text) => {
  expect(parsePosition(text)).toBeUndefined();
});

test("a position reaches itself and older ones, never one of another epoch", () => {
  expect(reaches({ epoch: "a", seq: 5 }, { epoch: "a", seq: 5 })).toBe(true);
  expect(reaches({ epoch: "a", seq: 6 }, { epoch: "a", seq: 5 })).toBe(true);
  expect(reaches({ epoch: "a", seq: 4 }, { epoch: "a", seq: 5 })).toBe(false);
  expect(reaches({ epoch: "b", seq: 9 }, { epoch: "a", seq: 5 })).toBe(false);
});

test("a cursor survives writing and reading, and anything else is none", () => {
  expect(parseCursor(formatCursor({ epoch: "a1", offset: 7 }))).toEqual({ epoch: "a1", offset: 7 });
  for (const text of ["", "a1", "a1-", "-7", "A-7", "a1-7-8", "a1-99999999999999999", {}, undefined]) {
    expect(parseCursor(text)).toBeUndefined();
  }
});
