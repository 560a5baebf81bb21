import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { getRequestListener } from "@hono/node-server";
import { expect, onTestFinished, test } from "vitest";
import * as expressDoor from "../../src/express/express.ts";
import * as fastifyDoor from "../../src/fastify/fastify.ts";
import * as honoDoor from "../../src/hono/hono.ts";
import type { SameOriginOptions } from "../../src/http/same-origin.ts";
import { listen } from "./doors.ts";

/** An application that counts the writes it lets in, and where it listens. */
interface WrittenTo {
  readonly url: string;
  readonly writes: () => number;
}

type Open = (options: SameOriginOptions) => Promise<WrittenTo>;

const onExpress: Open = async (options) => {
  let writes = 0;
  const app = express();
  app.use(expressDoor.sameOriginWrites(options));
  app.all("/", (_req, res) => void res.json({ writes: ++writes }));
  app.use(expressDoor.liveErrors());
  const server = await listen(app);
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, writes: () => writes };
};

const onFastify: Open = async (options) => {
  let writes = 0;
  const app = fastify();
  onTestFinished(() => app.close());
  app.setErrorHandler(fastifyDoor.liveErrors());
  app.addHook("onRequest", fastifyDoor.sameOriginWrites(options));
  app.all("/", async () => ({ writes: ++writes }));
  return { url: await app.listen({ host: "127.0.0.1", port: 0 }), writes: () => writes };
};

const onHono: Open = async (options) => {
  let writes = 0;
  const app = new Hono();
  app.use(honoDoor.sameOriginWrites(options));
  app.all("/", (c) => c.json({ writes: ++writes }));
  app.onError(honoDoor.liveErrors((_error, c) => c.text("failed", 500)));
  const server = createServer(getRequestListener(app.fetch));
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, writes: () => writes };
};

test.each([
  ["Express", onExpress],
  ["Fastify", onFastify],
  ["Hono", onHono],
])(
  "behind %s, a write of another site is refused as a problem, and those of ours and of the list pass",
  async (_name, open) => {
    const { url, writes } = await open({ origins: ["https://partner.example.net"] });
    const write = async (headers: Record<string, string>) => {
      const response = await fetch(url, { method: "POST", headers });
      return { status: response.status, body: (await response.json()) as { code?: string } };
    };
    const foreign = await write({ origin: "https://evil.test" });
    expect(foreign).toMatchObject({ status: 403, body: { code: "LIVE_ORIGIN_REFUSED" } });
    expect((await write({ origin: "null" })).status).toBe(403);
    expect(writes()).toBe(0);
    expect((await write({ origin: new URL(url).origin })).status).toBe(200);
    expect((await write({ origin: "https://partner.example.net" })).status).toBe(200);
    expect((await write({})).status).toBe(200);
    expect((await fetch(url, { headers: { origin: "https://evil.test" } })).status).toBe(200);
    expect(writes()).toBe(4);
  },
);
