import assert from "node:assert/strict";
import { counted } from "./door-site.ts";
import type { DoorCase } from "./door-site.ts";

const TTL = { ttl: "5m" } as const;
const ANA = { authorization: "Bearer ana:student" };
const BEN = { authorization: "Bearer ben:student" };
const CLEO = { authorization: "Bearer cleo:warden" };

/** Who may be answered from what. */
export const doorAudienceCases: readonly DoorCase[] = [
  [
    "two people never share a response that varies by person",
    async (open) => {
      const handler = counted((run, { headers }) => ({ body: `${run} ${String(headers["authorization"])}` }));
      const cached = { ...TTL, vary: ["userId"] };
      const { get } = await open({ routes: [{ path: "/me", cached, handle: handler.handle }] });
      const people = [ANA, BEN, CLEO, ANA, BEN, CLEO];
      const replies = await Promise.all(people.map((person) => get("/me", person)));
      for (const [index, { text }] of replies.entries()) assert(text.endsWith(people[index]!.authorization));
      assert.equal(handler.runs(), 3);
    },
  ],
  [
    "people of one role share a response that varies by role, others do not",
    async (open) => {
      const cached = { ...TTL, vary: ["role"] };
      const { get } = await open({ routes: [{ path: "/a", cached, handle: counted().handle }] });
      const texts: string[] = [];
      for (const person of [ANA, BEN, CLEO]) texts.push((await get("/a", person)).text);
      assert.deepEqual(texts, ["1", "1", "2"]);
    },
  ],
  [
    "nobody and somebody never share a response that varies by person",
    async (open) => {
      const cached = { ...TTL, vary: ["userId"] };
      const { get } = await open({ routes: [{ path: "/me", cached, handle: counted().handle }] });
      const texts: string[] = [];
      for (const headers of [{}, ANA, {}, ANA]) texts.push((await get("/me", headers)).text);
      assert.deepEqual(texts, ["1", "2", "1", "2"]);
    },
  ],
  [
    "credentials go past a route that does not say how it varies, and leave nothing behind",
    async (open) => {
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: counted().handle }] });
      const replies = [await get("/a", { cookie: "s=1" }), await get("/a", ANA), await get("/a")];
      assert.deepEqual(
        replies.map(({ text, detail }) => [text, detail]),
        [
          ["1", "bypass:credentials"],
          ["2", "bypass:credentials"],
          ["3", "absent"],
        ],
      );
    },
  ],
  [
    "a public route is the same for everybody",
    async (open) => {
      const cached = { ...TTL, public: true };
      const { get } = await open({ routes: [{ path: "/a", cached, handle: counted().handle }] });
      const texts: string[] = [];
      const people: readonly Readonly<Record<string, string>>[] = [ANA, { cookie: "s=1" }, {}];
      for (const headers of people) texts.push((await get("/a", headers)).text);
      assert.deepEqual(texts, ["1", "1", "1"]);
      assert.match(String((await get("/a")).headers["cache-control"]), /public/);
    },
  ],
  [
    "a header that the route names is part of the key, and of Vary",
    async (open) => {
      const handler = counted((_run, { headers }) => ({ body: String(headers["accept-language"]) }));
      const cached = { ...TTL, vary: ["header:accept-language"] };
      const { get } = await open({ routes: [{ path: "/a", cached, handle: handler.handle }] });
      for (const language of ["de", "en", "de", "en"]) {
        const { text, headers } = await get("/a", { "accept-language": language });
        assert.equal(text, language);
        assert.match(String(headers["vary"]), /accept-language/i);
      }
      assert.equal(handler.runs(), 2);
    },
  ],
  [
    "a response that varies by a header the route does not name is not stored",
    async (open) => {
      const handler = counted((run) => ({ body: String(run), headers: { vary: "X-Tenant" } }));
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      for (const run of ["1", "2"]) {
        const { text, detail, headers } = await get("/a");
        assert.deepEqual([text, detail], [run, "not-storable:vary"]);
        assert.match(String(headers["vary"]), /x-tenant/i);
      }
    },
  ],
  [
    "a response that sets a cookie is not stored, and keeps all its cookies",
    async (open) => {
      const cookies = ["a=1; Path=/", "b=2; Path=/"];
      const handler = counted((run) => ({ body: String(run), headers: { "set-cookie": cookies } }));
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      for (const run of ["1", "2"]) {
        const { text, detail, headers } = await get("/a");
        assert.deepEqual([text, detail, headers["set-cookie"]], [run, "not-storable:set-cookie", cookies]);
      }
    },
  ],
  [
    "a response that says private, no-store or a lifetime of 0 is not stored, and says so to the client",
    async (open) => {
      const values = ["private", "no-store", "max-age=0", 'private="x"', "public, s-maxage=0"];
      const handler = counted();
      const routes = values.map((value, index) => ({
        path: `/${index}`,
        cached: TTL,
        handle: async (given: Parameters<typeof handler.handle>[0]) => ({
          ...(await handler.handle(given)),
          headers: { "cache-control": value },
        }),
      }));
      const { get } = await open({ routes });
      for (const [index, value] of values.entries()) {
        await get(`/${index}`);
        const { detail, headers } = await get(`/${index}`);
        assert.deepEqual([detail, headers["cache-control"]], ["not-storable:cache-control", value]);
      }
      assert.equal(handler.runs(), values.length * 2);
    },
  ],
  [
    "another status than 200 is not stored, and reaches the client unharmed",
    async (open) => {
      const handler = counted((run) => ({ status: 404, body: `no ${run}`, headers: { "x-own": "1" } }));
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      for (const run of [1, 2]) {
        const { status, text, headers, detail } = await get("/a");
        assert.deepEqual([status, text, headers["x-own"]], [404, `no ${run}`, "1"]);
        assert.equal(detail, "not-storable:status");
      }
    },
  ],
  [
    "with absentTtl a 404 is stored, with its status",
    async (open) => {
      const handler = counted((run) => ({ status: 404, body: `no ${run}` }));
      const cached = { ...TTL, absentTtl: "1m", tags: ["a"] } as const;
      const { get } = await open({ routes: [{ path: "/a", cached, handle: handler.handle }] });
      const [miss, hit] = [await get("/a"), await get("/a")];
      assert.deepEqual([miss.status, miss.text, miss.detail], [404, "no 1", "absent"]);
      assert.deepEqual([hit.status, hit.text, hit.detail], [404, "no 1", "hit-near"]);
    },
  ],
  [
    "a redirect reaches the client each time",
    async (open) => {
      const handler = counted(() => ({ status: 302, headers: { location: "/b" } }));
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      for (const { status, headers } of [await get("/a"), await get("/a")]) {
        assert.deepEqual([status, headers["location"]], [302, "/b"]);
      }
      assert.equal(handler.runs(), 2);
    },
  ],
  [
    "a POST passes, and what it answers is not stored",
    async (open) => {
      const handler = counted();
      const { ask, get } = await open({
        routes: [
          { method: "POST", path: "/a", cached: TTL, handle: handler.handle },
          { path: "/a", cached: TTL, handle: handler.handle },
        ],
      });
      for (const run of ["1", "2"]) {
        const { text, detail } = await ask({ method: "POST", path: "/a" });
        assert.deepEqual([text, detail], [run, "bypass:method"]);
      }
      assert.equal((await get("/a")).text, "3");
    },
  ],
  [
    "a request for a range, or with a precondition, passes",
    async (open) => {
      const handler = counted();
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      await get("/a");
      const replies = [await get("/a", { range: "bytes=0-1" }), await get("/a", { "if-match": '"x"' })];
      assert.deepEqual(
        replies.map(({ text, detail }) => [text, detail]),
        [
          ["2", "bypass:range"],
          ["3", "bypass:range"],
        ],
      );
    },
  ],
  [
    "Cache-Control of a client is obeyed only where the route says so",
    async (open) => {
      const obeys = { ...TTL, outward: { reload: true } };
      const { get } = await open({
        routes: [
          { path: "/a", cached: TTL, handle: counted().handle },
          { path: "/b", cached: obeys, handle: counted().handle },
        ],
      });
      for (const path of ["/a", "/b"]) await get(path);
      const reload = { "cache-control": "no-cache" };
      assert.equal((await get("/a", reload)).detail, "hit-near");
      assert.equal((await get("/b", reload)).detail, "bypass:reload");
    },
  ],
];
