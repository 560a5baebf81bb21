import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";
import { serveNode } from "../node-process.ts";
import { serveOurs } from "./our-node.ts";
import type { VictimOptions } from "./outage-cases.ts";
import { listen } from "./site.ts";
import type { Site } from "./site.ts";

/** A process that is struck: what ends it ends it. */

const { kind, redisUrl } = JSON.parse(process.argv[2]!) as VictimOptions;
const ends: (() => unknown)[] = [];
const site = {
  redis: { url: redisUrl },
  defer: (end: () => unknown) => void ends.push(end),
} as unknown as Site;
/** How often a process with users has something to tell. */
const TELL_EVERY_MS = 100;

async function noListener(): Promise<string> {
  const client = createClient({ url: redisUrl });
  await client.connect();
  return "";
}

/** As the manual of the adapter has it, with every listener attached. */
async function adapter(): Promise<string> {
  const pubClient = createClient({ url: redisUrl });
  const subClient = pubClient.duplicate();
  pubClient.on("error", () => undefined);
  subClient.on("error", () => undefined);
  await Promise.all([pubClient.connect(), subClient.connect()]);
  const http = createServer();
  const io = new Server(http, { adapter: createAdapter(pubClient, subClient) });
  setInterval(() => io.emit("new_issue", { id: 1 }), TELL_EVERY_MS).unref();
  return listen(site, http);
}

/** Events of clients, taken as they come. */
async function events(): Promise<string> {
  const http = createServer();
  const io = new Server(http);
  io.on("connection", (socket) => {
    socket.on("report", (issue: { id: number }) => socket.emit("reported", { id: issue.id }));
  });
  return listen(site, http);
}

async function ours(): Promise<string> {
  const { live, url } = await serveOurs(site);
  const hostel = { hostelId: "aspen" };
  const tell = (): void => void live.publish("hostel/:hostelId", hostel, "new_issue", { id: 1 });
  const timer = setInterval(tell, TELL_EVERY_MS);
  site.defer(() => clearInterval(timer));
  return url;
}

const url = await { "no-listener": noListener, adapter, events, ours }[kind]();

serveNode({
  url: () => url,
  async close() {
    for (const end of ends.reverse()) await end();
  },
});
