import { sql } from "drizzle-orm";
import type { RequestHandler } from "express";
import type { HealthAnswer } from "../answers.ts";
import type { AppParts } from "../app-parts.ts";

/**
 * How this node is. `mongodb` is what probes know the database by, whichever it is. The node works without Redis, so the status
 * says "ok" then too; without its database it does not.
 */
export function health({ db, live, hasRedis }: AppParts): RequestHandler {
  return async (_request, response) => {
    const hasDatabase = await db.execute(sql`select 1`).then(
      () => true,
      () => false,
    );
    const isHere = live.status().state === "here";
    response.status(hasDatabase ? 200 : 503).json({
      status: hasDatabase ? "ok" : "error",
      timestamp: new Date().toISOString(),
      services: {
        mongodb: hasDatabase ? "connected" : "disconnected",
        redis: hasRedis ? (isHere ? "connected" : "disconnected") : "not configured",
        socketio: "active",
      },
    } satisfies HealthAnswer);
  };
}
