import { Readable } from "node:stream";
import fastify from "fastify";
import type { FastifyReply, RouteHandlerMethod } from "fastify";
import type { DoorAnswer, DoorPlan, OpenDoor } from "../../src/conformance/suites.ts";
import { cached, liveErrors, liveRoutes } from "../../src/fastify/fastify.ts";
import { openDoor, openLive } from "./doors.ts";

function answer(reply: FastifyReply, { status = 200, headers = {}, body }: DoorAnswer): FastifyReply {
  reply.code(status);
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (body === undefined || typeof body === "string") return reply.send(body);
  return reply.send(body instanceof Uint8Array ? body : Readable.from(body, { objectMode: false }));
}

/** An application of Fastify. */
export async function openFastify({ routes, before = {}, after = {} }: DoorPlan): Promise<OpenDoor> {
  const live = await openLive();
  const app = fastify({ forceCloseConnections: true });
  app.addHook("onRequest", async (_request, reply) => void reply.headers(before));
  app.addHook("onSend", async (_request, reply) => void reply.headers(after));
  app.register(liveRoutes(live));
  app.setErrorHandler(liveErrors());
  app.register((child, _options, done) => {
    for (const { method = "GET", path, cached: options, handle } of routes) {
      const handler: RouteHandlerMethod = async (request, reply) =>
        answer(reply, await handle({ method: request.method, headers: request.headers }));
      child.route({ method, url: path, ...(options && cached(live, options)), handler });
    }
    done();
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return openDoor(live, app.server, () => app.close());
}
