import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import express from "express";
import type { Express, RequestHandler, Response } from "express";
import type { DoorAnswer, DoorPlan, OpenDoor } from "../../src/conformance/suites.ts";
import { cached, liveErrors, liveRoutes } from "../../src/express/express.ts";
import { listen, openDoor, openLive } from "./doors.ts";

async function answer(res: Response, { status = 200, headers = {}, body }: DoorAnswer): Promise<void> {
  res.status(status);
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (body === undefined) res.end();
  else if (typeof body === "string" || body instanceof Uint8Array) res.end(body);
  else await pipeline(Readable.from(body), res).catch(() => res.destroy());
}

function outer({ before = {}, after = {} }: DoorPlan): RequestHandler {
  return (_req, res, next) => {
    res.set(before);
    const { writeHead } = res;
    res.writeHead = (...args: unknown[]) => {
      for (const [name, value] of Object.entries(after)) res.setHeader(name, value);
      return writeHead.apply(res, args as never);
    };
    next();
  };
}

async function openExpress(app: Express, plan: DoorPlan): Promise<OpenDoor> {
  const live = await openLive();
  app.set("env", "test");
  app.disable("x-powered-by");
  app.use(outer(plan), liveRoutes(live));
  for (const { method = "GET", path, cached: options, handle } of plan.routes) {
    const handler: RequestHandler = (req, res, next) => {
      const given = { method: req.method, headers: req.headers };
      // Express 4 knows nothing of promises.
      void (async () => answer(res, await handle(given)))().then(undefined, next);
    };
    const through = options ? [cached(live, options), handler] : [handler];
    app[method === "POST" ? "post" : "get"](path, ...(through as RequestHandler[]));
  }
  app.use(liveErrors());
  return openDoor(live, await listen(app));
}

/** An application of Express 5. */
export function openExpress5(plan: DoorPlan): Promise<OpenDoor> {
  return openExpress(express(), plan);
}

/** An application of Express 4. */
export function openExpress4(plan: DoorPlan): Promise<OpenDoor> {
  // It has no types of its own.
  const express4 = createRequire(import.meta.url)("express4") as typeof express;
  return openExpress(express4(), plan);
}
