import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cached } from "../../src/express/express.ts";
import { createGate, serve } from "./serve.ts";

test("a body larger than maxBytes arrives whole, however it is sent, and is not stored", async () => {
  const body = "0123456789".repeat(50);
  const { ask, get } = await serve((app, live) => {
    const small = cached(live, { ttl: "5m", maxBytes: 100 });
    app.get("/sent", small, (_req, res) => void res.type("text").send(body));
    app.get("/ended", small, (_req, res) => void res.end(body));
    app.get("/written", small, (_req, res) => {
      for (const char of body) res.write(char);
      res.end();
    });
    app.get("/piped", small, (_req, res) => pipeline(Readable.from(body.match(/.{7}/g)!.concat("0")), res));
  });
  for (const path of ["/sent", "/ended", "/written", "/piped"]) {
    for (const answer of [await get(path), await get(path)]) {
      expect(answer.body).toHaveLength(path === "/piped" ? 498 : 500);
      expect(answer).toMatchObject({ status: 200, detail: "not-storable:too-large" });
      expect(answer.headers["etag"]).toBeUndefined();
    }
    const head = await ask({ method: "HEAD", path });
    expect(head).toMatchObject({ status: 200, body: "", detail: "not-storable:too-large" });
  }
});

test("a body of exactly maxBytes is stored", async () => {
  const { get } = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m", maxBytes: 100 }), (_req, res) => void res.end("x".repeat(100)));
  });
  expect((await get("/a")).detail).toBe("absent");
  expect(await get("/a")).toMatchObject({ detail: "hit-near", body: "x".repeat(100) });
});

test.each([
  ["writes an event stream", "text/event-stream", false],
  ["flushes its headers", "text/plain", true],
])("a handler that %s reaches its client at once", async (_what, type, flush) => {
  const gate = createGate();
  const site = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), async (_req, res) => {
      res.writeHead(200, { "Content-Type": type, "X-Own": "1" });
      if (flush) res.flushHeaders();
      res.write("data: 1\n\n");
      await gate.opened;
      res.end("data: 2\n\n");
    });
  });
  const response = await fetch(`http://127.0.0.1:${site.port}/a`);
  expect(response.headers.get("x-own")).toBe("1");
  expect(response.headers.get("cache-status")).toContain("not-storable:streamed");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe("data: 1\n\n");
  gate.open();
  expect((await reader.read()).value).toBe("data: 2\n\n");
  expect((await reader.read()).done).toBe(true);
});

test("a response is stored however a handler writes it", async () => {
  const { get } = await serve((app, live) => {
    const route = cached(live, { ttl: "5m" });
    app.get("/head-object", route, (_req, res) => {
      res.writeHead(200, "Fine", { "X-Own": "1", "Content-Type": "text/plain" }).end("body");
    });
    app.get("/head-list", route, (_req, res) => {
      res.writeHead(200, ["X-Own", "1", "Content-Type", "text/plain"]);
      res.write(Buffer.from("bo"));
      res.end(Buffer.from("dy"));
    });
    app.get("/callbacks", route, (_req, res) => {
      res.setHeader("X-Own", "1");
      res.write("Ym8=", "base64", () => res.end("6479", "hex"));
    });
    app.get("/piped", route, (_req, res) => pipeline(Readable.from(["bo", "dy"]), res.set("X-Own", "1")));
    app.get(
      "/chunked",
      route,
      (_req, res) => void res.set({ "Transfer-Encoding": "chunked", "X-Own": "1" }).send("body"),
    );
    app.get("/empty", route, (_req, res) => void res.set("X-Own", "1").end());
  });
  for (const path of ["/head-object", "/head-list", "/callbacks", "/chunked", "/piped", "/empty"]) {
    const first = await get(path);
    expect(first).toMatchObject({
      status: 200,
      body: path === "/empty" ? "" : "body",
      detail: "absent",
    });
    const second = await get(path);
    expect(second).toMatchObject({ status: 200, body: first.body, detail: "hit-near" });
    for (const { headers } of [first, second]) {
      expect(headers["x-own"]).toBe("1");
      expect(headers["content-length"]).toBe(String(first.body.length));
    }
    expect(second.headers["etag"]).toBe(first.headers["etag"]);
    expect(second.headers["content-type"]).toBe(first.headers["content-type"]);
  }
});

test("a handler that reuses its buffer after writing does not change what is stored", async () => {
  const { get } = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), (_req, res) => {
      const scratch = Buffer.from("one");
      res.write(scratch);
      scratch.write("two");
      res.end(scratch);
    });
  });
  expect((await get("/a")).body).toBe("onetwo");
});

