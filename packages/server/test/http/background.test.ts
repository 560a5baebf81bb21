import { expect, test, vi } from "vitest";
import { cached, liveErrors } from "../../src/express/express.ts";
import { createGate, createShiftedClock, serve } from "./serve.ts";

const outward = { source: true } as const;

test("past its TTL a response is answered at once while the route runs again by itself", async () => {
  const { clock, shift } = createShiftedClock();
  const seen: string[] = [];
  let made = 0;
  const { get } = await serve(
    (app, live) => {
      app.use((req, _res, next) => {
        seen.push(`${req.method} ${req.originalUrl}`);
        next();
      });
      app.get("/a", cached(live, { ttl: "10s", stale: { swr: "1m" }, outward }), (_req, res) =>
        res.json({ made: ++made }),
      );
    },
    { clock },
  );
  await get("/a?x=%2A");
  shift(15_000);
  const stale = await get("/a?x=%2A");
  expect(stale).toMatchObject({ status: 200, body: '{"made":1}', detail: "stale" });
  expect(stale.headers["x-cache"]).toBe("STALE");
  expect(stale.headers["cache-status"]).toContain("; hit; detail=stale");
  expect(stale.headers["age"]).toBe("15");
  await vi.waitFor(async () => expect((await get("/a?x=%2A")).body).toBe('{"made":2}'));
  expect((await get("/a?x=%2A")).headers["x-cache"]).toBe("HIT");
  expect(made).toBe(2);
  expect(new Set(seen)).toEqual(new Set(["GET /a?x=%2A"]));
});

test("a soft change is answered as stale once more, and a hard one is not", async () => {
  let made = 0;
  const { get, live } = await serve((app, l) => {
    app.get("/a", cached(l, { ttl: "5m", tags: ["a"], stale: { swr: "1m" } }), (_req, res) =>
      res.json({ made: ++made }),
    );
  });
  await get("/a");
  await live.change({ tags: ["a"], mode: "stale", wait: "applied" });
  expect(await get("/a")).toMatchObject({ body: '{"made":1}', detail: "stale" });
  await vi.waitFor(async () => expect((await get("/a")).body).toBe('{"made":2}'));
  await live.change({ tags: ["a"], wait: "applied" });
  expect(await get("/a")).toMatchObject({ body: '{"made":3}', detail: "changed" });
});

test("a handler that fails is covered by grace, and its error reaches nobody", async () => {
  const { clock, shift } = createShiftedClock();
  let isBroken = false;
  let asked = 0;
  const { get } = await serve(
    (app, live) => {
      app.get("/a", cached(live, { ttl: "10s", stale: { grace: "1h" } }), (_req, res, next) => {
        asked++;
        if (isBroken) return next(new Error("the database is down"));
        res.json({ fine: true });
      });
    },
    { clock },
  );
  await get("/a");
  isBroken = true;
  shift(15_000);
  expect(await get("/a")).toMatchObject({ status: 200, body: '{"fine":true}', detail: "grace" });
  expect(asked).toBe(2);
  shift(3_600_000);
  expect((await get("/a")).status).toBe(500);
});

test("a handler that takes longer than the soft timeout is not waited for, and what it brings is used", async () => {
  const { clock, shift } = createShiftedClock();
  const gate = createGate();
  let made = 0;
  const { get } = await serve(
    (app, live) => {
      const stale = { grace: "1h", softTimeout: "20ms" } as const;
      app.get("/a", cached(live, { ttl: "10s", stale }), async (_req, res) => {
        const mine = ++made;
        if (mine > 1) await gate.opened;
        res.json({ mine });
      });
    },
    { clock },
  );
  await get("/a");
  shift(15_000);
  expect(await get("/a")).toMatchObject({ status: 200, body: '{"mine":1}', detail: "timeout" });
  gate.open();
  await vi.waitFor(async () => expect((await get("/a")).detail).toBe("hit-near"));
  expect((await get("/a")).body).toBe('{"mine":2}');
  expect(made).toBe(2);
});

test("ahead of the end of its TTL one reader has a response made anew, and is answered from memory", async () => {
  const { clock, shift } = createShiftedClock();
  let made = 0;
  const { get } = await serve(
    (app, live) => {
      app.get("/a", cached(live, { ttl: "100s", refreshAt: 0.5 }), (_req, res) => res.json({ made: ++made }));
    },
    { clock },
  );
  await get("/a");
  shift(40_000);
  expect(await get("/a")).toMatchObject({ body: '{"made":1}' });
  shift(20_000);
  expect(await get("/a")).toMatchObject({ body: '{"made":1}' });
  await vi.waitFor(async () => expect((await get("/a")).body).toBe('{"made":2}'));
  expect(made).toBe(2);
});

test("after the hard timeout the client is told so, and what the handler brings is stored", async () => {
  const gate = createGate();
  let made = 0;
  const { get } = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m", hardTimeout: "20ms" }), async (_req, res) => {
      made++;
      await gate.opened;
      res.json({ made });
    });
    app.use(liveErrors());
  });
  const late = await get("/a");
  expect(late.status).toBe(504);
  expect(JSON.parse(late.body)).toMatchObject({ code: "LIVE_LOAD_TIMEOUT" });
  gate.open();
  await vi.waitFor(async () => expect((await get("/a")).detail).toBe("hit-near"));
  expect(made).toBe(1);
});

test("with a hard timeout, a response that is not storable is made by its own client's request", async () => {
  let made = 0;
  const { get } = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m", hardTimeout: "5s" }), (_req, res) => {
      res.set("Set-Cookie", `s=${++made}`).json({ made });
    });
  });
  const answer = await get("/a");
  expect(answer).toMatchObject({ status: 200, detail: "not-storable:set-cookie" });
  expect(JSON.parse(answer.body)).toEqual({ made: 2 });
  expect(answer.headers["set-cookie"]).toEqual(["s=2"]);
});
