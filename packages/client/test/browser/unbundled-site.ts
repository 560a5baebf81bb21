import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineContract, uploadSchema } from "@livecache/wire";
import express from "express";
import { createLive } from "livecache";
import { cached } from "livecache/express";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { z } from "zod";

const HERE = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** Folders that the site hands out as they are: what `npm install` puts on a machine. */
const FOLDERS: Readonly<Record<string, string>> = {
  "/node_modules/@livecache/client/dist": join(HERE, "../../dist"),
  "/node_modules/@livecache/wire/dist": join(HERE, "../../../wire/dist"),
  "/node_modules/socket.io-client/dist": join(
    dirname(require.resolve("socket.io-client/package.json")),
    "dist",
  ),
};

/** A page without a build step. */
const PAGE = `<!doctype html>
<title>No bundler</title>
<script type="importmap">
  {
    "imports": {
      "@livecache/client": "/node_modules/@livecache/client/dist/index.js",
      "@livecache/client/tabs": "/node_modules/@livecache/client/dist/tabs/index.js",
      "@livecache/wire": "/node_modules/@livecache/wire/dist/index.js",
      "socket.io-client": "/node_modules/socket.io-client/dist/socket.io.esm.min.js"
    }
  }
</script>
<script type="module">
  import * as livecache from "@livecache/client";
  import { sharedSocket } from "@livecache/client/tabs";
  const socket = location.hash === "#shared" ? sharedSocket({ name: "asha", auth: () => ({ user: "asha" }) }) : undefined;
  const client = livecache.createLiveClient({ ...(socket && { socket }) });
  const heard = [];
  const resyncs = [];
  const room = client.channel("room/:room", { room: 1 }, {
    tick: (count) => heard.push(count),
    onResync: (reason) => resyncs.push(reason),
  });
  const query = client.query("/api/count");
  query.subscribe(() => {});
  Object.assign(window, { livecache, client, heard, resyncs, room, query });
</script>`;

const REFERENCE = join(HERE, "../../../../docs/reference/client.md");

const contract = defineContract({
  channels: {
    "room/:room": {
      events: { tick: z.number() },
      messages: { say: z.string() },
      whispers: { upload: uploadSchema },
      presence: true,
      typing: true,
    },
  },
});

/** A site with a real Livecache server behind it. */
export interface Site {
  readonly url: string;
  /** How many sockets are connected, and how many ever were. */
  sockets(): { readonly now: number; readonly ever: number };
  /** How often the route of the query ran. */
  loads(): number;
  /** Publishes the next number to the room, and changes what the query shows. */
  tick(): Promise<void>;
  ticks(): number;
  /** What clients sent to the room. */
  said(): readonly string[];
  close(): Promise<void>;
}

/** Starts the site on a free port of this machine. */
export async function openSite(): Promise<Site> {
  const live = createLive({
    contract,
    authorize: { "room/:room": () => true },
    identify: ({ auth }) => (auth?.["user"] === "asha" ? { userId: "asha" } : undefined),
  });
  let ticks = 0;
  const said: string[] = [];
  live.handle("room/:room", { say: ({ data }) => said.push(data) });
  let loads = 0;
  const app = express();
  app.get("/", (_, response) => void response.type("html").send(PAGE));
  app.get("/reference", async (_, response) => {
    const page = await readFile(REFERENCE, "utf8");
    response.type("html").send(/```html\n([\s\S]*?)```/.exec(page)![1]);
  });
  app.post("/files", async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    response.status(201).set("x-upload-id", request.get("upload-id")).json({ bytes });
  });
  app.get("/api/count", cached(live, { ttl: "1m", tags: ["count"] }), (_, response) => {
    loads++;
    response.json(ticks);
  });
  for (const [at, folder] of Object.entries(FOLDERS)) app.use(at, express.static(folder));
  const http = createServer(app);
  const io = new Server(http, {
    transports: ["websocket"],
    serveClient: false,
    maxHttpBufferSize: 65_536,
  });
  attach(live, io);
  let ever = 0;
  io.on("connection", () => ever++);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    sockets: () => ({ now: io.engine.clientsCount, ever }),
    loads: () => loads,
    async tick() {
      const event = live.event("room/:room", { room: 1 }, "tick", ++ticks);
      await live.change({ tags: ["count"], emit: [event] });
    },
    ticks: () => ticks,
    said: () => said,
    async close() {
      await io.close();
      http.closeAllConnections();
      await live.close();
    },
  };
}
