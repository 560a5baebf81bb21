import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import express from "express";
// @ts-expect-error: this version has no types of its own; those of Express 5 do.
import express4 from "express4";
import fastify from "fastify";
import type { FastifyRequest } from "fastify";
import { Hono } from "hono";
import type { Context } from "hono";
import type { Live } from "../../src/assembly/create-live.ts";
import * as onExpress from "../../src/express/express.ts";
import * as onFastify from "../../src/fastify/fastify.ts";
import * as onHono from "../../src/hono/hono.ts";
import type { LimitedInput } from "../../src/http/limited-options.ts";
import { listen } from "../doors/doors.ts";

/** One limited route. */
export interface LimitedRow {
  readonly method?: "GET" | "POST";
  readonly path: string;
  /** `headerOf` reads a header of the framework's own request. */
  readonly limits: (headerOf: (request: never, name: string) => string | undefined) => LimitedInput<never>;
  /** Set for a cached route. */
  readonly ttl?: "1m";
  readonly handle: (header: (name: string) => string | undefined) => number;
}

/** A listening application. */
export interface LimitedApp {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens an application with these routes. */
export type OpenApp = (live: Live, rows: readonly LimitedRow[]) => Promise<LimitedApp>;

function nodeHeader(request: { headers: Record<string, unknown> }, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

function openWith(create: typeof express): OpenApp {
  return async (live, rows) => {
    const app = create();
    app.set("env", "test");
    for (const { method = "GET", path, limits, ttl, handle } of rows) {
      const before = [onExpress.limited(live, limits(nodeHeader as never) as never)];
      if (ttl) before.push(onExpress.cached(live, ttl));
      app[method === "GET" ? "get" : "post"](path, ...before, (req, res) => {
        res.status(handle((name) => nodeHeader(req, name))).send("done");
      });
    }
    app.use(onExpress.liveErrors());
    return appOf(await listen(app));
  };
}

const openFastify: OpenApp = async (live, rows) => {
  const app = fastify({ forceCloseConnections: true });
  app.setErrorHandler(onFastify.liveErrors());
  for (const { method = "GET", path, limits, ttl, handle } of rows) {
    const headerOf = (request: FastifyRequest, name: string) => nodeHeader(request, name);
    app.route({
      method,
      url: path,
      ...onFastify.limited(live, limits(headerOf as never)),
      ...(ttl && onFastify.cached(live, ttl)),
      handler: async (request, reply) => reply.code(handle((name) => nodeHeader(request, name))).send("done"),
    });
  }
  await app.listen({ port: 0, host: "127.0.0.1" });
  return appOf(app.server);
};

const openHono: OpenApp = async (live, rows) => {
  const app = new Hono();
  app.onError(onHono.liveErrors((_error, c) => c.text("failed", 500)));
  for (const { method = "GET", path, limits, ttl, handle } of rows) {
    const headerOf = (c: Context, name: string) => c.req.header(name);
    app.use(path, onHono.limited(live, limits(headerOf as never) as never));
    if (ttl) app.use(path, onHono.cached(live, ttl));
    app.on(method, path, (c) => c.text("done", handle((name) => c.req.header(name)) as 200));
  }
  return appOf(await listen(getRequestListener(app.fetch)));
};

function appOf(server: Server): LimitedApp {
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** One of each framework. */
export const APPS: readonly { readonly name: string; readonly open: OpenApp }[] = [
  { name: "Express 5", open: openWith(express) },
  { name: "Express 4", open: openWith(express4 as unknown as typeof express) },
  { name: "Fastify", open: openFastify },
  { name: "Hono", open: openHono },
];
