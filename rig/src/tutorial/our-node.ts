import { createServer } from "node:http";
import { createLive, defineContract } from "livecache";
import type { Identity, StandardSchema } from "livecache";
import { openRedis } from "livecache/redis";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { listen } from "./site.ts";
import type { Site } from "./site.ts";

/** The same with Livecache. */

export const SECRET = "kR7v-2mPq9_zXw4LtB8nYc1Hs6Jd3GfA";

/** What is told to a hostel. */
export interface Issue {
  readonly id: number;
}

const issue: StandardSchema<Issue> = {
  "~standard": {
    version: 1,
    vendor: "rig",
    validate: (value) =>
      typeof (value as Partial<Issue> | null)?.id === "number"
        ? { value: value as Issue }
        : { issues: [{ message: "expected an issue with an id" }] },
  },
};

interface Student extends Identity {
  readonly hostelId: string;
}

const contract = defineContract({
  channels: { "hostel/:hostelId": { events: { new_issue: issue }, messages: { report: issue } } },
});

/** Opens a node on the Redis of a site. A request says with `authorization` who it is, a socket with `auth`. */
export async function openOurs({ redis, defer }: Pick<Site, "redis" | "defer">) {
  const live = createLive({
    ground: await openRedis(redis.url),
    secret: SECRET,
    contract,
    identify({ headers, auth }): Student | undefined {
      const userId = auth?.["user"] ?? headers["authorization"];
      return typeof userId === "string" ? { userId, hostelId: String(auth?.["hostel"]) } : undefined;
    },
    authorize: { "hostel/:hostelId": (student, { hostelId }) => student?.hostelId === hostelId },
    logger: { warn: () => undefined },
  });
  live.handle("hostel/:hostelId", { report: ({ data }) => ({ id: data.id }) });
  defer(() => live.close());
  return live;
}

/** Opens a node with a Socket.IO server. */
export async function serveOurs(site: Site) {
  const live = await openOurs(site);
  const http = createServer();
  const io = new Server(http);
  attach(live, io);
  const url = await listen(site, http);
  site.defer(() => io.close());
  return { live, io, url };
}
