import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import { contract } from "./contract.ts";
import type { Readings } from "./readings.ts";
import type { Sessions } from "./session.ts";

export interface LiveSettings {
  readonly redisUrl: string | undefined;
  readonly secret: string;
  readonly sessions: Sessions;
  readonly readings: Readings;
}

/** This node of the application: one rule for who somebody is, one for who may listen where. */
export async function openLive({ redisUrl, secret, sessions, readings }: LiveSettings) {
  const trainerOf = async (userId: string): Promise<string | null | undefined> => {
    const { key, load, ttl } = readings.profile(userId);
    return (await live.cache.getOrSet(key, load, { ttl }))?.trainerId;
  };
  const live = createLive({
    realm: "trainer",
    // Without an answer from Redis the node starts all the same, and joins the others when Redis is there.
    ground: redisUrl ? await openRedis(redisUrl, { start: "degraded" }) : undefined,
    contract,
    secret,
    identify: (request) => sessions.read(request),
    authorize: {
      "progress/:userId": async (person, { userId }) =>
        person !== undefined && (person.userId === userId || (await trainerOf(userId)) === person.userId),
      "group/:trainerId": async (person, { trainerId }) =>
        person !== undefined &&
        (person.userId === trainerId || (await trainerOf(person.userId)) === trainerId),
    },
  });
  return live;
}

export type TrainerLive = Awaited<ReturnType<typeof openLive>>;
