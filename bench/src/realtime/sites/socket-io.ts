import { createServer } from "node:http";
import { createAdapter, createShardedAdapter } from "@socket.io/redis-adapter";
import { createAdapter as createStreamsAdapter } from "@socket.io/redis-streams-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";
import type { ServerOptions } from "socket.io";
import { createHandMadeCache } from "./hand-made-cache.ts";
import { joinByHand, presenceByHand, regionsByHand } from "./hand-made-rooms.ts";
import { listening } from "./listening.ts";
import type { Site, SiteSetting } from "./site.ts";

type Adapter = NonNullable<ServerOptions["adapter"]>;
type Client = ReturnType<typeof connectTo>;

function connectTo(url: string) {
  return createClient({ url });
}

/** How the nodes of a contestant hear of each other. */
type Joint = (client: Client) => Promise<Adapter | undefined>;

const subscriber = async (client: Client): Promise<Client> => {
  const other = client.duplicate() as Client;
  other.on("error", () => undefined);
  await other.connect();
  return other;
};

const JOINTS = {
  alone: async () => undefined,
  "redis-adapter": async (client) => createAdapter(client, await subscriber(client)) as Adapter,
  sharded: async (client) =>
    createShardedAdapter(client, await subscriber(client), { subscriptionMode: "dynamic" }) as Adapter,
  streams: async (client) => createStreamsAdapter(client) as Adapter,
} as const satisfies Readonly<Record<string, Joint>>;

/** Makes what opens plain Socket.IO, as its documentation sets it up with one of its adapters. */
export function openSocketIo(joint: keyof typeof JOINTS): (setting: SiteSetting) => Promise<Site> {
  return async (setting) => {
    const client = connectTo(setting.redisUrl);
    client.on("error", () => undefined);
    await client.connect();
    const adapter: Adapter | undefined = await JOINTS[joint](client);
    const cache = createHandMadeCache(client, setting.loadMs);
    const http = createServer(cache.answer);
    const io = new Server(http, {
      transports: ["websocket"],
      ...(adapter ? { adapter } : {}),
      ...(setting.resumes ? { connectionStateRecovery: {} } : {}),
    });
    io.on("connection", (socket) => {
      joinByHand(socket);
      if (joint !== "alone") presenceByHand(io, socket, client);
      regionsByHand(socket);
    });
    return {
      port: await listening(http, setting.port),
      publish: async (room, tick) => io.to(room).emit("tick", tick),
      async change(tags, room, tick) {
        await Promise.all([cache.forget(tags), ...tags.map((tag) => client.incr(`tag:${tag}`))]);
        io.to(room).emit("tick", tick);
      },
      present: async (room) => (await io.in(room).fetchSockets()).length,
      loads: cache.loads,
      async close() {
        await io.close();
        client.destroy();
      },
    };
  };
}