test("a handler sees its response as sent once it has ended it, and what it writes later is nowhere", async () => {
  const seen: unknown[] = [];
  const { get } = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), (_req, res) => {
      seen.push(res.headersSent, res.writableEnded);
      res.json({ first: true });
      seen.push(res.headersSent, res.writableEnded);
      res.write("late");
      res.end("later");
    });
  });
  expect((await get("/a")).body).toBe('{"first":true}');
  expect((await get("/a")).body).toBe('{"first":true}');
  expect(seen).toEqual([false, false, true, true]);
});

test("finish is told to the handler, and to outer middleware, when the response has left", async () => {
  const told: string[] = [];
  const { get } = await serve((app, live) => {
    app.use((_req, res, next) => {
      res.on("finish", () => told.push(`outer ${res.statusCode}`));
      next();
    });
    app.get("/a", cached(live, { ttl: "5m" }), (_req, res) => {
      res.end("x", () => told.push("handler"));
    });
  });
  await get("/a");
  expect(told.sort()).toEqual(["handler", "outer 200"]);
  await get("/a");
  expect(told).toHaveLength(3);
});

test("headers of outer middleware are each request's own, on a hit too", async () => {
  let count = 0;
  const { get } = await serve((app, live) => {
    app.use((req, res, next) => {
      res.set("X-Request-Id", String(++count));
      res.vary("Origin").set("Access-Control-Allow-Origin", String(req.headers["origin"] ?? "none"));
      next();
    });
    app.get("/a", cached(live, { ttl: "5m" }), (_req, res) => res.json({}));
  });
  await get("/a", { origin: "https://a.example" });
  const { detail, headers } = await get("/a", { origin: "https://b.example" });
  expect(detail).toBe("hit-near");
  expect(headers).toMatchObject({ "x-request-id": "2", "access-control-allow-origin": "https://b.example" });
  expect(headers["vary"]).toBe("origin, cookie, authorization");
});

test("a wrapper of outer middleware works on misses and hits alike", async () => {
  const { get } = await serve((app, live) => {
    app.use((_req, res, next) => {
      const { end } = res;
      res.end = (...args: unknown[]) => {
        res.setHeader("X-Outer-End", "1");
        return end.apply(res, args as never);
      };
      next();
    });
    app.get("/a", cached(live, { ttl: "5m" }), (_req, res) => res.json({}));
    app.get("/large", cached(live, { ttl: "5m", maxBytes: 1 }), (_req, res) => res.json({}));
    app.get("/missing", cached(live, { ttl: "5m" }), (_req, res) => res.status(404).json({}));
  });
  for (const path of ["/a", "/a", "/large", "/missing"]) {
    const { body, headers } = await get(path);
    expect(body).toBe("{}");
    expect(headers["x-outer-end"]).toBe("1");
  }
});

test("a handler that answers twice is heard once", async () => {
  const { get } = await serve((app, live) => {
    app.get("/a", cached(live, { ttl: "5m" }), (_req, res) => {
      res.json({ first: true });
      res.status(500).json({ second: true });
    });
  });
  for (const detail of ["absent", "hit-near"]) {
    expect(await get("/a")).toMatchObject({ status: 200, body: '{"first":true}', detail });
  }
});

test("a file is sent once from disk, and a part of it whenever one is asked for", async () => {
  const file = fileURLToPath(import.meta.url);
  const text = await readFile(file, "utf8");
  const { get } = await serve((app, live) => {
    app.get("/file", cached(live, { ttl: "5m" }), (_req, res) => res.sendFile(file, { maxAge: "1m" }));
  });
  for (const detail of ["absent", "hit-near"]) {
    const answer = await get("/file");
    expect(answer).toMatchObject({ status: 200, body: text, detail });
    expect(answer.headers["last-modified"]).toBeDefined();
  }
  expect(await get("/file", { range: "bytes=0-5" })).toMatchObject({ status: 206, body: text.slice(0, 6) });
});

test("tags that throw are an error of the route: told to error handling, nothing stored", async () => {
  let made = 0;
  const { get } = await serve((app, live) => {
    const tags = () => {
      throw new Error("no such field");
    };
    app.get("/a", cached(live, { ttl: "5m", tags }), (_req, res) => res.json({ made: ++made }));
  });
  for (const count of [1, 2]) {
    const answer = await get("/a");
    expect(answer.status).toBe(500);
    expect(answer.body).toContain("no such field");
    expect(made).toBe(count);
  }
});

test("tags may use what the handler left on the request", async () => {
  const { get, live } = await serve((app, l) => {
    const tags = (req: object) => [`hostel:${(req as { hostel: number }).hostel}`];
    app.get("/issues/:id", cached(l, { ttl: "5m", tags }), (req, res) => {
      Object.assign(req, { hostel: 7 });
      res.json({});
    });
  });
  await get("/issues/1");
  await live.change({ tags: ["hostel:8"] });
  expect((await get("/issues/1")).detail).toMatch(/^hit-/);
  await live.change({ tags: ["hostel:7"] });
  expect((await get("/issues/1")).detail).toBe("changed");
});
