import { expect, test } from "vitest";
import { cached } from "../../src/express/express.ts";
import { serve } from "./serve.ts";

const page = (made: { count: number }) => (_req: unknown, res: { json(body: object): void }) => {
  made.count++;
  res.json({ title: "page" });
};

async function site(made = { count: 0 }) {
  return serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), page(made));
  });
}

test("a response has a strong ETag, and whoever holds it gets 304 with the same headers and no body", async () => {
  const { get } = await site();
  const first = await get("/a");
  const etag = String(first.headers["etag"]);
  expect(etag).toMatch(/^"[\w-]{27}"$/);
  for (const condition of [etag, `W/${etag}`, `"other", W/${etag}`, "*"]) {
    const again = await get("/a", { "if-none-match": condition });
    expect(again).toMatchObject({ status: 304, body: "", detail: "hit-near" });
    for (const name of ["etag", "vary", "cache-control", "live-position", "live-query"]) {
      expect(again.headers[name]).toBe(first.headers[name]);
    }
    expect(again.headers["content-type"]).toBeUndefined();
    expect(again.headers["content-length"]).toBeUndefined();
  }
  expect(await get("/a", { "if-none-match": '"other"' })).toMatchObject({ status: 200, body: first.body });
});

test("a conditional request on an empty cache stores the whole response, and is answered 304 if it holds that", async () => {
  const one = await site();
  const etag = String((await one.get("/a")).headers["etag"]);
  const { get } = await site();
  expect(await get("/a", { "if-none-match": etag })).toMatchObject({
    status: 304,
    body: "",
    detail: "absent",
  });
  expect(await get("/a")).toMatchObject({ status: 200, body: '{"title":"page"}', detail: "hit-near" });
});

test("an Express 304 cannot be stored: the handler sees an unconditional request, and its own one afterwards", async () => {
  const seen: unknown[] = [];
  const { get } = await serve((app, live) => {
    app.use((req, res, next) => {
      res.on("finish", () => seen.push(req.method, req.headers["if-none-match"]));
      next();
    });
    app.get("/a", cached(live, { ttl: "5m" }), (req, res) => {
      seen.push(req.method, req.headers["if-none-match"], req.fresh);
      res.set("ETag", '"mine"').json({});
    });
  });
  expect((await get("/a", { "if-none-match": '"mine"' })).status).toBe(304);
  expect(seen).toEqual(["GET", undefined, false, "GET", '"mine"']);
});

test("If-Modified-Since is answered from the handler's Last-Modified", async () => {
  const noon = "Wed, 21 Oct 2015 12:00:00 GMT";
  const { get } = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), (_req, res) => res.set("Last-Modified", noon).json({}));
  });
  expect((await get("/a", { "if-modified-since": noon })).status).toBe(304);
  expect((await get("/a", { "if-modified-since": "Wed, 21 Oct 2015 11:59:59 GMT" })).status).toBe(200);
});

test("HEAD is answered from the entry of GET, and fills it", async () => {
  const made = { count: 0 };
  const { ask, get } = await site(made);
  const head = await ask({ method: "HEAD", path: "/a" });
  expect(head).toMatchObject({ status: 200, body: "", detail: "absent" });
  const whole = await get("/a");
  expect(whole).toMatchObject({ body: '{"title":"page"}', detail: "hit-near" });
  const again = await ask({ method: "HEAD", path: "/a" });
  expect(again).toMatchObject({ status: 200, body: "", detail: "hit-near" });
  for (const name of ["etag", "content-type", "content-length", "vary", "cache-control"]) {
    expect(head.headers[name]).toBe(whole.headers[name]);
    expect(again.headers[name]).toBe(whole.headers[name]);
  }
  expect(made.count).toBe(1);
});

test("a handler sees HEAD as GET while it runs, and everybody else as HEAD", async () => {
  const seen: string[] = [];
  const { ask } = await serve((app, live) => {
    app.use((req, res, next) => {
      res.on("finish", () => seen.push(req.method));
      next();
    });
    app.get("/a", cached(live, { ttl: "5m" }), (req, res) => {
      seen.push(req.method);
      res.status(404).json({});
    });
  });
  expect(await ask({ method: "HEAD", path: "/a" })).toMatchObject({ status: 404, body: "" });
  expect(seen).toEqual(["GET", "HEAD"]);
});

test("a hit says how old it is, and an ETag changes with the body", async () => {
  let version = 1;
  const { get, live } = await serve((app, l) => {
    app.get("/a", cached(l, { ttl: "5m", tags: ["a"] }), (_req, res) => res.json({ version }));
  });
  const first = await get("/a");
  expect(first.headers["age"]).toBeUndefined();
  expect((await get("/a")).headers["age"]).toBe("0");
  version = 2;
  await live.change({ tags: ["a"] });
  const second = await get("/a", { "if-none-match": String(first.headers["etag"]) });
  expect(second).toMatchObject({ status: 200, body: '{"version":2}', detail: "changed" });
  expect(second.headers["etag"]).not.toBe(first.headers["etag"]);
});
