import { expect, test } from "vitest";
import { invalidOption, refuseUnknown, wholeNumber } from "./check.ts";

test("an unknown option is refused, naming the nearest known one", () => {
  expect(() => refuseUnknown("cached", { tll: "5m" }, ["ttl", "tags"])).toThrow(
    /unknown option "tll". Did you mean "ttl"/,
  );
  expect(() => refuseUnknown("cached", { TAGS: [] }, ["ttl", "tags"])).toThrow(/Did you mean "tags"/);
});

test("an option that resembles none lists what is known", () => {
  expect(() => refuseUnknown("cached", { somethingElse: 1 }, ["ttl", "tags"])).toThrow(
    /Known options: ttl, tags/,
  );
});

test.each([null, undefined, 5, "x", []])("%j is no options object", (options) => {
  expect(() => refuseUnknown("cached", options, ["ttl"])).toThrow(/cached: expected an object with options/);
});

test("a whole number is accepted at its bounds and refused beyond them", () => {
  expect(wholeNumber("n", 1, [1, 3])).toBe(1);
  expect(wholeNumber("n", 3, [1, 3])).toBe(3);
  for (const value of [0, 4, 1.5, "2", NaN, undefined]) {
    expect(() => wholeNumber("n", value, [1, 3])).toThrow(/n: expected a whole number from 1 to 3, received/);
  }
});

test("a received value is shown, but not at any length", () => {
  expect(invalidOption("x", "a function", { secret: "s".repeat(200) }).message.length).toBeLessThan(150);
  expect(invalidOption("x", "a string", () => 1).message).toContain("received a function");
});
