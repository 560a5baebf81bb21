import { expect, test } from "vitest";
import { readPresenceFrame, readPresenceSetFrame } from "./presence-frame.ts";

function refusal(read: () => unknown): { code?: string; message?: string } {
  try {
    read();
  } catch (error) {
    return error as { code: string; message: string };
  }
  return {};
}

test("a presence frame names a channel, and may say where a page begins and how long it is", () => {
  expect(readPresenceFrame({ channel: "x" })).toEqual({ channel: "x", after: undefined, limit: 200 });
  expect(readPresenceFrame({ channel: "x", after: "a", limit: 1 })).toEqual({
    channel: "x",
    after: "a",
    limit: 1,
  });
  expect(readPresenceFrame({ channel: "x", limit: 200 }).limit).toBe(200);
});

test.each([
  [undefined, "nothing"],
  [[], "a list"],
  [{}, "nothing"],
  [{ channel: "" }, "a string of 0 characters"],
  [{ channel: "x".repeat(257) }, "a string of 257 characters"],
  [{ channel: "x", after: "" }, "a string of 0 characters"],
  [{ channel: "x", after: "y".repeat(257) }, "a string of 257 characters"],
  [{ channel: "x", limit: 0 }, "received 0"],
  [{ channel: "x", limit: 201 }, "received 201"],
  [{ channel: "x", limit: 1.5 }, "received 1.5"],
  [{ channel: "x", limit: "10" }, "a string of 2 characters"],
  [{ channel: "x", limit: null }, "null"],
])("a presence frame %j is refused, and told what was received", (request, received) => {
  const { code, message } = refusal(() => readPresenceFrame(request));
  expect(code).toBe("LIVE_FRAME_INVALID");
  expect(message).toContain(received);
});

test("a presence-set frame says state, meta or both, here or everywhere", () => {
  expect(readPresenceSetFrame({ state: "away" })).toEqual({
    channel: undefined,
    state: "away",
    meta: undefined,
  });
  expect(readPresenceSetFrame({ channel: "x", meta: { a: [1, "ü"] } })).toEqual({
    channel: "x",
    state: undefined,
    meta: '{"a":[1,"ü"]}',
  });
  expect(readPresenceSetFrame({ meta: null }).meta).toBeNull();
  expect(readPresenceSetFrame({ meta: false }).meta).toBe("false");
});

test("meta of 1,024 bytes is taken, one byte more is refused, whatever the characters", () => {
  expect(readPresenceSetFrame({ meta: "x".repeat(1_022) }).meta).toHaveLength(1_024);
  expect(readPresenceSetFrame({ meta: "ü".repeat(511) }).meta).toHaveLength(513);
  for (const meta of ["x".repeat(1_023), `${"ü".repeat(511)}x`]) {
    const { code, message } = refusal(() => readPresenceSetFrame({ meta }));
    expect(code).toBe("LIVE_FRAME_INVALID");
    expect(message).toContain("1025 bytes");
  }
});

test.each([
  [undefined, "nothing"],
  [{}, "received neither"],
  [{ state: "gone" }, "a string of 4 characters"],
  [{ state: null }, "null"],
  [{ state: "away", channel: 7 }, "a number"],
  [{ meta: () => 1 }, "a function"],
  [Object.create({ state: "away" }), "received neither"],
])("a presence-set frame %# is refused, and told what was received", (request, received) => {
  const { code, message } = refusal(() => readPresenceSetFrame(request));
  expect(code).toBe("LIVE_FRAME_INVALID");
  expect(message).toContain(received);
});
