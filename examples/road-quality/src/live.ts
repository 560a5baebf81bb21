import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import { contract } from "./contract.ts";
import type { Sessions } from "./session.ts";

export interface LiveSettings {
  readonly redisUrl: string | undefined;
  readonly secret: string;
  readonly sessions: Sessions;
}

/** This node of the application. Without an answer from Redis it starts all the same, and joins the others when Redis is there. */
export async function openLive({ redisUrl, secret, sessions }: LiveSettings) {
  return createLive({
    realm: "roads",
    ground: redisUrl ? await openRedis(redisUrl, { start: "degraded" }) : undefined,
    contract,
    secret,
    identify: (request) => sessions.read(request),
    authorize: {
      city: (person) => person !== undefined,
      "region/:cell": (person) => person !== undefined,
    },
  });
}

export type RoadLive = Awaited<ReturnType<typeof openLive>>;
