import { expect, test } from "vitest";
import { resolveFreshness } from "./freshness-options.ts";
import type { FreshnessOptions } from "./freshness-options.ts";
import { PLAIN_FRESHNESS } from "./request.ts";

test("without options there is nothing but the TTL", () => {
  expect(resolveFreshness("read", {})).toEqual(PLAIN_FRESHNESS);
});

test("every option has its place", () => {
  const all: FreshnessOptions = {
    stale: { swr: "30s", grace: "1h", softTimeout: "100ms" },
    hardTimeout: "2s",
    refreshAt: 0.8,
    jitter: 0.1,
    consistency: "fresh",
  };
  expect(resolveFreshness("read", all)).toEqual({
    consistency: "fresh",
    swrMs: 30_000,
    graceMs: 3_600_000,
    softTimeoutMs: 100,
    hardTimeoutMs: 2_000,
    refreshAt: 0.8,
    jitter: 0.1,
  });
});

test.each([
  [{ refreshAt: 0.09 }, /read: refreshAt: expected a share from 0.1 to 0.99, received 0.09/],
  [{ refreshAt: 1 }, /refreshAt/],
  [{ refreshAt: Number.NaN }, /refreshAt/],
  [{ jitter: 0.51 }, /read: jitter: expected a share from 0 to 0.5/],
  [{ jitter: -0.1 }, /jitter/],
  [{ consistency: "strong" }, /read: consistency: expected "fresh" or nothing, received "strong"/],
  [{ stale: { swr: 30 } }, /read: stale.swr.*"30s"/],
  [{ stale: { graze: "1h" } }, /read: stale: unknown option "graze". Did you mean "grace"/],
  [{ stale: { softTimeout: "1s" } }, /read: stale.softTimeout: expected stale.grace beside it/],
  [{ hardTimeout: "0ms" }, /read: hardTimeout/],
])("%j is refused by name", (options, message) => {
  expect(() => resolveFreshness("read", options as FreshnessOptions)).toThrow(message);
});

test.each([{ refreshAt: 0.1 }, { refreshAt: 0.99 }, { jitter: 0 }, { jitter: 0.5 }])(
  "%j is at a bound, and taken",
  (options) => {
    expect(resolveFreshness("read", options)).toMatchObject(options);
  },
);
