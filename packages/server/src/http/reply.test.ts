import { expect, test } from "vitest";
import type { Resolved } from "../cache/request.ts";
import { resolveCachedOptions } from "./cached-options.ts";
import { replyTo } from "./reply.ts";
import type { ReplyInput } from "./reply.ts";
import type { StoredResponse } from "./stored-response.ts";

const value: StoredResponse = {
  status: 200,
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

const coded = new Map([
  ["br", Buffer.from("brotli")],
  ["gzip", Buffer.from("gzipped")],
] as const);

test("a compressed form goes out with its own length and tag, and says that it was chosen", () => {
  const compressed = { ...resolved, value: { ...value, coded } };
  const asked = reply({ resolved: compressed, request: { "accept-encoding": "gzip, br;q=0.5" } });
  expect(Object.fromEntries(asked.headers)).toMatchObject({
    "content-encoding": "gzip",
    "content-length": "7",
    etag: '"v1-gzip"',
    vary: "x-theme, cookie, authorization, accept-encoding",
  });
  expect(asked.body).toBe(coded.get("gzip"));
  const plain = reply({ resolved: compressed });
  expect(plain.headers.has("content-encoding")).toBe(false);
  expect(plain.headers.get("vary")).toContain("accept-encoding");
  const held = reply({
    resolved: compressed,
    request: { "accept-encoding": "br", "if-none-match": '"v1-gzip"' },
  });
  expect(held.status).toBe(304);
  expect(held.headers.get("etag")).toBe('"v1-gzip"');
  expect(held.headers.has("content-encoding")).toBe(false);
});

test.each([
  ["near", "hit-near", "HIT"],
  ["far", "joined", "HIT"],
  ["load", "joined", "HIT"],
  ["load", "absent", "MISS"],
  ["near", "stale", "STALE"],
  ["far", "grace", "STALE"],
  ["far", "timeout", "STALE"],
] as const)("X-Cache of %s because of %s is %s, where it is asked for", (source, reason, word) => {
  const told = { ...resolved, source, reason };
  expect(reply({ resolved: told }).headers.has("x-cache")).toBe(false);
  const asked = resolveCachedOptions({ ttl: "5m", outward: { source: true } });
  expect(reply({ route: asked, resolved: told }).headers.get("x-cache")).toBe(word);
  const named = resolveCachedOptions({ ttl: "5m", outward: { source: "X-Source" } });
  expect(reply({ route: named, resolved: told }).headers.get("x-source")).toBe(word);
});

test("tags go outward where that is asked for, behind those that stand there", () => {
  const tagged = { ...resolved, tags: ["a b", "c,d"] };
  expect(reply({ resolved: tagged }).headers.has("surrogate-key")).toBe(false);
  const keys = resolveCachedOptions({ ttl: "5m", outward: { surrogate: true } });
  expect(reply({ route: keys, resolved: tagged }).headers.get("surrogate-key")).toBe("a%20b c,d");
  const cacheTags = resolveCachedOptions({ ttl: "5m", outward: { surrogate: "cache-tag" } });
  const standing = { "cache-tag": "edge" };
  expect(reply({ route: cacheTags, resolved: tagged, standing }).headers.get("cache-tag")).toBe(
    "edge,a%20b,c%2Cd",
  );
});

test("an absent thing is answered as absent, and has no 304", () => {
  const absent = { ...resolved, value: { ...value, status: 404 } };
  expect(reply({ resolved: absent, request: { "if-none-match": '"v1"' } }).status).toBe(404);
});
