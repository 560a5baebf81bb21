import express from "express";
import type { Express } from "express";
import { expect, test } from "vitest";
import { parsePosition, reaches } from "@livecache/wire";
import type { Live } from "../../src/assembly/create-live.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import { cached, liveErrors, liveRoutes } from "../../src/express/express.ts";
import type { ChangeLog } from "../../src/ports/change-log.ts";
import type { Ground } from "../../src/ports/ground.ts";
import { identify, serve } from "./serve.ts";

/** A ground whose tails can be made to lag behind, as they may for a moment on a network. */
function lagging(ground: Ground) {
  let held: (() => void)[] | undefined;
  const lag = (changeLog: ChangeLog): ChangeLog => ({
    ...changeLog,
    tail: ({ node, onEvent }) =>
      changeLog.tail({
        node,
        onEvent: (event) => (held ? void held.push(() => onEvent(event)) : onEvent(event)),
      }),
  });
  return {
    ground: {
      ...ground,
      realm: (name: string) => ({ ...ground.realm(name), changeLog: lag(ground.realm(name).changeLog) }),
    },
    hold: () => void (held = []),
    catchUp() {
      const events = held ?? [];
      held = undefined;
      for (const tell of events) tell();
    },
  };
}

test("G2 the position of a write, presented to a node that lags behind, brings what was written", async () => {
  const ground = createMemoryGround();
  const { ground: late, hold, catchUp } = lagging(ground);
  const titles = ["old"];
  const build = (app: Express, live: Live) => {
    app.use(liveRoutes(live), express.json());
    app.get("/titles", cached(live, { ttl: "5m", tags: ["titles"] }), (_req, res) => res.json(titles));
    app.post("/titles", async (req, res) => {
      titles.push((req.body as { title: string }).title);
      await live.change({ tags: ["titles"] });
      res.status(201).json({});
    });
  };
  const secret = "a secret of thirty-two characters";
  const writer = await serve(build, { ground, secret });
  const reader = await serve(build, { ground: late, secret });
  for (const title of ["one", "two", "three"]) {
    await reader.get("/titles");
    hold();
    const headers = { "content-type": "application/json" };
    const written = await writer.ask({
      method: "POST",
      path: "/titles",
      headers,
      body: JSON.stringify({ title }),
    });
    const position = String(written.headers["live-position"]);
    const unfenced = await reader.get("/titles");
    expect(unfenced.detail).toBe("hit-near");
    expect(unfenced.body).not.toContain(title);
    const fenced = await reader.get("/titles", { "live-position": position });
    expect(fenced.body).toContain(title);
    expect(reaches(parsePosition(fenced.headers["live-position"])!, parsePosition(position)!)).toBe(true);
    catchUp();
  }
});

test("what one node has stored is a hit on another, under the same host", async () => {
  const ground = createMemoryGround();
  let made = 0;
  const build = (app: Express, live: Live) => {
    app.get("/a", cached(live, { ttl: "5m", tags: ["a"] }), (_req, res) => res.json({ made: ++made }));
  };
  const options = { ground, secret: "a secret of thirty-two characters" };
  const [one, two] = [await serve(build, options), await serve(build, options)];
  const host = { host: "app.example" };
  const first = await one.get("/a", host);
  const second = await two.get("/a", host);
  expect(second).toMatchObject({ body: '{"made":1}', detail: "hit-far" });
  for (const name of ["etag", "content-type", "live-position", "live-query"]) {
    expect(second.headers[name]).toBe(first.headers[name]);
  }
  expect((await two.get("/a", host)).detail).toBe("hit-near");
});

test("G2 a position that this node has not reached keeps it off its own memory", async () => {
  const { get, live } = await serve((app, l) => {
    app.get("/a", cached(l, { ttl: "5m" }), (_req, res) => res.json({}));
  });
  await get("/a");
  expect((await get("/a")).detail).toBe("hit-near");
  const { epoch, seq } = live.door.applied()!;
  expect((await get("/a", { "live-position": `${epoch}.${seq + 60_000_000}` })).detail).not.toBe("hit-near");
  expect((await get("/a", { "live-position": `other.${seq}` })).detail).not.toBe("hit-near");
  expect((await get("/a", { "live-position": "nonsense" })).detail).toBe("hit-near");
});

