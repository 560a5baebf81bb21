import { IncomingMessage, ServerResponse } from "node:http";
import express from "express";
import { expect, test, vi } from "vitest";
import { formatPosition } from "@livecache/wire";
import { cached } from "../../src/express/express.ts";
import { HANDLER_LIMIT_MS } from "../../src/http/handler-run.ts";
import { createGate, createShiftedClock, serve } from "./serve.ts";

test("the route that runs again sees the request as it was, without what it asked conditionally", async () => {
  const { clock, shift } = createShiftedClock();
  const seen: Record<string, unknown>[] = [];
  const { get, ask } = await serve(
    (app, live) => {
      app.set("trust proxy", true);
      const mounted = express();
      mounted.get("/:name", cached(live, { ttl: "10s", stale: { swr: "1m" } }), (req, res) => {
        const { ip, protocol, hostname, method, originalUrl, params, query } = req;
        const conditions = [req.headers["if-none-match"], req.fresh];
        const [own, address] = [req.headers["x-own"], req.socket.remoteAddress];
        seen.push({ ip, protocol, hostname, method, originalUrl, params, query, conditions, own, address });
        res.json({});
      });
      app.use("/mounted", mounted);
    },
    { clock },
  );
  const headers = {
    host: "a.example",
    "x-forwarded-for": "9.8.7.6",
    "x-forwarded-proto": "https",
    "x-own": "1",
  };
  const path = "/mounted/a%2Fb?x=1&x=2&y=%C3%BC";
  const { etag } = (await get(path, headers)).headers;
  shift(15_000);
  const again = await ask({ method: "HEAD", path, headers: { ...headers, "if-none-match": String(etag) } });
  expect(again).toMatchObject({ status: 304, detail: "stale" });
  await vi.waitFor(() => expect(seen).toHaveLength(2));
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[1]).toMatchObject({ ip: "9.8.7.6", protocol: "https", address: "127.0.0.1", own: "1" });
});

test("running a route again leaves Express as it was for all other requests", async () => {
  const { clock, shift } = createShiftedClock();
  let made = 0;
  const { get } = await serve(
    (app, live) => {
      app.get("/a", cached(live, { ttl: "10s", stale: { swr: "1m" } }), (_req, res) =>
        res.json({ made: ++made }),
      );
    },
    { clock },
  );
  await get("/a");
  shift(15_000);
  await get("/a");
  await vi.waitFor(() => expect(made).toBe(2));
  expect(Object.getPrototypeOf(express.request)).toBe(IncomingMessage.prototype);
  expect(Object.getPrototypeOf(express.response)).toBe(ServerResponse.prototype);
});

test("what runs again as somebody else is not used", async () => {
  const { clock, shift } = createShiftedClock();
  let asked = 0;
  let made = 0;
  const { get } = await serve(
    (app, live) => {
      const options = { ttl: "10s", vary: ["userId"], stale: { swr: "1m" } } as const;
      app.get("/me", cached(live, options), (_req, res) => res.json({ made: ++made }));
    },
    // The session ends between the second request and what runs in the background for it.
    { clock, identify: () => (++asked > 2 ? undefined : { userId: "ana" }) },
  );
  await get("/me");
  shift(15_000);
  expect(await get("/me")).toMatchObject({ body: '{"made":1}', detail: "stale" });
  await vi.waitFor(() => expect(asked).toBe(3));
  expect(await get("/me")).toMatchObject({ body: '{"made":2}', detail: "absent" });
});

test("an absent thing, found by a rerun, is told to whoever asks, and not covered by grace", async () => {
  const { clock, shift } = createShiftedClock();
  let isGone = false;
  const { get } = await serve(
    (app, live) => {
      app.get("/a", cached(live, { ttl: "10s", stale: { grace: "1h" } }), (_req, res) =>
        isGone ? void res.status(404).json({ gone: true }) : void res.json({ gone: false }),
      );
    },
    { clock },
  );
  await get("/a");
  isGone = true;
  shift(15_000);
  expect(await get("/a")).toMatchObject({
    status: 404,
    body: '{"gone":true}',
    detail: "not-storable:status",
  });
});

test("a stream that a rerun comes to is broken off, and its handler hears that", async () => {
  const { clock, shift } = createShiftedClock();
  let streams = false;
  let closed = 0;
  const { get } = await serve(
    (app, live) => {
      app.get("/a", cached(live, { ttl: "10s", stale: { swr: "1m" } }), (_req, res) => {
        if (!streams) return void res.json({});
        res.on("close", () => closed++);
        res.type("text/event-stream").write("data: 1\n\n");
      });
    },
    { clock },
  );
  await get("/a");
  streams = true;
  shift(15_000);
  expect((await get("/a")).detail).toBe("stale");
  await vi.waitFor(() => expect(closed).toBe(1));
});

test("a rerun that fails is covered for those with a stale response, and the others run the handler themselves", async () => {
  const gate = createGate();
  let made = 0;
  const site = await serve((app, live) => {
    const options = { ttl: "5m", tags: ["a"], stale: { grace: "1h" } } as const;
    app.get("/a", cached(live, options), async (_req, res) => {
      const mine = ++made;
      if (mine === 2) await gate.opened;
      res.status(mine === 2 ? 503 : 200).json({ mine });
    });
  });
  const { get, live } = site;
  await get("/a");
  const { position } = await live.change({ tags: ["a"], mode: "stale", wait: "applied" });
  const resolve = vi.spyOn(live.door.cache, "resolve");
  const unfenced = get("/a");
  await vi.waitFor(() => expect(made).toBe(2));
  const fenced = get("/a", { "live-position": formatPosition(position!) });
  await vi.waitFor(() => expect(resolve).toHaveBeenCalledTimes(2));
  gate.open();
  expect(await unfenced).toMatchObject({ status: 200, body: '{"mine":1}', detail: "grace" });
  expect(await fenced).toMatchObject({ status: 200, body: '{"mine":3}', detail: "not-storable" });
});

test("a rerun that never comes to its route is given up after ten seconds, and covered by grace", async () => {
  const { clock, shift } = createShiftedClock();
  const limits: (() => void)[] = [];
  let passes = 0;
  const { get } = await serve(
    (app, live) => {
      app.use((_req, _res, next) => {
        // The third to pass is the rerun for the second.
        if (++passes !== 3) next();
      });
      app.get("/a", cached(live, { ttl: "10s", stale: { grace: "1h" } }), (_req, res) => res.json({}));
    },
    {
      clock: {
        ...clock,
        after(delayMs, task) {
          if (delayMs !== HANDLER_LIMIT_MS) return clock.after(delayMs, task);
          limits.push(task);
          return () => undefined;
        },
      },
    },
  );
  await get("/a");
  shift(15_000);
  limits.length = 0;
  const answer = get("/a");
  await vi.waitFor(() => expect(passes).toBe(3));
  expect(limits).toHaveLength(1);
  limits[0]!();
  expect(await answer).toMatchObject({ status: 200, detail: "grace" });
});
