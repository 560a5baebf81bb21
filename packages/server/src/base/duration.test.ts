import { expect, test } from "vitest";
import { durationMs } from "./duration.ts";
import type { Duration } from "./duration.ts";

test.each<[Duration, number]>([
  ["1ms", 1],
  ["1.5s", 1_500],
  ["5m", 300_000],
  ["1h", 3_600_000],
  ["366d", 366 * 86_400_000],
  [{ minutes: 5 }, 300_000],
  [{ hours: 1, seconds: 1 }, 3_601_000],
  [{ milliseconds: 1 }, 1],
  [{ days: 1 }, 86_400_000],
  ["short", 60_000],
  ["medium", 300_000],
  ["long", 900_000],
  ["veryLong", 3_600_000],
])("%j is %d ms", (value, ms) => {
  expect(durationMs("ttl", value)).toBe(ms);
});

test.each([
  undefined,
  null,
  "",
  "5",
  "5 m",
  "-5m",
  "5w",
  "0s",
  "367d",
  "Short",
  "very-long",
  "constructor",
  {},
  { minutes: -1 },
  { weeks: 1 },
  [5],
  NaN,
])("%j is refused, naming the option", (value) => {
  expect(() => durationMs("ttl", value as Duration)).toThrow(
    expect.objectContaining({
      code: "LIVE_OPTIONS_INVALID",
      message: expect.stringMatching(/^ttl: expected a duration/),
    }),
  );
});

test("a bare number is refused with the fix", () => {
  expect(() => durationMs("ttl", 300 as unknown as Duration)).toThrow(/has no unit: write "300s" or "300ms"/);
});