test("G2 reads below liveRoutes, through the cache or a cached route, see a change made earlier in the request", async () => {
  let value = 0;
  const { ask } = await serve((app, live) => {
    app.use(liveRoutes(live));
    const load = () => live.cache.getOrSet("value", () => value, { ttl: "5m", tags: ["value"] });
    app.post("/bump", async (_req, res) => {
      const before = await load();
      value++;
      await live.change({ tags: ["value"] });
      res.json({ before, after: await load() });
    });
  });
  for (const before of [0, 1, 2]) {
    const { body } = await ask({ method: "POST", path: "/bump" });
    expect(JSON.parse(body)).toEqual({ before, after: before + 1 });
  }
});

test("a response without a change has no position of its own, and one with a change says it in whatever form it is sent", async () => {
  const { ask, get } = await serve((app, live) => {
    app.use(liveRoutes(live));
    app.get("/quiet", (_req, res) => res.json({}));
    app.post("/json", async (_req, res) => {
      await live.change({ tags: ["a"] });
      res.json({});
    });
    app.post("/head", async (_req, res) => {
      await live.change({ tags: ["a"] });
      res.writeHead(204).end();
    });
    app.post("/streamed", async (_req, res) => {
      await live.change({ tags: ["a"] });
      res.write("1");
      res.end("2");
    });
  });
  expect((await get("/quiet")).headers["live-position"]).toBeUndefined();
  const seen: number[] = [];
  for (const path of ["/json", "/head", "/streamed"]) {
    const { headers } = await ask({ method: "POST", path });
    seen.push(parsePosition(headers["live-position"])!.seq);
  }
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
});

test("a cached response carries a token of what it depends on, bound to whom it was made for", async () => {
  const { get, live } = await serve(
    (app, l) => {
      app.get("/me", cached(l, { ttl: "5m", tags: ["me"], vary: ["userId"] }), (_req, res) => res.json({}));
    },
    { identify },
  );
  const ana = { userId: "ana", role: "student" };
  for (const detail of ["absent", "hit-near"]) {
    const answer = await get("/me", { authorization: "Bearer ana:student" });
    expect(answer.detail).toBe(detail);
    const claim = live.door.tokens.verify(answer.headers["live-query"], ana);
    expect(claim.key).toMatch(/^http:me:\?:/);
    expect(claim.tags).toEqual(["me", "identity:ana"]);
    expect(claim.position).toEqual(parsePosition(answer.headers["live-position"]));
    const ben = { userId: "ben", role: "student" };
    expect(() => live.door.tokens.verify(answer.headers["live-query"], ben)).toThrow(/another identity/);
  }
});

test("a response that may not be stored can be watched too; one that is no 200, or went past the cache, cannot", async () => {
  const { get, live } = await serve((app, l) => {
    const route = cached(l, { ttl: "5m", tags: ["a"] });
    app.get("/fresh", route, (_req, res) => res.set("Cache-Control", "no-store").json({}));
    app.get("/missing", route, (_req, res) => res.status(404).json({}));
  });
  const { headers } = await get("/fresh");
  expect(headers["cache-control"]).toBe("no-store");
  expect(live.door.tokens.verify(headers["live-query"], undefined).tags).toEqual(["a"]);
  expect((await get("/missing")).headers["live-query"]).toBeUndefined();
  expect((await get("/fresh", { cookie: "s=1" })).headers["live-query"]).toBeUndefined();
});

test("liveErrors answers errors of Livecache as problems, and passes on every other", async () => {
  const { get } = await serve(
    (app, live) => {
      app.get("/me", cached(live, { ttl: "5m", vary: ["userId"] }), (_req, res) => res.json({}));
      app.get("/bad", async (_req, _res, next) => {
        try {
          await live.change({ tags: ["*"] });
        } catch (error) {
          next(error);
        }
      });
      app.get("/other", () => {
        throw new Error("not ours");
      });
      app.use(liveErrors());
    },
    {
      identify() {
        throw new Error("session store is down");
      },
    },
  );
  const failed = await get("/me");
  expect(failed.status).toBe(503);
  expect(failed.headers).toMatchObject({ "content-type": "application/problem+json", "retry-after": "1" });
  expect(JSON.parse(failed.body)).toMatchObject({
    status: 503,
    code: "LIVE_IDENTITY_FAILED",
    retryable: true,
  });
  expect(JSON.parse((await get("/bad")).body)).toMatchObject({ status: 400, code: "LIVE_INPUT_INVALID" });
  const other = await get("/other");
  expect(other.status).toBe(500);
  expect(other.headers["content-type"]).toContain("text/html");
});
