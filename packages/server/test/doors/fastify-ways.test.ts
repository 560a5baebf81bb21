import fastify from "fastify";
import type { FastifyInstance, FastifyReply } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import type { Live } from "../../src/assembly/create-live.ts";
import { cached, liveErrors, liveRoutes } from "../../src/fastify/fastify.ts";
import { openLive } from "./doors.ts";

async function open(build: (app: FastifyInstance, live: Live) => void): Promise<FastifyInstance> {
  const live = await openLive();
  const app = fastify();
  onTestFinished(async () => {
    await app.close();
    await live.close();
  });
  build(app, live);
  return app;
}

/** The reasons of so many requests in a row, with what else `also` takes from each response. */
async function reasons(app: FastifyInstance, url: string, times = 2): Promise<readonly string[]> {
  const found: string[] = [];
  for (let index = 0; index < times; index++) {
    const { headers, body } = await app.inject(url);
    found.push(`${/detail=([\w:-]+)$/.exec(String(headers["cache-status"]))?.[1]} ${body}`);
  }
  return found;
}

test("a hit is turned away by every hook that turns the route away", async () => {
  let isOpen = true;
  const app = await open((root, live) => {
    root.register((child, _options, done) => {
      child.addHook("preHandler", async (_request, reply) => {
        if (!isOpen) return reply.code(403).send("closed");
      });
      child.get("/a", cached(live, "5m"), async () => "inside");
      done();
    });
  });
  expect(await reasons(app, "/a")).toEqual(["absent inside", "hit-near inside"]);
  isOpen = false;
  expect(await app.inject("/a")).toMatchObject({ statusCode: 403, body: "closed" });
});

test("a reply is stored however a handler sends it", async () => {
  const schema = { response: { 200: { type: "object", properties: { kept: { type: "number" } } } } };
  const app = await open((root, live) => {
    const route = cached(live, "5m");
    root.get("/object", { schema, ...route }, async () => ({ kept: 1, dropped: 2 }));
    root.get("/sent", route, (_request, reply) => void reply.type("text/plain").send("sent"));
    root.get("/buffer", route, async () => Buffer.from("bytes"));
    root.get("/response", route, async () => new Response("made", { headers: { "x-own": "1" } }));
    root.get("/web", route, async () => new Response("web").body);
  });
  const bodies = { object: '{"kept":1}', sent: "sent", buffer: "bytes", response: "made", web: "web" };
  for (const [path, body] of Object.entries(bodies)) {
    expect(await reasons(app, `/${path}`)).toEqual([`absent ${body}`, `hit-near ${body}`]);
  }
  expect((await app.inject("/response")).headers["x-own"]).toBe("1");
  expect((await app.inject("/object")).headers["content-type"]).toMatch(/^application\/json/);
  expect((await app.inject("/web")).headers["content-type"]).toBeUndefined();
});

test("a handler that takes the raw response over reaches its client, is not stored, and keeps nobody waiting", async () => {
  const app = await open((root, live) => {
    root.register(liveRoutes(live));
    root.get("/raw", cached(live, "5m"), async (_request, reply) => {
      reply.hijack();
      await live.change({ tags: ["a"] });
      reply.raw.writeHead(200, { "content-type": "text/plain" });
      reply.raw.end("raw");
    });
  });
  expect(await reasons(app, "/raw")).toEqual(Array(2).fill("not-storable:streamed raw"));
  expect((await app.inject("/raw")).headers["live-position"]).toBeDefined();
});

test("liveRoutes serves the context that registers it and those below, not those beside it", async () => {
  const app = await open((root, live) => {
    const write = async (): Promise<string> => {
      await live.change({ tags: ["a"] });
      return "written";
    };
    root.register((child, _options, done) => {
      child.register(liveRoutes(live));
      child.post("/in", write);
      child.register((below, _more, ready) => {
        below.post("/below", write);
        ready();
      });
      done();
    });
    root.post("/beside", write);
  });
  const positions: boolean[] = [];
  for (const url of ["/in", "/below", "/beside"]) {
    const { headers } = await app.inject({ method: "POST", url });
    positions.push(headers["live-position"] !== undefined);
  }
  expect(positions).toEqual([true, true, false]);
});

test("cached inside cached is an error", async () => {
  const app = await open((root, live) => {
    root.setErrorHandler(liveErrors());
    const { preHandler, onSend } = cached(live, "5m");
    root.addHook("preHandler", preHandler);
    root.addHook("onSend", onSend);
    root.get("/a", cached(live, "5m"), async () => "x");
  });
  const { statusCode, body } = await app.inject("/a");
  expect([statusCode, body]).toEqual([500, expect.stringContaining("LIVE_OPTIONS_INVALID")]);
});

test("an error of the route's tags reaches the error handler, which answers", async () => {
  const app = await open((root, live) => {
    const tags = (): readonly string[] => {
      throw new Error("no tags");
    };
    root.setErrorHandler((error: Error, _request, reply: FastifyReply) =>
      reply.code(418).send(error.message),
    );
    root.get("/a", cached(live, { ttl: "5m", tags }), async () => "x");
  });
  expect(await app.inject("/a")).toMatchObject({ statusCode: 418, body: "no tags" });
});

test("liveErrors hands every other error on, to Fastify in the end", async () => {
  const app = await open((root) => {
    root.setErrorHandler(liveErrors());
    root.get("/a", async () => {
      throw Object.assign(new Error("not ours"), { statusCode: 409 });
    });
  });
  const answer = await app.inject("/a");
  expect([answer.statusCode, answer.json()]).toEqual([409, expect.objectContaining({ message: "not ours" })]);
});
