import { expect, test } from "vitest";
import { cached, liveErrors } from "../../src/express/express.ts";
import { createGate, serve } from "./serve.ts";

test("X-Cache says HIT, MISS or BYPASS on every response of a route that asks for it, however it leaves", async () => {
  const { ask, get } = await serve((app, live) => {
    const outward = { source: true } as const;
    const route = cached(live, { ttl: "medium", maxBytes: 100, outward });
    app.all("/a", route, (_req, res) => void res.json({}));
    app.get("/large", route, (_req, res) => void res.end("x".repeat(101)));
    app.get("/broken", route, (_req, res) => void res.status(500).end());
    app.get("/named", cached(live, { ttl: "5m", outward: { source: "X-Source" } }), (_req, res) =>
      res.json({}),
    );
    app.get("/quiet", cached(live, "medium"), (_req, res) => void res.json({}));
  });
  expect((await get("/a")).headers["x-cache"]).toBe("MISS");
  expect((await get("/a")).headers["x-cache"]).toBe("HIT");
  expect((await get("/a", { cookie: "s=1" })).headers["x-cache"]).toBe("BYPASS");
  expect((await ask({ method: "POST", path: "/a" })).headers["x-cache"]).toBe("BYPASS");
  for (const path of ["/large", "/broken"]) expect((await get(path)).headers["x-cache"]).toBe("MISS");
  expect((await get("/named")).headers["x-source"]).toBe("MISS");
  expect((await get("/quiet")).headers["x-cache"]).toBeUndefined();
  expect((await get("/quiet")).detail).toBe("hit-near");
});

test("tags go outward on a miss and on hits from memory and ground, and what no network takes is left out with one warning", async () => {
  const warnings: string[] = [];
  const many = Array.from({ length: 100 }, (_, index) => `${index}:${"x".repeat(200)}`);
  const { get } = await serve(
    (app, live) => {
      const outward = { surrogate: true } as const;
      app.get("/a", cached(live, { ttl: "5m", tags: ["hostel:1", "ü b"], outward }), (_req, res) =>
        res.json({}),
      );
      app.get("/many", cached(live, { ttl: "5m", tags: many, outward }), (_req, res) => res.json({}));
    },
    { logger: { warn: (message: string) => void warnings.push(message) } } as never,
  );
  for (const detail of ["absent", "hit-near"]) {
    const answer = await get("/a");
    expect(answer.detail).toBe(detail);
    expect(answer.headers["surrogate-key"]).toBe("hostel:1 %C3%BC%20b");
  }
  expect(warnings).toEqual([]);
  for (const detail of ["absent", "hit-near"]) {
    const answer = await get("/many");
    expect(answer.detail).toBe(detail);
    expect(String(answer.headers["surrogate-key"]).split(" ")).toEqual(many.slice(0, 80));
  }
  await get("/many?again");
  expect(warnings).toEqual([
    expect.stringContaining("surrogate-key: the tags of a response are longer than 16 KB"),
  ]);
});

test("a request that says no-cache goes past the cache only where the route obeys it, and empties nothing", async () => {
  let made = 0;
  const { get } = await serve((app, live) => {
    app.get("/deaf", cached(live, { ttl: "5m" }), (_req, res) => res.json({ made: ++made }));
    app.get("/obedient", cached(live, { ttl: "5m", outward: { reload: true } }), (_req, res) =>
      res.json({ made: ++made }),
    );
  });
  for (const path of ["/deaf", "/obedient"]) await get(path);
  for (const directive of ["no-cache", "No-Store", "max-age=0, no-cache"]) {
    const headers = { "cache-control": directive };
    expect((await get("/deaf", headers)).detail).toBe("hit-near");
    expect((await get("/obedient", headers)).detail).toBe("bypass:reload");
  }
  expect(made).toBe(5);
  expect(await get("/obedient")).toMatchObject({ detail: "hit-near", body: '{"made":2}' });
});

