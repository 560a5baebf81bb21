import type { Request, RequestHandler } from "express";
import { expect, test } from "vitest";
import { cached } from "../../src/express/express.ts";
import { identify, serve } from "./serve.ts";

const whoIs = (req: Request): string =>
  String(req.headers["authorization"] ?? req.headers["cookie"] ?? "nobody");

test("G8 1,000 requests of 40 users in mixed order: nobody gets another's response, and the cache works", async () => {
  let made = 0;
  const { ask } = await serve(
    (app, live) => {
      app.get("/me", cached(live, { ttl: "5m", vary: ["userId"] }), (req, res) => {
        made++;
        res.json({ for: whoIs(req) });
      });
    },
    { identify },
  );
  const users = Array.from({ length: 1_000 }, (_, index) => `Bearer user${(index * 7) % 40}:student`);
  for (let at = 0; at < users.length; at += 50) {
    const batch = users.slice(at, at + 50);
    const answers = await Promise.all(
      batch.map((authorization) => ask({ path: "/me", headers: { authorization } })),
    );
    expect(answers.map(({ body }) => body)).toEqual(batch.map((user) => JSON.stringify({ for: user })));
  }
  expect(made).toBe(40);
});

test("G8 without a word on how it varies, a request with Cookie or Authorization neither fills nor reads the cache", async () => {
  let made = 0;
  const { get } = await serve((app, live) => {
    app.get("/me", cached(live, { ttl: "5m" }), (req, res) => {
      made++;
      res.json({ for: whoIs(req) });
    });
  });
  const credentials: Record<string, string>[] = [{ cookie: "s=ana" }, { authorization: "Bearer ben" }];
  for (const headers of credentials) {
    expect((await get("/me", headers)).detail).toBe("bypass:credentials");
    expect((await get("/me", headers)).body).toContain(Object.values(headers)[0]!);
  }
  expect(made).toBe(4);
  expect((await get("/me")).body).toContain("nobody");
  expect((await get("/me")).detail).toBe("hit-near");
  expect((await get("/me", { cookie: "s=ana" })).body).toContain("ana");
});

test("G8 an identity that does not come from cookie or authorization goes past the cache too", async () => {
  const fromProxy = ({ headers }: { headers: Record<string, unknown> }) =>
    headers["x-user"] ? { userId: String(headers["x-user"]) } : undefined;
  const { get } = await serve(
    (app, live) => {
      app.get("/me", cached(live, { ttl: "5m" }), (req, res) =>
        res.json({ for: req.headers["x-user"] ?? null }),
      );
    },
    { identify: fromProxy },
  );
  expect(await get("/me", { "x-user": "ana" })).toMatchObject({
    body: '{"for":"ana"}',
    detail: "bypass:identity",
  });
  expect(await get("/me")).toMatchObject({ body: '{"for":null}', detail: "absent" });
  expect((await get("/me", { "x-user": "ben" })).body).toBe('{"for":"ben"}');
});

test("G8 a response is shared by those who agree in the named fields, and not by nobody", async () => {
  const { get } = await serve(
    (app, live) => {
      app.get("/summary", cached(live, { ttl: "5m", vary: ["role"] }), (req, res) =>
        res.json({ for: whoIs(req) }),
      );
    },
    { identify },
  );
  const as = (who: string) => get("/summary", { authorization: `Bearer ${who}` });
  expect((await as("ana:warden")).body).toContain("ana");
  expect(await as("ben:warden")).toMatchObject({ body: '{"for":"Bearer ana:warden"}', detail: "hit-near" });
  expect((await as("cid:student")).body).toContain("cid");
  expect((await get("/summary")).body).toContain("nobody");
});

test("G8 a public route shares one response, and says so to other caches", async () => {
  const { get } = await serve((app, live) => {
    app.get("/news", cached(live, { ttl: "5m", public: true }), (_req, res) =>
      res.json({ at: performance.now() }),
    );
  });
  const first = await get("/news", { cookie: "s=ana" });
  const second = await get("/news", { authorization: "Bearer ben" });
  expect(second.body).toBe(first.body);
  expect(second.headers["cache-control"]).toBe("public, no-cache");
  expect(second.headers["vary"]).toBeUndefined();
});

test("G8 what is made for an identity tells other caches to keep out", async () => {
  const { get } = await serve(
    (app, live) => {
      app.get("/me", cached(live, { ttl: "5m", vary: ["userId"] }), (_req, res) => res.json({}));
    },
    { identify },
  );
  for (const detail of ["absent", "hit-near"]) {
    const { headers, ...answer } = await get("/me", { authorization: "Bearer ana:student" });
    expect(answer.detail).toBe(detail);
    expect(headers["cache-control"]).toBe("private, no-cache");
    expect(headers["vary"]).toBe("cookie, authorization");
  }
});

