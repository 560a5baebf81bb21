import { expect, test } from "vitest";
import { resolveCachedOptions } from "./cached-options.ts";
import type { Headers } from "./field-list.ts";
import { completeResponse, holdFault, isLasting, storeFault, storedTtlMs } from "./storable.ts";

const plain = resolveCachedOptions({ ttl: "5m" });
const open = resolveCachedOptions({ ttl: "5m", public: true, vary: ["header:accept-language"] });

const faultOf = (headers: Headers, { status = 200, outer = {} as Headers, route = plain } = {}) =>
  storeFault({ status, headers, outer }, route);

test.each([201, 204, 206, 301, 304, 404, 500])("status %d is not stored", (status) => {
  expect(faultOf({}, { status })).toBe("status");
});

test("a cookie is never stored, whoever set it", () => {
  expect(faultOf({ "set-cookie": ["a=1"] })).toBe("set-cookie");
  expect(faultOf({ "set-cookie": ["a=1"] }, { outer: { "set-cookie": ["a=1"] } })).toBe("set-cookie");
});

test.each([
  ["no-store", "cache-control"],
  ["max-age=60, No-Store", "cache-control"],
  ["private", "cache-control"],
  ['private="set-cookie"', "cache-control"],
  ["no-cache", undefined],
  ["must-understand, no-store", "cache-control"],
  ["max-age=0", "cache-control"],
  ["s-maxage=0, max-age=60", "cache-control"],
  ["s-maxage=60, max-age=0", undefined],
  ["max-age=soon", "cache-control"],
  ["public, max-age=60", undefined],
  ["x-private-ish", undefined],
])("Cache-Control: %s gives %s", (value, fault) => {
  expect(faultOf({ "cache-control": value })).toBe(fault);
});

test("a response may vary by what its route names, and by credentials when the route is not public", () => {
  expect(faultOf({ vary: "Cookie, Authorization" })).toBeUndefined();
  expect(faultOf({ vary: "Cookie" }, { route: open })).toBe("vary");
  expect(faultOf({ vary: "Accept-Language" }, { route: open })).toBeUndefined();
  expect(faultOf({ vary: "Accept-Language" })).toBe("vary");
  expect(faultOf({ vary: "*" })).toBe("vary");
});

test("Origin and Accept-Encoding are outer middleware's own business, and the route's when the route adds them", () => {
  const outer = { vary: "Origin, Accept-Encoding" };
  expect(faultOf({ vary: "Origin, Accept-Encoding" }, { outer })).toBeUndefined();
  expect(faultOf({ vary: "Origin" })).toBe("vary");
  expect(faultOf({ vary: "Accept-Encoding" })).toBe("vary");
  expect(faultOf({ vary: "X-Tenant" }, { outer: { vary: "X-Tenant" } })).toBe("vary");
});

test("what the route set is stored; what outer middleware set, and what belongs to one answer, is not", () => {
  const outer = { "x-request-id": "1", "x-frame-options": "DENY", "cache-control": "no-cache" };
  const headers = {
    ...outer,
    "cache-control": "max-age=5",
    "content-type": "text/plain",
    "content-length": 2,
    "x-count": 3,
    connection: "close, x-hop",
    "x-hop": "1",
    "transfer-encoding": "chunked",
    date: "now",
    age: "7",
    "cache-status": "Upstream; hit",
    "live-query": "t",
    link: ["<a>", "<b>"],
  };
  const stored = completeResponse({ status: 200, headers, outer }, Buffer.from("hi"));
  expect(Object.fromEntries(stored.headers)).toEqual({
    "cache-control": "max-age=5",
    "content-type": "text/plain",
    "x-count": "3",
    link: ["<a>", "<b>"],
    etag: expect.stringMatching(/^"/) as string,
  });
});

test("an entity tag of the handler's own is kept", () => {
  const head = { status: 200, headers: { etag: 'W/"v7"' }, outer: {} };
  expect(completeResponse(head, Buffer.from("")).headers.get("etag")).toBe('W/"v7"');
});

test.each([
  ["", 300_000],
  ["max-age=60", 60_000],
  ['max-age="60"', 60_000],
  ["max-age=60, s-maxage=10", 10_000],
  ["S-MaxAge = 10", 10_000],
  ["max-age=299", 299_000],
  ["max-age=300", 300_000],
  ["max-age=301", 300_000],
  ["max-age=99999999999999999999", 300_000],
  ["x-max-age=1", 300_000],
  ["stale-while-revalidate=5", 300_000],
])("with a TTL of five minutes, Cache-Control: %s is used for %d ms", (value, ttlMs) => {
  const head = { status: 200, headers: { "cache-control": value }, outer: {} };
  expect(storedTtlMs(head, plain)).toBe(ttlMs);
});

test("what outer middleware says of every response does not shorten what is stored", () => {
  const said = { "cache-control": "max-age=0" };
  expect(faultOf(said, { outer: said })).toBeUndefined();
  expect(storedTtlMs({ status: 200, headers: said, outer: said }, plain)).toBe(300_000);
});

test("404 and 410 are stored where the route says for how long, and nothing else is", () => {
  const absent = resolveCachedOptions({ ttl: "5m", absentTtl: "10s" });
  for (const status of [404, 410]) {
    expect(faultOf({}, { status, route: absent })).toBeUndefined();
    expect(storedTtlMs({ status, headers: {}, outer: {} }, absent)).toBe(10_000);
  }
  for (const status of [204, 400, 403, 405, 500])
    expect(faultOf({}, { status, route: absent })).toBe("status");
});

test.each([
  ["text/plain", 100, undefined],
  ["text/plain", 101, "too-large"],
  ["text/event-stream; charset=utf-8", 1, "streamed"],
  ["multipart/x-mixed-replace", 1, "streamed"],
])("%s with %d of 100 bytes cannot be held because of %s", (type, bytes, fault) => {
  expect(holdFault(type, { bytes, maxBytes: 100 })).toBe(fault);
});

test("an error or a slow answer is no reason to expect the same of the next one", () => {
  const causes = [
    "set-cookie",
    "cache-control",
    "vary",
    "too-large",
    "streamed",
    "status",
    "slow",
    "left",
  ] as const;
  expect(causes.map(isLasting)).toEqual([true, true, true, true, true, false, false, false]);
});