test("404 and 410 are stored for absentTtl, other errors never, and without it neither", async () => {
  let made = 0;
  const { get, ask } = await serve((app, live) => {
    app.get("/plain/:code", cached(live, { ttl: "5m" }), (req, res) => {
      res.status(Number(req.params["code"])).json({ made: ++made });
    });
    app.get("/absent/:code", cached(live, { ttl: "5m", absentTtl: "30s", tags: ["thing"] }), (req, res) => {
      res.status(Number(req.params["code"])).json({ made: ++made });
    });
  });
  for (const code of [404, 410]) {
    const first = await get(`/absent/${code}`);
    expect(first).toMatchObject({ status: code, detail: "absent" });
    expect(first.headers["cache-status"]).toMatch(/stored; ttl=(?:29|30);/);
    expect(await get(`/absent/${code}`)).toMatchObject({
      status: code,
      detail: "hit-near",
      body: first.body,
    });
    expect(await ask({ method: "HEAD", path: `/absent/${code}` })).toMatchObject({ status: code, body: "" });
    expect((await get(`/plain/${code}`)).detail).toBe("not-storable:status");
  }
  for (const code of [400, 403, 503]) {
    expect(await get(`/absent/${code}`)).toMatchObject({ status: code, detail: "not-storable:status" });
  }
});

test("the handler's own max-age shortens the TTL, and 0 keeps it out", async () => {
  const { get } = await serve((app, live) => {
    app.get("/:said", cached(live, { ttl: "5m" }), (req, res) =>
      res.set("Cache-Control", String(req.params["said"])).json({}),
    );
  });
  expect((await get("/max-age=60")).headers["cache-status"]).toMatch(/ttl=(?:59|60);/);
  expect((await get("/max-age=9000")).headers["cache-status"]).toMatch(/ttl=(?:299|300);/);
  expect((await get("/max-age=0")).detail).toBe("not-storable:cache-control");
});

test("what is let go before its end says where this node stood before it began", async () => {
  const { get, live } = await serve((app, l) => {
    const route = cached(l, { ttl: "5m", maxBytes: 10 });
    app.get("/large", route, (_req, res) => void res.end("x".repeat(11)));
    app.get("/streamed", route, (_req, res) => void res.type("text/event-stream").end("data: 1\n\n"));
    app.get("/status", route, (_req, res) => void res.status(404).end());
  });
  await live.change({ tags: ["a"], wait: "applied" });
  const { epoch, seq } = live.door.applied()!;
  for (const path of ["/large", "/streamed", "/status"]) {
    expect((await get(path)).headers["live-position"]).toBe(`${epoch}.${seq}`);
  }
});

test("after a response that will never be storable nobody waits for anybody", async () => {
  const gate = createGate();
  let running = 0;
  let isFirst = true;
  const { get } = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), async (_req, res) => {
      res.set("Set-Cookie", "s=1");
      if (isFirst) {
        isFirst = false;
        return void res.json({});
      }
      if (++running === 3) gate.open();
      await gate.opened;
      res.json({});
    });
  });
  await get("/a");
  // Three handlers that wait for each other end only if none of the requests waits for another one's handler.
  const answers = await Promise.all([get("/a"), get("/a"), get("/a")]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test("errors of identify and of tags reach error handling as problems", async () => {
  const { get } = await serve(
    (app, live) => {
      app.get("/me", cached(live, { ttl: "5m", vary: ["userId"] }), (_req, res) => res.json({}));
      app.get("/tags", cached(live, { ttl: "5m", public: true, tags: () => ["a*"] }), (_req, res) =>
        res.json({}),
      );
      app.use(liveErrors());
    },
    {
      identify: () => {
        throw new Error("session store is down");
      },
    },
  );
  expect(await get("/me")).toMatchObject({ status: 503 });
  const bad = await get("/tags");
  expect(bad).toMatchObject({ status: 400 });
  expect(JSON.parse(bad.body)).toMatchObject({ code: "LIVE_INPUT_INVALID" });
});
