import { expect, test } from "vitest";
import { payloadMaker } from "./payload.ts";

test("records have the size asked for, and equal ids give equal records that share nothing", () => {
  for (const bytes of [64, 1_024, 5_120]) {
    const make = payloadMaker(bytes);
    const [one, again] = [make("item:00001"), make("item:00001")];
    expect(JSON.stringify(one)).toHaveLength(bytes);
    expect(again).toEqual(one);
    expect(again.lines).not.toBe(one.lines);
  }
});

test("id and version tell records apart", () => {
  const make = payloadMaker(1_024);
  expect(make("a")).not.toEqual(make("b"));
  expect(make("a", 1)).not.toEqual(make("a", 2));
});
