import { Router } from "express";
import { Problem } from "example-kit/problem";
import { guard } from "livecache/express";
import type { OneSessionAnswer, SessionsAnswer } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";
import { listDrivers } from "../store/people.ts";

/** The records of connected sockets, for operators. They end by themselves an hour after they were written last. */
export function operatorRoutes({ db, live }: AppParts): Router {
  const router = Router();
  router.use("/sessions", guard(live, { roles: ["operator"] }));

  router.get("/sessions", async (_request, response) => {
    const drivers = await listDrivers(db);
    const lists = await Promise.all(drivers.map(({ id }) => live.sockets.of(id)));
    response.json({ sessions: lists.flat() } satisfies SessionsAnswer);
  });

  router.get("/sessions/:socketId", async (request, response) => {
    const { socketId } = request.params;
    const session = await live.sockets.session(socketId);
    if (!session) throw new Problem(404, "Not found", `There is no socket "${socketId}".`);
    const lastHeartbeatAt = await live.sockets.heartbeat(socketId);
    response.json({ session, ...(lastHeartbeatAt && { lastHeartbeatAt }) } satisfies OneSessionAnswer);
  });

  return router;
}
