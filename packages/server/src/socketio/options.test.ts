import { expect, test } from "vitest";
import { defineLimit } from "../limits/define-limit.ts";
import { resolveAttachOptions } from "./options.ts";
import type { AttachLimits } from "./options.ts";

const invalid = (because: string) =>
  expect.objectContaining({
    code: "LIVE_OPTIONS_INVALID",
    message: expect.stringContaining(because) as unknown,
  });

test("the defaults are those of the documentation", () => {
  expect(resolveAttachOptions({})).toEqual({
    origins: new Set(),
    trustProxy: 0,
    perUser: {},
    limits: {
      socketsPerUser: 20,
      socketsPerAddress: 100,
      channelsPerSocket: 100,
      joinsPerSecond: 10,
      framesPerSecond: 50,
      pendingFrames: 600,
      messageBytes: 65_536,
      waitingBytes: 1_048_576,
      handshakesPerSecond: 1_000,
    },
  });
});

test.each<[name: keyof AttachLimits, min: number, max: number]>([
  ["socketsPerUser", 1, 1_000_000],
  ["socketsPerAddress", 1, 1_000_000],
  ["channelsPerSocket", 1, 100_000],
  ["joinsPerSecond", 1, 100_000],
  ["framesPerSecond", 1, 100_000],
  ["pendingFrames", 1, 100_000],
  ["messageBytes", 1_024, 16_777_216],
  ["waitingBytes", 131_072, 268_435_456],
  ["handshakesPerSecond", 1, 100_000],
])("limits.%s is a whole number from %d to %d", (name, min, max) => {
  for (const value of [min, max]) {
    expect(resolveAttachOptions({ limits: { [name]: value } }).limits[name]).toBe(value);
  }
  for (const value of [min - 1, max + 1, min + 0.5, Number.NaN, Infinity, "5", null]) {
    expect(() => resolveAttachOptions({ limits: { [name]: value as never } })).toThrow(
      invalid(`attach: limits.${name}: expected a whole number from ${min} to ${max}, received`),
    );
  }
});

test("trustProxy is a number of proxies from 0 to 10", () => {
  for (const value of [0, 10]) expect(resolveAttachOptions({ trustProxy: value }).trustProxy).toBe(value);
  for (const value of [-1, 11, 0.5]) {
    expect(() => resolveAttachOptions({ trustProxy: value })).toThrow(invalid("from 0 to 10"));
  }
  expect(() => resolveAttachOptions({ trustProxy: true as never })).toThrow(
    invalid("such as 1, received true"),
  );
});

test("unknown names are refused with the nearest one", () => {
  expect(() => resolveAttachOptions({ origin: [] } as never)).toThrow(invalid('"origins"?'));
  expect(() => resolveAttachOptions({ limits: { socketPerUser: 5 } } as never)).toThrow(
    invalid('"socketsPerUser"?'),
  );
  expect(() => resolveAttachOptions({ limits: 5 } as never)).toThrow(invalid("an object"));
  expect(() => resolveAttachOptions({ limits: null } as never)).toThrow(invalid("an object"));
});

test("limits of users are what defineLimit answers", () => {
  const messages = defineLimit({ name: "messages", limit: 5, window: "1m" });
  expect(resolveAttachOptions({ perUser: { messages } }).perUser).toEqual({ messages });
  expect(() => resolveAttachOptions({ perUser: { messages: 5 } } as never)).toThrow(
    invalid("attach: perUser.messages: expected what defineLimit answers, received 5"),
  );
  expect(() => resolveAttachOptions({ perUser: { message: messages } } as never)).toThrow(
    invalid('"messages"?'),
  );
});
