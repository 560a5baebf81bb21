import { readFile } from "node:fs/promises";
import type { Server as HttpServer } from "node:http";
import { serve } from "@hono/node-server";
import fastify from "fastify";
import type { FastifyRequest } from "fastify";
import { Hono } from "hono";
import { Server } from "socket.io";
import { expect, onTestFinished, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import * as fastifyDoor from "../../src/fastify/fastify.ts";
import * as honoDoor from "../../src/hono/hono.ts";
import { attach } from "../../src/socketio/attach.ts";

/** Lines of code between fences, without imports: they are to be found in this file as well. */
async function snippetLines(page: string): Promise<readonly string[]> {
  const text = await readFile(new URL(`../../../../docs/how-to/${page}.md`, import.meta.url), "utf8");
  const blocks = Array.from(text.matchAll(/```ts\n([\s\S]*?)```/g), (match) => match[1]!);
  return blocks
    .flatMap((block) => block.split("\n"))
    .filter((line) => /\w/.test(line) && !/^(?:import|const (?:live|app)) /.test(line));
}

/** However it is broken into lines. */
function dense(text: string): string {
  return text.replaceAll(/\s+/g, "").replaceAll(/,(?=[)}\]]|$)/g, "");
}

async function unknownLines(page: string): Promise<readonly string[]> {
  const own = dense(await readFile(new URL(import.meta.url), "utf8"));
  return (await snippetLines(page)).filter((line) => !own.includes(dense(line)));
}

const sessions = { find: (cookie: unknown) => (cookie ? { userId: "ana", role: "warden" } : undefined) };
const readSummary = async (): Promise<object> => ({ open: 1 });
const readIssue = async (id: string): Promise<object> => ({ id });
const insertIssue = async (body: unknown): Promise<{ id: number }> => ({ id: Number(body !== undefined) });
const listHostels = async (): Promise<object> => [];
const admit = async (): Promise<void> => undefined;
const schema = { params: { type: "object", properties: { id: { type: "string" } } } };

function openLive() {
  const live = createLive({
    identify: ({ headers }) => sessions.find(headers.cookie),
  });
  onTestFinished(() => live.close());
  return live;
}

test("what the page on Fastify says compiles and runs", async () => {
  const { cached, liveErrors, liveRoutes } = fastifyDoor;
  const live = openLive();
  const app = fastify();
  onTestFinished(() => app.close());
  app.register(liveRoutes(live));
  app.setErrorHandler(liveErrors());
  app.get("/summary", cached(live, { ttl: "5m", tags: ["dashboard"], vary: ["role"] }), async () =>
    readSummary(),
  );
  interface ById {
    Params: { id: string };
  }
  const tags = ({ params }: FastifyRequest<ById>) => [`issue:${params.id}`];
  app.get<ById>("/issues/:id", { schema, ...cached(live, { ttl: "5m", tags }) }, async (request) =>
    readIssue(request.params.id),
  );
  const { preHandler, onSend } = cached(live, "medium");
  app.route({
    method: "GET",
    url: "/hostels",
    preHandler: [admit, preHandler],
    onSend,
    handler: listHostels,
  });
  app.post("/issues", async (request, reply) => {
    const issue = await insertIssue(request.body);
    await live.change({ tags: ["dashboard", `issue:${issue.id}`] });
    return reply.code(201).send(issue);
  });
  attach(live, new Server(app.server, { transports: ["websocket"], maxHttpBufferSize: 65_536 }));
  const begin = async (): Promise<void> => {
    await app.listen({ port: 3000 });
  };
  // Not called: the port may be somebody else's.
  expect(begin).toBeTypeOf("function");
  expect((await app.inject("/issues/7")).json()).toEqual({ id: "7" });
  expect((await app.inject("/hostels")).json()).toEqual([]);
  expect((await app.inject({ method: "POST", url: "/issues" })).headers["live-position"]).toBeDefined();
  expect(await unknownLines("fastify")).toEqual([]);
});

test("what the page on Hono says compiles and runs", async () => {
  const { cached, liveErrors, liveRoutes } = honoDoor;
  const live = openLive();
  const app = new Hono();
  app.use(liveRoutes(live, { app }));
  app.onError(
    liveErrors((error, c) => {
      console.error(error);
      return c.text("Internal Server Error", 500);
    }),
  );
  app.get("/summary", cached(live, { ttl: "5m", tags: ["dashboard"], vary: ["role"] }), async (c) =>
    c.json(await readSummary()),
  );
  app.get(
    "/issues/:id",
    cached(live, { ttl: "5m", tags: (c) => [`issue:${c.req.param("id")}`] }),
    async (c) => c.json(await readIssue(c.req.param("id"))),
  );
  app.post("/issues", async (c) => {
    const issue = await insertIssue(await c.req.json());
    await live.change({ tags: ["dashboard", `issue:${issue.id}`] });
    return c.json(issue, 201);
  });
  const begin = (): void => {
    const http = serve({ fetch: app.fetch, port: 3000 }) as HttpServer;
    attach(live, new Server(http, { transports: ["websocket"], maxHttpBufferSize: 65_536 }));
  };
  // Not called: the port may be somebody else's.
  expect(begin).toBeTypeOf("function");
  expect(await (await app.request("/issues/7")).json()).toEqual({ id: "7" });
  const written = await app.request("/issues", { method: "POST", body: "{}" });
  expect(written.headers.get("live-position")).not.toBeNull();
  expect(await unknownLines("hono")).toEqual([]);
});
