import { createServer } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { listening } from "./route.ts";
import type { OpenRoute, RouteSetting } from "./route.ts";

/** Express that has the object at hand and sends it with `res.json`: what is left when the database costs nothing. */
export async function openExpressConstant({ load }: RouteSetting): Promise<OpenRoute> {
  const value = await load();
  const app = express();
  app.get("/item", (_request, response) => void response.json(value));
  return listening(createServer(app));
}

/** The same in Fastify, without a response schema. */
export async function openFastifyConstant({ load }: RouteSetting): Promise<OpenRoute> {
  const value = await load();
  const app = Fastify();
  app.get("/item", async () => value);
  await app.ready();
  return listening(app.server, () => app.close());
}

/** The same in Hono on its own Node server. */
export async function openHonoConstant({ load }: RouteSetting): Promise<OpenRoute> {
  const value = (await load()) as object;
  const app = new Hono();
  app.get("/item", (context) => context.json(value));
  return listening(createAdaptorServer({ fetch: app.fetch }) as ReturnType<typeof createServer>);
}
