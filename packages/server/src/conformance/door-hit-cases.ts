import assert from "node:assert/strict";
import { REASONS } from "../base/reasons.ts";
import { eventually } from "./eventually.ts";
import { counted, createGate } from "./door-site.ts";
import type { DoorCase } from "./door-site.ts";

const TTL = { ttl: "5m" } as const;

/** Hits, revalidation, and the headers around them. */
export const doorHitCases: readonly DoorCase[] = [
  [
    "the first request runs the handler, the next is answered without it",
    async (open) => {
      const handler = counted();
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      const [miss, hit] = [await get("/a"), await get("/a")];
      assert.deepEqual([miss.status, miss.text, miss.detail], [200, "1", "absent"]);
      assert.deepEqual([hit.status, hit.text, hit.detail], [200, "1", "hit-near"]);
      assert.equal(hit.headers["content-type"], miss.headers["content-type"]);
      assert.equal(hit.headers["content-length"], "1");
      assert.equal(handler.runs(), 1);
    },
  ],
  [
    "of fifty requests at once for a missing response, one runs the handler and all are answered from it",
    async (open) => {
      const gate = createGate();
      const handler = counted(async (run) => {
        await gate.opened;
        return { body: String(run) };
      });
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      const asked = Array.from({ length: 50 }, () => get("/a"));
      await eventually("the handler runs", () => handler.runs() > 0);
      gate.open();
      for (const { status, text } of await Promise.all(asked)) assert.deepEqual([status, text], [200, "1"]);
      assert.equal(handler.runs(), 1);
    },
  ],
  [
    "every response of a cached route gives a reason from the closed list in Cache-Status",
    async (open) => {
      const ok = counted();
      const { get, ask } = await open({
        routes: [
          { path: "/ok", cached: TTL, handle: ok.handle },
          { path: "/gone", cached: TTL, handle: () => ({ status: 404, body: "gone" }) },
        ],
      });
      const replies = [await get("/ok"), await get("/ok"), await get("/gone")];
      replies.push(await ask({ path: "/ok", headers: { range: "bytes=0-1" } }));
      for (const { headers, detail } of replies) {
        assert.match(String(headers["cache-status"]), /^Livecache; (?:hit|fwd=[a-z-]+);/);
        const reason = detail?.split(":")[0] as (typeof REASONS)[number];
        assert(REASONS.includes(reason), `${detail} is no reason`);
      }
    },
  ],
  [
    "the answer carries a position and a live-query token, on a miss and on a hit",
    async (open) => {
      const { get } = await open({
        routes: [{ path: "/a", cached: { ...TTL, tags: ["a"] }, handle: counted().handle }],
      });
      const [miss, hit] = [await get("/a"), await get("/a")];
      for (const { headers } of [miss, hit]) {
        assert.match(String(headers["live-position"]), /^[0-9a-z]+\.\d+$/);
        assert(String(headers["live-query"] ?? "").length > 20);
      }
      assert.equal(hit.headers["live-position"], miss.headers["live-position"]);
    },
  ],
  [
    "HEAD has the headers of GET and no body, as a hit and as a miss, and shares the entry with GET",
    async (open) => {
      const handler = counted(() => ({ body: "0123456789", headers: { "content-type": "text/plain" } }));
      const { get, ask } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      const head = await ask({ method: "HEAD", path: "/a" });
      const hit = await ask({ method: "HEAD", path: "/a" });
      const whole = await get("/a");
      assert.equal(handler.runs(), 1);
      assert.equal(whole.text, "0123456789");
      for (const { status, bytes, headers } of [head, hit]) {
        assert.deepEqual([status, bytes.length, headers["content-length"]], [200, 0, "10"]);
        assert.equal(headers["etag"], whole.headers["etag"]);
        assert.equal(headers["content-type"], whole.headers["content-type"]);
      }
    },
  ],
  [
    "a handler runs as if a plain GET without conditions had come in",
    async (open) => {
      const handler = counted((_run, { method, headers }) => ({
        body: JSON.stringify([method, headers["if-none-match"] ?? null]),
      }));
      const { get, ask } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      await ask({ method: "HEAD", path: "/a", headers: { "if-none-match": '"x"' } });
      assert.equal((await get("/a")).text, '["GET",null]');
    },
  ],
  [
    "If-None-Match is answered with 304 for a tag, a weak tag, a list with the tag, and *",
    async (open) => {
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: counted().handle }] });
      const etag = String((await get("/a")).headers["etag"]);
      assert.match(etag, /^"[^"]+"$/);
      for (const wanted of [etag, `W/${etag}`, `"other", ${etag}`, `"a,b",W/${etag}`, "*"]) {
        const { status, bytes, headers } = await get("/a", { "if-none-match": wanted });
        assert.deepEqual([wanted, status, bytes.length, headers["etag"]], [wanted, 304, 0, etag]);
      }
      assert.equal((await get("/a", { "if-none-match": '"other"' })).status, 200);
    },
  ],
  [
    "a 304 has no headers of a body, and those of the 200 otherwise",
    async (open) => {
      const answer = { body: "x", headers: { "content-type": "text/plain", "x-own": "own" } };
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: () => answer }] });
      const whole = await get("/a");
      const same = await get("/a", { "if-none-match": String(whole.headers["etag"]) });
      assert.equal(same.status, 304);
      for (const name of ["content-type", "content-length", "content-encoding", "transfer-encoding"]) {
        assert.equal(same.headers[name], undefined, name);
      }
      for (const name of ["x-own", "etag", "vary", "cache-control", "live-query"]) {
        assert.equal(same.headers[name], whole.headers[name], name);
      }
    },
  ],
  [
    "a first request that holds the tag already is a 304, too, be it GET or HEAD",
    async (open) => {
      const handle = () => ({ body: "x", headers: { "content-type": "text/plain" } });
      const plan = { routes: [{ path: "/a", cached: TTL, handle }] };
      const etag = String((await (await open(plan)).get("/a")).headers["etag"]);
      for (const method of ["GET", "HEAD"]) {
        const { ask } = await open(plan);
        for (const detail of ["absent", "hit-near"]) {
          const reply = await ask({ method, path: "/a", headers: { "if-none-match": etag } });
          assert.deepEqual([reply.status, reply.detail, reply.bytes.length], [304, detail, 0]);
          assert.equal(reply.headers["content-length"], undefined);
          assert.equal(reply.headers["content-type"], undefined);
        }
      }
    },
  ],
  [
    "an entity tag of the handler's own is kept",
    async (open) => {
      const handle = () => ({ body: "x", headers: { etag: '"mine"' } });
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle }] });
      for (const { headers } of [await get("/a"), await get("/a")]) assert.equal(headers["etag"], '"mine"');
      assert.equal((await get("/a", { "if-none-match": '"mine"' })).status, 304);
    },
  ],
  [
    "the order of query parameters does not matter, their values do",
    async (open) => {
      const handler = counted();
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      const paths = ["/a?x=1&y=2", "/a?y=2&x=1", "/a?x=2&y=1", "/a", "/a?x=1&x=2", "/a?x=2&x=1"];
      const texts: string[] = [];
      for (const path of paths) texts.push((await get(path)).text);
      assert.deepEqual(texts, ["1", "1", "2", "3", "4", "5"]);
    },
  ],
  [
    "headers that middleware sets before and after stand on a miss, a hit and a 304",
    async (open) => {
      const { get } = await open({
        before: { "x-before": "b", "cache-control": "private, max-age=0" },
        after: { "x-after": "a" },
        routes: [{ path: "/a", cached: TTL, handle: counted().handle }],
      });
      const miss = await get("/a");
      const etag = String(miss.headers["etag"]);
      const replies = [miss, await get("/a"), await get("/a", { "if-none-match": etag })];
      assert.deepEqual(
        replies.map(({ headers }) => [headers["x-before"], headers["x-after"], headers["cache-control"]]),
        replies.map(() => ["b", "a", "private, max-age=0"]),
      );
    },
  ],
  [
    "a Vary of middleware is joined with the route's own",
    async (open) => {
      const { get } = await open({
        before: { vary: "Origin" },
        routes: [{ path: "/a", cached: { ...TTL, vary: ["header:x-a"] }, handle: counted().handle }],
      });
      for (const { headers } of [await get("/a"), await get("/a")]) {
        const members = String(headers["vary"]).toLowerCase().split(", ").sort();
        assert.deepEqual(members, ["authorization", "cookie", "origin", "x-a"]);
      }
    },
  ],
  [
    "a text is sent in the coding that the client accepts, each with an entity tag of its own",
    async (open) => {
      const body = "livecache ".repeat(500);
      const handle = () => ({ body, headers: { "content-type": "text/plain" } });
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle }] });
      assert.equal((await get("/a")).text, body);
      const tags = new Set<unknown>();
      for (const coding of ["br", "gzip", undefined]) {
        const reply = await get("/a", coding === undefined ? {} : { "accept-encoding": coding });
        assert.equal(reply.headers["content-encoding"], coding);
        assert.equal(reply.bytes.length < body.length, coding !== undefined);
        assert.match(String(reply.headers["vary"]), /accept-encoding/i);
        tags.add(reply.headers["etag"]);
      }
      assert.equal(tags.size, 3);
    },
  ],
  [
    "where the route asks for it, X-Cache says HIT, MISS and BYPASS",
    async (open) => {
      const cached = { ...TTL, outward: { source: true } };
      const { get } = await open({ routes: [{ path: "/a", cached, handle: counted().handle }] });
      const replies = [await get("/a"), await get("/a"), await get("/a", { cookie: "s=1" })];
      assert.deepEqual(
        replies.map(({ headers }) => headers["x-cache"]),
        ["MISS", "HIT", "BYPASS"],
      );
    },
  ],
];