test.each([
  { what: "Set-Cookie", cause: "set-cookie", headers: { "Set-Cookie": "s=1" } },
  { what: "no-store", cause: "cache-control", headers: { "Cache-Control": "no-store" } },
  { what: "private", cause: "cache-control", headers: { "Cache-Control": "private, max-age=60" } },
  { what: "Vary: *", cause: "vary", headers: { Vary: "*" } },
  { what: "Vary on a header not named", cause: "vary", headers: { Vary: "Accept-Language" } },
  { what: "status 500", cause: "status", status: 500 },
  { what: "status 404", cause: "status", status: 404 },
  { what: "status 302", cause: "status", status: 302, headers: { Location: "/elsewhere" } },
  { what: "status 203", cause: "status", status: 203 },
])("G8 a response with $what is passed on and not stored", async ({ cause, headers = {}, status = 200 }) => {
  let made = 0;
  const { get } = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), (_req, res) => {
      made++;
      res.status(status).set(headers).json({ made });
    });
  });
  for (const count of [1, 2]) {
    const answer = await get("/a");
    expect(answer).toMatchObject({ status, body: `{"made":${count}}`, detail: `not-storable:${cause}` });
    for (const [name, value] of Object.entries(headers)) {
      expect(String(answer.headers[name.toLowerCase()]).toLowerCase()).toContain(value.toLowerCase());
    }
  }
});

test("G8 a cookie that middleware behind cached sets at the last moment keeps the response from being stored", async () => {
  let made = 0;
  const { get } = await serve((app, live) => {
    const lastMoment: RequestHandler = (_req, res, next) => {
      const { writeHead } = res;
      res.writeHead = (...args: unknown[]) => {
        res.setHeader("Set-Cookie", `s=${made}`);
        return writeHead.apply(res, args as never);
      };
      next();
    };
    app.get("/sent", cached(live, { ttl: "5m" }), lastMoment, (_req, res) => res.json({ made: ++made }));
    app.get("/written", cached(live, { ttl: "5m" }), lastMoment, (_req, res) => {
      res.write(`${++made}`);
      res.end();
    });
  });
  for (const [count, path] of ["/sent", "/sent", "/written", "/written"].entries()) {
    const answer = await get(path);
    expect(answer.detail).toBe("not-storable:set-cookie");
    expect(answer.body).toContain(String(count + 1));
    expect(answer.headers["set-cookie"]).toEqual([`s=${count + 1}`]);
  }
});

test("G8 identify is asked once per request, whatever asks, and its failure goes to error handling", async () => {
  let asked = 0;
  const { get } = await serve(
    (app, live) => {
      app.use(cached(live, { ttl: "5m" }));
      app.get("/me", cached(live, { ttl: "5m", vary: ["userId"] }), (_req, res) => res.json({}));
    },
    {
      identify({ headers }) {
        asked++;
        if (headers["x-broken"]) throw new Error("session store is down");
        return { userId: "ana", role: "warden" };
      },
    },
  );
  expect((await get("/me")).headers["cache-status"]).toMatch(/bypass:identity, Livecache; .*absent$/);
  expect(asked).toBe(1);
  const failed = await get("/me", { "x-broken": "1" });
  expect(failed.status).toBe(500);
  expect(failed.body).toContain("session store is down");
});

test("G8 a misspelt identity field is an error on the first request", async () => {
  const { get } = await serve(
    (app, live) => {
      app.get("/me", cached(live, { ttl: "5m", vary: ["userID"] }), (_req, res) => res.json({}));
    },
    { identify },
  );
  const answer = await get("/me", { authorization: "Bearer ana:student" });
  expect(answer.status).toBe(500);
  expect(answer.body).toContain("no field &quot;userID&quot;");
});

test("G8 a route that is cached twice is an error on the first request, and not a wider sharing", async () => {
  const { get } = await serve(
    (app, live) => {
      app.use(cached(live, { ttl: "5m", vary: ["role"] }));
      app.get("/me", cached(live, { ttl: "5m", vary: ["userId"] }), (req, res) =>
        res.json({ for: whoIs(req) }),
      );
    },
    { identify },
  );
  for (const user of ["ana", "ben"]) {
    const answer = await get("/me", { authorization: `Bearer ${user}:student` });
    expect(answer.status).toBe(500);
    expect(answer.body).toContain("GET /me goes through cached twice");
  }
});
