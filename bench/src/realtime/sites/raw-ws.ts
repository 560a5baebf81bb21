import { createServer } from "node:http";
import { createClient } from "redis";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { createHandMadeCache } from "./hand-made-cache.ts";
import { listening } from "./listening.ts";
import type { Site, SiteSetting } from "./site.ts";

/** What a member says: where it wants to be, and after which event. */
interface Asked {
  readonly join: string;
  readonly after?: string;
}

/** The members of the rooms of one node, and the one subscription for each room that has any. */
function createRooms(listener: Pick<ReturnType<typeof createClient>, "subscribe">) {
  const rooms = new Map<string, Set<WebSocket>>();

  async function open(room: string): Promise<Set<WebSocket>> {
    const members = new Set<WebSocket>();
    rooms.set(room, members);
    await listener.subscribe(room, (message) => {
      for (const member of members) member.send(message);
    });
    return members;
  }

  return {
    async enter(room: string, socket: WebSocket): Promise<void> {
      const members = rooms.get(room) ?? (await open(room));
      members.add(socket);
      socket.once("close", () => members.delete(socket));
    },
  };
}

/**
 * The floor: bare `ws`, a PUBLISH for each event and one subscription for each room. Where members are to be told what they missed, each
 * room has a stream of its own, and an offset is a stream's id.
 */
export async function openRawWs({ redisUrl, port, resumes, loadMs }: SiteSetting): Promise<Site> {
  const client = createClient({ url: redisUrl });
  const listener = client.duplicate();
  for (const one of [client, listener]) {
    one.on("error", () => undefined);
    await one.connect();
  }
  const rooms = createRooms(listener);
  const cache = createHandMadeCache(client, loadMs);
  const http = createServer(cache.answer);
  const server = new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: 65_536 });

  async function join(socket: WebSocket, { join: room, after }: Asked): Promise<void> {
    await rooms.enter(room, socket);
    const missed = after === undefined ? [] : await client.xRange(`stream:${room}`, `(${after}`, "+");
    socket.send(JSON.stringify(["joined", room]));
    for (const { id, message } of missed ?? []) socket.send(`${String(message["m"]).slice(0, -1)},"${id}"]`);
  }

  async function keep(room: string, text: string): Promise<string> {
    const kept = client.xAdd(
      `stream:${room}`,
      "*",
      { m: text },
      {
        TRIM: { strategy: "MAXLEN", strategyModifier: "~", threshold: 100 },
      },
    );
    return `${text.slice(0, -1)},"${await kept}"]`;
  }

  server.on("connection", (socket) => {
    socket.on("error", () => undefined);
    socket.on("message", (data) => {
      void join(socket, JSON.parse(String(data)) as Asked).catch(() => socket.terminate());
    });
  });
  async function publish(room: string, tick: object): Promise<unknown> {
    const text = JSON.stringify(["tick", tick]);
    return client.publish(room, resumes ? await keep(room, text) : text);
  }
  return {
    port: await listening(http, port),
    publish,
    change: (tags, room, tick) =>
      Promise.all([cache.forget(tags), ...tags.map((tag) => client.incr(`tag:${tag}`)), publish(room, tick)]),
    present: () => Promise.reject(new Error("raw ws has no presence")),
    loads: cache.loads,
    async close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      http.close();
      client.destroy();
      listener.destroy();
    },
  };
}
