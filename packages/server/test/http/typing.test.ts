import express from "express";
import { expect, onTestFinished, test } from "vitest";
import { defineContract } from "@livecache/wire";
import { createLive } from "../../src/assembly/create-live.ts";
import { cached, liveErrors, liveRoutes } from "../../src/express/express.ts";

test("behind cached, a handler's parameters are typed by its path, for an instance of any contract and identity", () => {
  const live = createLive({
    contract: defineContract({ channels: { "hostel/:hostelId": { events: {} } } }),
    authorize: { "hostel/:hostelId": () => true },
    identify: () => ({ userId: "ana", role: "warden" as const }),
  });
  onTestFinished(() => live.close());
  const app = express();
  app.use(liveRoutes(live));
  const tags = (req: express.Request) => [`issue:${String(req.params["id"])}`];
  app.get("/issues/:id", cached(live, { ttl: "5m", tags, vary: ["role"] }), (req, res) => {
    const id: string = req.params.id;
    // @ts-expect-error: the path has no such parameter
    const hostelId: string = req.params.hostelId;
    res.json({ id, hostelId });
  });
  app.use(liveErrors());
  expect(() => cached(live, { ttl: "5m" })).not.toThrow();
  // @ts-expect-error: a bare number has no unit
  expect(() => cached(live, { ttl: 300 })).toThrow(/no unit/);
});
