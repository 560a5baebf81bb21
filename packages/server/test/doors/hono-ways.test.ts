import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { expect, onTestFinished, test } from "vitest";
import type { Live } from "../../src/assembly/create-live.ts";
import { cached, liveErrors, liveRoutes } from "../../src/hono/hono.ts";
import { openLive } from "./doors.ts";

async function open(build: (app: Hono, live: Live) => void): Promise<Hono> {
  const live = await openLive();
  onTestFinished(() => live.close());
  const app = new Hono();
  build(app, live);
  return app;
}

async function reasons(app: Hono, path: string, times = 2): Promise<readonly string[]> {
  const found: string[] = [];
  for (let index = 0; index < times; index++) {
    const { headers, ...response } = await ask(app, path);
    found.push(`${/detail=([\w:-]+)$/.exec(String(headers.get("cache-status")))?.[1]} ${response.text}`);
  }
  return found;
}

async function ask(app: Hono, path: string) {
  const response = await app.request(path);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test("a response is stored however a handler makes it", async () => {
  const app = await open((root, live) => {
    const route = cached(live, "5m");
    root.get("/json", route, (c) => c.json({ a: 1 }));
    root.get("/set", route, async (c) => {
      c.header("x-own", "1");
      return c.text("set");
    });
    root.get("/plain", route, () => new Response("plain", { headers: { "x-own": "1" } }));
    root.get("/later", route, async (c, next) => {
      await next();
      c.res = new Response("later", { headers: { "x-own": "1" } });
    });
  });
  const bodies = { json: '{"a":1}', set: "set", plain: "plain", later: "later" };
  for (const [path, body] of Object.entries(bodies)) {
    expect(await reasons(app, `/${path}`)).toEqual([`absent ${body}`, `hit-near ${body}`]);
  }
  for (const path of ["/set", "/plain"]) expect((await ask(app, path)).headers.get("x-own")).toBe("1");
});

test("a handler overrides what middleware has set, on a miss and on a hit", async () => {
  const app = await open((root, live) => {
    root.use(async (c, next) => {
      c.header("x-both", "middleware");
      await next();
    });
    root.get("/a", cached(live, "5m"), (c) => c.text("a", 200, { "x-both": "handler" }));
  });
  for (let index = 0; index < 2; index++) {
    expect((await ask(app, "/a")).headers.get("x-both")).toBe("handler");
  }
});

test("a response that the handler has sent by itself is not stored", async () => {
  const app = await open((root, live) => {
    root.get(
      "/a",
      cached(live, "5m"),
      () => new Response(null, { headers: { "x-hono-already-sent": "true" } }),
    );
  });
  expect(await reasons(app, "/a")).toEqual(Array(2).fill("not-storable:streamed "));
});

test("a route that is to be run in the background says that it needs the application", async () => {
  const options = { ttl: "5m", stale: { swr: "1m" } } as const;
  const others = liveErrors((_error, c) => c.text("failed", 500));
  const without = await open((root, live) => {
    root.use(liveRoutes(live));
    root.onError(others);
    root.get("/a", cached(live, options), (c) => c.text("a"));
  });
  const refused = await ask(without, "/a");
  expect([refused.status, refused.text]).toEqual([500, expect.stringContaining("LIVE_OPTIONS_INVALID")]);
  const having = await open((root, live) => {
    root.use(liveRoutes(live, { app: root }));
    root.get("/a", cached(live, options), (c) => c.text("a"));
  });
  expect((await ask(having, "/a")).status).toBe(200);
});

test("liveRoutes refuses options that it does not know", async () => {
  const live = await openLive();
  onTestFinished(() => live.close());
  const app = new Hono();
  expect(() => liveRoutes(live, { application: app } as never)).toThrow(/application/);
});

test("cached inside cached is an error", async () => {
  const app = await open((root, live) => {
    root.onError(liveErrors((_error, c) => c.text("failed", 500)));
    root.use(cached(live, "5m"));
    root.get("/a", cached(live, "5m"), (c) => c.text("a"));
  });
  const { status, text } = await ask(app, "/a");
  expect([status, text]).toEqual([500, expect.stringContaining("LIVE_OPTIONS_INVALID")]);
});

test("an error of the route's tags reaches onError, which answers", async () => {
  const app = await open((root, live) => {
    const tags = (): readonly string[] => {
      throw new Error("no tags");
    };
    root.onError((error, c) => c.text(error.message, 418));
    root.get("/a", cached(live, { ttl: "5m", tags }), (c) => c.text("a"));
  });
  expect(await ask(app, "/a")).toMatchObject({ status: 418, text: "no tags" });
});

test("liveErrors hands every other error to the application's own handler", async () => {
  const app = await open((root) => {
    root.onError(liveErrors((error, c) => c.text(`${error.message}!`, 409)));
    root.get("/a", () => {
      throw new HTTPException(409, { message: "not ours" });
    });
  });
  expect(await ask(app, "/a")).toMatchObject({ status: 409, text: "not ours!" });
});
