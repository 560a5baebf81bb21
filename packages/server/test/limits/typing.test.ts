import express from "express";
import fastify from "fastify";
import type { FastifyRequest } from "fastify";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { createLive } from "../../src/assembly/create-live.ts";
import * as onExpress from "../../src/express/express.ts";
import * as onFastify from "../../src/fastify/fastify.ts";
import * as onHono from "../../src/hono/hono.ts";
import { defineLimit } from "../../src/limits/define-limit.ts";
import { signInLimits } from "../../src/limits/presets.ts";

// tsc is what fails here: the functions of the options are given the framework's own requests, without saying so.
test("functions of the options know the framework's requests", async () => {
  await using live = createLive();
  const policy = defineLimit({ name: "api", limit: 10, window: "1m" });
  const app = express();
  app.post(
    "/sign-in",
    onExpress.limited(
      live,
      signInLimits((req) => req.body.email),
    ),
    (_req, res) => void res.end(),
  );
  app.get(
    "/items/:id",
    onExpress.limited(live, { policy, by: (req) => req.get("x-api-key") }),
    (req, res) => {
      const id: string = req.params.id;
      res.send(id);
    },
  );
  const server = fastify();
  server.post(
    "/sign-in",
    onFastify.limited(
      live,
      signInLimits((request: FastifyRequest<{ Body: { email: string } }>) => request.body.email),
    ),
    async () => "ok",
  );
  server.get("/", { ...onFastify.limited(live, policy), ...onFastify.cached(live, "1m") }, async () => "ok");
  const hono = new Hono();
  hono.post(
    "/sign-in",
    onHono.limited(
      live,
      signInLimits((c) => c.req.header("x-account")),
    ),
    (c) => c.text("ok"),
  );
  hono.get("/", onHono.limited(live, { limits: policy, skip: (c) => c.req.path === "/health" }), (c) =>
    c.text("ok"),
  );
  const answer = await hono.request("/");
  expect(answer.headers.get("ratelimit-policy")).toBe('"api";q=10;w=60');
  await server.close();
});
