import { expect, test } from "vitest";
import type { LiveError } from "@livecache/wire";
import { systemClock } from "../base/clock.ts";
import { resolveRedisOptions } from "./options.ts";

const URL = "redis://localhost:6379";

function refusal(url: unknown, options: object = {}): string {
  try {
    resolveRedisOptions(url as string, options);
  } catch (error) {
    const { code, message } = error as LiveError;
    return `${code}: ${message}`;
  }
  return "accepted";
}

test("every option has a default", () => {
  expect(resolveRedisOptions(URL, {})).toEqual({
    where: {
      kind: "standalone",
      server: {
        host: "localhost",
        port: 6379,
        access: { username: undefined, password: undefined, database: 0, tls: undefined },
      },
    },
    ...{ database: 0, prefix: "lc", commandTimeoutMs: 250, connectTimeoutMs: 5_000 },
    ...{ maxInFlight: 1_000, mayStartAway: false, clock: systemClock, onError: expect.any(Function) },
    evictionAllowed: false,
  });
});

test("every option is taken as given", () => {
  const clock = { ...systemClock };
  const onError = (): void => undefined;
  const given = {
    prefix: "a_B-9",
    commandTimeout: "1s",
    connectTimeout: { seconds: 2 },
    maxInFlight: 1,
    evictionAllowed: true,
  } as const;
  const resolved = resolveRedisOptions("rediss://user:pass@host:6380/15", {
    ...{ ...given, start: "degraded", onError, clock },
  });
  expect(resolved).toEqual({
    where: {
      kind: "standalone",
      server: {
        host: "host",
        port: 6380,
        access: { username: "user", password: "pass", database: 15, tls: {} },
      },
    },
    ...{ database: 15, prefix: "a_B-9", clock, onError },
    ...{
      commandTimeoutMs: 1_000,
      connectTimeoutMs: 2_000,
      maxInFlight: 1,
      mayStartAway: true,
      evictionAllowed: true,
    },
  });
});

test.each([
  undefined,
  null,
  6379,
  "",
  "localhost:6379",
  "http://localhost",
  "redis://[",
  "redis://h/x",
  "redis://h/1/2",
])("the address %j is refused", (url) => {
  expect(refusal(url)).toMatch(/^LIVE_OPTIONS_INVALID: .*redis:\/\/localhost:6379/);
});

test.each(["http://:secret@host", "redis://:/secret@host", "redis://:secret@host/x"])(
  "%s is refused and not shown: it may hold a password",
  (url) => {
    expect(refusal(url)).toMatch(/^LIVE_OPTIONS_INVALID/);
    expect(refusal(url)).not.toContain("secret");
  },
);

test.each([
  [{ prefix: "" }, "prefix"],
  [{ prefix: "a:b" }, "prefix"],
  [{ prefix: "{a}" }, "prefix"],
  [{ prefix: "x".repeat(33) }, "prefix"],
  [{ maxInFlight: 0 }, "maxInFlight"],
  [{ maxInFlight: 1.5 }, "maxInFlight"],
  [{ commandTimeout: 250 }, "commandTimeout"],
  [{ connectTimeout: "soon" }, "connectTimeout"],
  [{ start: "later" }, "start"],
  [{ evictionAllowed: 1 }, "evictionAllowed"],
  [{ onError: "log" }, "onError"],
])("%j is refused by name", (options, name) => {
  expect(refusal(URL, options)).toContain(`LIVE_OPTIONS_INVALID: openRedis: ${name}`);
});

test("an unknown option is refused with the nearest name", () => {
  expect(refusal(URL, { comandTimeout: "1s" })).toContain('"commandTimeout"');
});

test("a prefix may have 32 characters", () => {
  expect(resolveRedisOptions(URL, { prefix: "x".repeat(32) }).prefix).toHaveLength(32);
});
