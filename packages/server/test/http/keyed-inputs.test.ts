import { expect, test } from "vitest";
import { cached, pathTag } from "../../src/express/express.ts";
import { serve } from "./serve.ts";

test("G8 the order of query parameters does not matter, the order of repeated ones does", async () => {
  const { get } = await serve((app, live) => {
    app.get("/list", cached(live, { ttl: "5m" }), (req, res) => res.json(req.query));
  });
  expect((await get("/list?a=1&b=2")).detail).toBe("absent");
  expect((await get("/list?b=2&a=1")).detail).toBe("hit-near");
  expect((await get("/list?a=1&b=3")).detail).toBe("absent");
  expect((await get("/list?a=1&a=2")).body).toBe('{"a":["1","2"]}');
  expect((await get("/list?a=2&a=1")).body).toBe('{"a":["2","1"]}');
});

test("G8 an encoded slash is part of a segment, and different from a slash", async () => {
  const { get } = await serve((app, live) => {
    app.get("/files/:name", cached(live, { ttl: "5m" }), (req, res) => res.json({ one: req.params["name"] }));
    app.get("/files/:dir/:name", cached(live, { ttl: "5m" }), (req, res) => res.json({ two: req.params }));
  });
  expect((await get("/files/a%2Fb")).body).toBe('{"one":"a/b"}');
  expect((await get("/files/a/b")).body).toBe('{"two":{"dir":"a","name":"b"}}');
  expect((await get("/files/a%2fb")).detail).toBe("hit-near");
});

test.each([
  "/files/%2A",
  "/files/a%3Ab%0D%0A",
  `/files/${"x".repeat(2_000)}`,
  `/files/a?${"q=1&".repeat(300)}`,
])("G8 an awkward target is cached like any other: %.40s", async (target) => {
  const { get } = await serve((app, live) => {
    app.get("/files/:name", cached(live, { ttl: "5m" }), (req, res) => res.json(req.params));
  });
  const first = await get(target);
  expect(first).toMatchObject({ status: 200, detail: "absent" });
  expect(await get(target)).toMatchObject({ body: first.body, detail: "hit-near" });
});

test("G8 a badly encoded target goes past the cache", async () => {
  const { get } = await serve((app, live) => {
    app.use("/files", cached(live, { ttl: "5m" }), (_req, res) => res.json({}));
  });
  expect((await get("/files/%zz")).detail).toBe("bypass:target");
});

test("G8 X-Forwarded-Host poisons nothing: believed by Express it is keyed, otherwise the handler does not see it", async () => {
  for (const trusted of [false, true]) {
    const { get } = await serve((app, live) => {
      app.set("trust proxy", trusted);
      app.get("/link", cached(live, { ttl: "5m" }), (req, res) =>
        res.json({ link: `${req.protocol}://${req.host}/` }),
      );
    });
    const poison = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" };
    expect((await get("/link", poison)).body.includes("evil")).toBe(trusted);
    expect((await get("/link")).body).not.toContain("evil");
  }
});

test("G8 a header that a handler reads by itself is keyed once the route names it", async () => {
  const { get } = await serve((app, live) => {
    const vary = ["header:x-forwarded-host"];
    app.get("/named", cached(live, { ttl: "5m", vary }), (req, res) =>
      res.json(req.headers["x-forwarded-host"] ?? ""),
    );
  });
  expect((await get("/named", { "x-forwarded-host": "evil.example" })).body).toContain("evil");
  const { body, headers } = await get("/named");
  expect(body).toBe('""');
  expect(headers["vary"]).toContain("x-forwarded-host");
});

test("G8 two hosts of one application share nothing", async () => {
  const { get } = await serve((app, live) => {
    app.get("/home", cached(live, { ttl: "5m" }), (req, res) => res.json({ tenant: req.hostname }));
  });
  expect((await get("/home", { host: "a.example" })).body).toBe('{"tenant":"a.example"}');
  expect((await get("/home", { host: "b.example" })).body).toBe('{"tenant":"b.example"}');
  expect((await get("/home", { host: "A.example" })).detail).toBe("hit-near");
});

test("G8 a GET with a body goes past the cache, because the body is not keyed", async () => {
  const { ask, get } = await serve((app, live) => {
    app.get("/search", cached(live, { ttl: "5m" }), (req, res) => {
      let body = "";
      req.on("data", (chunk: Buffer) => (body += chunk.toString()));
      req.on("end", () => res.json({ body }));
    });
  });
  const fat = await ask({ path: "/search", headers: { "content-length": "4" }, body: "evil" });
  expect(fat).toMatchObject({ body: '{"body":"evil"}', detail: "bypass:body" });
  expect((await get("/search")).body).toBe('{"body":""}');
});

test("G8 only GET and HEAD are cached, and a Range goes past", async () => {
  const { ask, get } = await serve((app, live) => {
    app.all("/a", cached(live, { ttl: "5m" }), (req, res) => res.json({ method: req.method }));
  });
  expect(await ask({ method: "POST", path: "/a" })).toMatchObject({
    body: '{"method":"POST"}',
    detail: "bypass:method",
  });
  expect((await get("/a", { range: "bytes=0-3" })).detail).toBe("bypass:range");
});

test("a change of a path's tag, or deletePattern, forgets every variant at and below the path, and nothing beside it", async () => {
  const { get, live } = await serve((app, l) => {
    app.use(cached(l, { ttl: "5m" }), (_req, res) => res.json({}));
  });
  const paths = [
    "/api/audits",
    "/api/audits?page=2",
    "/api/audits/7",
    "/api/audits/7/photos?x=1",
    "/api/auditsX",
    "/api",
  ];
  const details = async () => Promise.all(paths.map(async (path) => (await get(path)).detail));
  await details();
  expect(await details()).toEqual(paths.map(() => "hit-near"));
  await live.change({ tags: [pathTag("/api/audits")], wait: "applied" });
  expect(await details()).toEqual(["changed", "changed", "changed", "changed", "hit-near", "hit-near"]);
  await live.cache.deletePattern("http:api:audits:7:*");
  expect(await details()).toEqual(["hit-near", "hit-near", "changed", "changed", "hit-near", "hit-near"]);
});
