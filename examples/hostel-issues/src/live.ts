import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import { contract } from "./contract.ts";
import { maySeeHostel } from "./permissions.ts";
import type { Sessions } from "./session.ts";

export interface LiveSettings {
  readonly redisUrl: string | undefined;
  readonly secret: string;
  readonly sessions: Sessions;
}

/** This node of the application: one rule for who somebody is, one for who may listen to a hostel. */
export async function openLive({ redisUrl, secret, sessions }: LiveSettings) {
  return createLive({
    // Without an answer from Redis the node starts all the same, and joins the others when Redis is there.
    realm: "hostel",
    ground: redisUrl ? await openRedis(redisUrl, { start: "degraded" }) : undefined,
    contract,
    secret,
    identify: ({ headers }) => sessions.read(headers),
    authorize: {
      "hostel/:hostelId": (person, { hostelId }) => person !== undefined && maySeeHostel(person, hostelId),
      warming: (person) => person?.role === "management",
    },
  });
}

export type HostelLive = Awaited<ReturnType<typeof openLive>>;
