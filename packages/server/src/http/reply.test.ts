import { expect, test } from "vitest";
import type { Resolved } from "../cache/request.ts";
import { resolveCachedOptions } from "./cached-options.ts";
import { replyTo } from "./reply.ts";
import type { ReplyInput } from "./reply.ts";
import type { StoredResponse } from "./stored-response.ts";

const value: StoredResponse = {
  headers: new Map([
    ["content-type", "application/json"],
    ["etag", '"v1"'],
    ["vary", "X-Theme"],
  ]),
  body: Buffer.from("{}"),
};
const resolved: Resolved<StoredResponse> = {
  value,
  source: "near",
  reason: "hit-near",
  position: { epoch: "e1", seq: 7 },
  tags: ["a"],
  ttlLeftMs: 10_000,
  stored: true,
  ageMs: 2_600,
};
const route = resolveCachedOptions({ ttl: "5m", vary: ["role", "header:x-theme"] });

function reply(given: Partial<ReplyInput> = {}) {
  return replyTo({ route, request: {}, standing: {}, resolved, cause: undefined, token: "tok", ...given });
}

test("a hit carries the stored headers and ours", () => {
  const { status, headers, body } = reply();
  expect(status).toBe(200);
  expect(body).toBe(value.body);
  expect(Object.fromEntries(headers)).toEqual({
    "content-type": "application/json",
    etag: '"v1"',
    vary: "x-theme, cookie, authorization",
    "cache-control": "private, no-cache",
    age: "2",
    "cache-status": "Livecache; hit; ttl=10; detail=hit-near",
    "live-position": "e1.7",
    "live-query": "tok",
    "content-length": "2",
  });
});

test("304 keeps what 200 would have said, without what describes a body", () => {
  const { status, headers, body, without } = reply({ request: { "if-none-match": '"v1"' } });
  expect(status).toBe(304);
  expect(body).toBeUndefined();
  const names = [...headers.keys()];
  expect(names).toEqual(
    expect.arrayContaining(["etag", "vary", "cache-control", "live-query", "live-position"]),
  );
  for (const name of ["content-type", "content-length"]) {
    expect(names).not.toContain(name);
    expect(without).toContain(name);
  }
});

test("what outer middleware says is added to, not overwritten", () => {
  const { headers } = reply({ standing: { vary: "Origin", "cache-status": "Edge; hit" } });
  expect(headers.get("vary")).toBe("origin, x-theme, cookie, authorization");
  expect(headers.get("cache-status")).toBe("Edge; hit, Livecache; hit; ttl=10; detail=hit-near");
});

test("Cache-Control of the handler or of outer middleware is left alone", () => {
  expect(reply({ standing: { "cache-control": "max-age=5" } }).headers.has("cache-control")).toBe(false);
  const own = { ...resolved, value: { ...value, headers: new Map([["cache-control", "max-age=9"]]) } };
  expect(reply({ resolved: own }).headers.get("cache-control")).toBe("max-age=9");
});

test("a public response may be kept by shared caches, which ask back each time", () => {
  const { headers } = reply({ route: resolveCachedOptions({ ttl: "5m", public: true }) });
  expect(headers.get("cache-control")).toBe("public, no-cache");
  expect(headers.get("vary")).toBe("x-theme");
});

test("a response that was just loaded has no age, and one without a position no position", () => {
  const { headers } = reply({
    resolved: { ...resolved, source: "load", position: undefined },
    token: undefined,
  });
  for (const name of ["age", "live-position", "live-query"]) expect(headers.has(name)).toBe(false);
});
