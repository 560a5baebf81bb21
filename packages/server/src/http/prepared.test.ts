import { expect, test } from "vitest";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { NearHit } from "../cache/request.ts";
import { resolveCachedOptions } from "./cached-options.ts";
import type { Headers } from "./field-list.ts";
import { nearReply } from "./prepared.ts";
import type { StoredResponse } from "./stored-response.ts";

const LOADED_AT_MS = 10_500;

/** An entry of one node's memory, and those who ask for it. */
function setUp() {
  let nowMs = LOADED_AT_MS + 2_300;
  const minted: string[] = [];
  const door = {
    clock: { now: () => nowMs },
    tokens: { mint: ({ key }: { key: string }) => `token ${minted.push(key)}` },
  } as unknown as LiveDoor;
  const hit: NearHit<StoredResponse> = {
    value: {
      status: 200,
      headers: new Map([
        ["content-type", "text/plain"],
        ["etag", '"v1"'],
      ]),
      body: Buffer.from("plain"),
      coded: new Map([["gzip", Buffer.from("packed")]]),
    },
    tags: ["a"],
    position: { epoch: "e1", seq: 7 },
    loadedAtMs: LOADED_AT_MS,
    freshUntilMs: LOADED_AT_MS + 10_000,
    bytes: 100,
    memo: undefined,
  };
  const route = resolveCachedOptions({ ttl: "10s", public: true });
  const lookup = { type: "lookup", key: "http:a", digest: "all", identity: undefined } as const;
  const ask = (headers: Headers = {}, { standing = {} as Headers, of = route } = {}) =>
    nearReply({
      door,
      route: of,
      lookup,
      hit,
      request: { method: "GET", target: "/a", origin: "http://a", headers },
      standing,
    });
  return { ask, minted, wait: (ms: number) => void (nowMs += ms) };
}

test("one answer is made for all who ask alike within a second, and one token for the entry", () => {
  const { ask, minted, wait } = setUp();
  const first = ask();
  expect(ask()).toBe(first);
  wait(699);
  expect(ask()).toBe(first);
  expect(first.headers.get("age")).toBe("2");
  expect(first.headers.get("cache-status")).toContain("ttl=7;");
  wait(1);
  const later = ask();
  expect(later.headers.get("age")).toBe("3");
  expect(later.headers.get("cache-status")).toMatch(/ttl=[67];/);
  expect(later.headers.get("live-query")).toBe("token 1");
  expect(minted).toEqual(["http:a"]);
});

test("answers differ by what is accepted and what is held", () => {
  const { ask } = setUp();
  expect(Buffer.from(ask().body!).toString()).toBe("plain");
  expect(Buffer.from(ask({ "accept-encoding": "gzip" }).body!).toString()).toBe("packed");
  expect(ask({ "if-none-match": '"v1"' }).status).toBe(304);
  expect(ask({ "if-none-match": '"v2"' }).status).toBe(200);
  expect(ask({ "if-modified-since": "Wed, 21 Oct 2015 12:00:00 GMT" }).status).toBe(200);
  expect(ask({ "accept-encoding": "gzip" })).toBe(ask({ "accept-encoding": "gzip" }));
});

test("headers of outer middleware are each request's own", () => {
  const { ask } = setUp();
  expect(ask({}, { standing: { vary: "Origin" } }).headers.get("vary")).toBe("origin, accept-encoding");
  expect(ask({}, { standing: { "x-request-id": "1" } }).headers.get("vary")).toBe("accept-encoding");
});

test("another route with the same key has answers of its own", () => {
  const { ask, minted } = setUp();
  const other = resolveCachedOptions({ ttl: "10s", outward: { source: true } });
  expect(ask().headers.get("cache-control")).toBe("public, no-cache");
  expect(ask({}, { of: other }).headers.get("cache-control")).toBe("private, no-cache");
  expect(ask({}, { of: other }).headers.get("x-cache")).toBe("HIT");
  expect(ask().headers.get("x-cache")).toBeUndefined();
  expect(minted).toHaveLength(3);
});

test("however many ways there are to ask, and however long they are, each gets its answer", () => {
  const { ask } = setUp();
  for (let index = 0; index < 100; index++) {
    const held = `"v${index}"${", ".repeat(index * 10)}`;
    expect(ask({ "if-none-match": held }).status).toBe(index === 1 ? 304 : 200);
  }
});
