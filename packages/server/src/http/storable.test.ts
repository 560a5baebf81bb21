import { expect, test } from "vitest";
import { resolveCachedOptions } from "./cached-options.ts";
import type { Headers } from "./field-list.ts";
import { completeResponse, storeFault } from "./storable.ts";

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
