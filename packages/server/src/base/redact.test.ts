import { LiveError, isLiveError } from "@livecache/wire";
import { expect, test } from "vitest";
import { redact, redactText } from "./redact.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl";

test.each([
  ["redis://user:secret@db:6379/0 refused", "redis://***@db:6379/0 refused"],
  ["rediss://:p/a@s#s@db failed", "rediss://***@db failed"],
  ["postgres://app:x@db/app", "postgres://***@db/app"],
  ["https://me:word@host/path", "https://***@host/path"],
  ["https://host/users/a@b.example", "https://host/users/a@b.example"],
  ["Authorization: Bearer abcdefgh12345678", "Authorization: ***"],
  ["sent Bearer abcdefgh12345678 twice", "sent Bearer *** twice"],
  [`token ${JWT} has expired`, "token *** has expired"],
  ["cookie: a=1; b=2\nhost: x", "cookie: ***\nhost: x"],
  ["connect.sid=s%3AabcdefghijklmnopqrS.qwe%2Frty", "connect.sid=***"],
  ["value s:abcdefghijklmnopqrst.uvw/xyz here", "value *** here"],
  ["GET /a?token=abc&page=2", "GET /a?token=***&page=2"],
  [
    "unknown command 'AUTH', with args beginning with: 'me' 'secret'",
    "unknown command 'AUTH', with args beginning with: ***",
  ],
  ["user:42:orders was dropped; tags session:list", "user:42:orders was dropped; tags session:list"],
])("%j is told as %j", (text, told) => {
  expect(redactText(text)).toBe(told);
});

test("texts that are known to be secret are taken out wherever they stand; long texts are cut", () => {
  expect(redactText("signed with hunter2hunter2", ["hunter2hunter2"])).toBe("signed with ***");
  expect(redactText("x".repeat(20_000))).toHaveLength(8_192 + 3);
});

test("fields with the name of something secret, at any depth, also in lists and maps", () => {
  const given = {
    user: "42",
    password: "x",
    list: [{ accessToken: "y", page: 2 }],
    headers: new Map([["cookie", "a=1"]]),
    sessionId: "z",
    token: undefined,
  };
  expect(redact(given)).toEqual({
    user: "42",
    password: "***",
    list: [{ accessToken: "***", page: 2 }],
    headers: { cookie: "***" },
    sessionId: "***",
    token: undefined,
  });
});

test("what has nothing secret in it is the same object: nothing is copied for it", () => {
  const error = new Error("all is well");
  const given = { error, list: [1, { a: "b" }], at: new Date(0) };
  expect(redact(given)).toBe(given);
});

test("an error stays an error of its kind, with message, stack, details and cause without secrets", () => {
  const cause = new Error("connect redis://:secret@db");
  const error = new LiveError("LIVE_GROUND_AWAY", "openRedis: redis://:secret@db", {
    cause,
    details: { password: "secret", host: "db" },
  });
  const told = redact(error) as LiveError;
  expect(isLiveError(told) && told instanceof LiveError).toBe(true);
  expect(told).toMatchObject({ code: "LIVE_GROUND_AWAY", details: { password: "***", host: "db" } });
  expect([told.message, (told.cause as Error).message]).toEqual([
    "openRedis: redis://***@db",
    "connect redis://***@db",
  ]);
  expect(told.stack).not.toContain("secret");
  expect(error.message).toContain("secret");
});

test("circles, depths, long lists, bytes and what throws when it is read are told as such", () => {
  const circle: Record<string, unknown> = { name: "a" };
  circle["self"] = circle;
  expect(redact(circle)).toEqual({ name: "a", self: "[circular]" });
  const deep = { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } };
  expect(JSON.stringify(redact(deep))).toContain("[deeper]");
  expect(redact({ bytes: new Uint8Array(3) })).toEqual({ bytes: "[3 bytes]" });
  expect((redact(Array.from({ length: 102 }, () => 1)) as unknown[]).at(-1)).toBe("[2 more]");
  const broken = Object.defineProperty({}, "x", {
    enumerable: true,
    get: () => {
      throw new Error("no");
    },
  });
  expect(redact({ broken })).toEqual({ broken: "[unreadable]" });
});

test("hostile text takes no long time", () => {
  const startedAt = performance.now();
  for (const part of [
    "redis://",
    "a://",
    "cookie",
    "eyJaaaaa.",
    "s:aaaaaaaaaaaaaaaaaa",
    "token=",
    "Bearer ",
  ]) {
    redactText(part.repeat(4_000));
  }
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
