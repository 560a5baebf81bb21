import { expect, test } from "vitest";
import { isOwnChannel, withOwnChannel } from "./own-channel.ts";

const anything = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;
const notifications = { assigned: anything };

test("only a contract with notifications has users' own channels", () => {
  const plain = { channels: { "notifications/:id": { events: {} } } };
  expect(withOwnChannel(plain)).toBe(plain);
  expect(Object.keys(withOwnChannel({ channels: {}, notifications }).channels)).toEqual([
    "notifications/:userId",
  ]);
});

test("a channel that could be taken for a user's own is refused, its neighbours are not", () => {
  for (const name of ["notifications/:id", "notifications/all", "notifications/:userId"]) {
    expect(() => withOwnChannel({ channels: { [name]: { events: {} } }, notifications })).toThrow(
      expect.objectContaining({ code: "LIVE_CONTRACT_INVALID" }),
    );
  }
  const fine = {
    notifications: { events: {} },
    "notifications/a/b": { events: {} },
    ":a/:b": { events: {} },
  };
  expect(Object.keys(withOwnChannel({ channels: fine, notifications }).channels)).toHaveLength(4);
});

test("a user's own channel is the user's, and nobody's is nobody's", () => {
  expect(isOwnChannel({ userId: "ana" }, { userId: "ana" })).toBe(true);
  expect(isOwnChannel({ userId: "ana" }, { userId: "ben" })).toBe(false);
  expect(isOwnChannel(undefined, { userId: "undefined" })).toBe(false);
  expect(isOwnChannel(undefined, {})).toBe(false);
});
