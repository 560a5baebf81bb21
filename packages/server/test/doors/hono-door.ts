import { Readable } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { Context } from "hono";
import type { DoorAnswer, DoorPlan, OpenDoor } from "../../src/conformance/suites.ts";
import { cached, liveErrors, liveRoutes } from "../../src/hono/hono.ts";
import { listen, openDoor, openLive } from "./doors.ts";

function answer(c: Context, { status = 200, headers = {}, body = "" }: DoorAnswer): Response {
  for (const [name, value] of Object.entries(headers)) {
    for (const each of typeof value === "string" ? [value] : value) c.header(name, each, { append: true });
  }
  c.status(status as 200);
  if (body === "") return c.body(null);
  if (typeof body === "string" || body instanceof Uint8Array) return c.body(body as string);
  return c.body(Readable.toWeb(Readable.from(body, { objectMode: false })) as ReadableStream);
}

/** An application of Hono, on Node's own server. */
export async function openHono({ routes, before = {}, after = {} }: DoorPlan): Promise<OpenDoor> {
  const live = await openLive();
  const app = new Hono();
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(before)) c.header(name, value);
    await next();
    for (const [name, value] of Object.entries(after)) c.header(name, value);
  });
  app.use(liveRoutes(live, { app }));
  app.onError(liveErrors((_error, c) => c.text("failed", 500)));
  for (const { method = "GET", path, cached: options, handle } of routes) {
    const handler = async (c: Context) =>
      answer(c, await handle({ method: c.req.method, headers: c.req.header() }));
    if (options) app.on(method, path, cached(live, options), handler);
    else app.on(method, path, handler);
  }
  return openDoor(live, await listen(getRequestListener(app.fetch)));
}
