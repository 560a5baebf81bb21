import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { createRequestReader } from "./pass-key.ts";

const read = createRequestReader(["X-Span"]);

/** The key of a GET of /a with these headers, in the order received. */
function keyOf(rawHeaders: readonly string[], rest: Partial<Record<"method" | "url" | "from", string>> = {}) {
  const { method = "GET", url = "/a", from = "10.0.0.1" } = rest;
  const request = { method, url, socket: { remoteAddress: from }, rawHeaders };
  return read(request as unknown as IncomingMessage);
}

test.each([
  ["another cookie", ["Cookie", "sid=2"], {}],
  ["no cookie", [], {}],
  ["a further header", ["Cookie", "sid=1", "User-Agent", "robot"], {}],
  ["another method", ["Cookie", "sid=1"], { method: "HEAD" }],
  ["another query", ["Cookie", "sid=1"], { url: "/a?b" }],
  ["another address", ["Cookie", "sid=1"], { from: "10.0.0.2" }],
  ["the same text in another header", ["X-Cookie", "sid=1"], {}],
] as const)("%s makes another request", (_, headers, rest) => {
  expect(keyOf(headers, rest).key).not.toBe(keyOf(["Cookie", "sid=1"]).key);
});

test("what the lane answers by itself, and what is different each time, does not make another request", () => {
  const plain = keyOf(["Cookie", "sid=1"]);
  const other = keyOf([
    ...["If-None-Match", '"x"', "accept-encoding", "br", "LIVE-POSITION", "e.5", "Cookie", "sid=1"],
    ...["Cache-Control", "no-cache", "traceparent", "00-1", "x-span", "7"],
  ]);
  expect(other.key).toBe(plain.key);
  expect([plain.position, other.position]).toEqual([undefined, "e.5"]);
});

test("a request of up to 4,096 characters has a key, a longer one has none", () => {
  const base = keyOf(["Cookie", ""]).key!.length;
  expect(keyOf(["Cookie", "c".repeat(4_096 - base)]).key).toHaveLength(4_096);
  expect(keyOf(["Cookie", "c".repeat(4_097 - base)]).key).toBeUndefined();
});
