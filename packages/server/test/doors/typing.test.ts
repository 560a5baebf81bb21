import fastify from "fastify";
import type { FastifyRequest } from "fastify";
import { Hono } from "hono";
import type { Context } from "hono";
import { expect, onTestFinished, test } from "vitest";
import { defineContract } from "@livecache/wire";
import { createLive } from "../../src/assembly/create-live.ts";
import * as fastifyDoor from "../../src/fastify/fastify.ts";
import * as honoDoor from "../../src/hono/hono.ts";

function openLive() {
  const live = createLive({
    contract: defineContract({ channels: { "hostel/:hostelId": { events: {} } } }),
    authorize: { "hostel/:hostelId": () => true },
    identify: () => ({ userId: "ana", role: "warden" as const }),
  });
  onTestFinished(() => live.close());
  return live;
}

test("behind Fastify's cached, a handler's parameters are those of its route, for an instance of any contract", async () => {
  const { cached, liveErrors, liveRoutes } = fastifyDoor;
  const live = openLive();
  const app = fastify();
  onTestFinished(() => app.close());
  app.register(liveRoutes(live));
  app.setErrorHandler(liveErrors());
  const tags = ({ params }: FastifyRequest<{ Params: { id: string } }>) => [`issue:${params.id}`];
  const byRole = cached(live, { ttl: "5m", tags, vary: ["role"] });
  app.get<{ Params: { id: string } }>("/issues/:id", byRole, (request) => {
    const id: string = request.params.id;
    // @ts-expect-error: the route has no such parameter
    const hostelId: string = request.params.hostelId;
    return { id, hostelId };
  });
  const schema = { params: { type: "object", properties: { id: { type: "string" } } } };
  app.get<{ Querystring: { page: number } }>(
    "/more/:id",
    { schema, ...cached(live, "medium") },
    (request) => {
      const page: number = request.query.page;
      return { page };
    },
  );
  const guard = async (): Promise<void> => undefined;
  const { preHandler, onSend } = cached(live, "5m");
  app.route({
    method: "GET",
    url: "/third",
    preHandler: [guard, preHandler],
    onSend,
    handler: async () => "x",
  });
  // @ts-expect-error: a bare number has no unit
  expect(() => cached(live, { ttl: 300 })).toThrow(/no unit/);
  expect((await app.inject("/issues/7")).json()).toEqual({ id: "7" });
});

test("behind Hono's cached, a handler's parameters are those of its path, for an instance of any contract", async () => {
  const { cached, liveErrors, liveRoutes } = honoDoor;
  const live = openLive();
  const app = new Hono<{ Variables: { tenant: string } }>();
  app.use(liveRoutes(live, { app }));
  const tags = (c: Context) => [`issue:${c.req.param("id")}`];
  const routes = app.get("/issues/:id", cached(live, { ttl: "5m", tags, vary: ["role"] }), (c) => {
    const id: string = c.req.param("id");
    const tenant: string | undefined = c.get("tenant");
    // @ts-expect-error: no such variable is set
    const other: string = c.get("other");
    return c.json({ id, tenant, other });
  });
  app.onError(liveErrors((_error, c) => c.text("failed", 500)));
  // @ts-expect-error: a bare number has no unit
  expect(() => cached(live, { ttl: 300 })).toThrow(/no unit/);
  expect(await (await routes.request("/issues/7")).json()).toEqual({ id: "7" });
});
