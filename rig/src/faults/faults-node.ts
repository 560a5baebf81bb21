import { createServer } from "node:http";
import express from "express";
import { createLive, systemClock } from "livecache";
import { cached, liveErrors } from "livecache/express";
import { openRedis } from "livecache/redis";
import type { RedisAddress } from "livecache/redis";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import type { StatusRecord } from "../checkers/switching.ts";
import { machineMs } from "../machine-ms.ts";
import { serveNode } from "../node-process.ts";
import { contract } from "./contract.ts";
import { addRoutes } from "./node-routes.ts";
import { readRows } from "./origin.ts";
import { PLANTS } from "./plants.ts";
import type { Plant } from "./plants.ts";

/** How a node of a run is started: as JSON in its first argument. */
export interface FaultsNodeOptions {
  /** New with every process. */
  readonly name: string;
  readonly port: number;
  readonly redis: RedisAddress;
  readonly originUrl: string;
  readonly plant?: Plant | undefined;
}

/** How a node has fared. */
export interface NodeReport {
  readonly unhandled: readonly string[];
  readonly statuses: readonly StatusRecord[];
  readonly warnings: readonly string[];
  readonly rssBytes: number;
}

const options = JSON.parse(process.argv[2]!) as FaultsNodeOptions;
const { name, port, redis, originUrl, plant } = options;
const unhandled: string[] = [];
process.on("unhandledRejection", (reason) => {
  unhandled.push(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
});

/** How far the date of this machine is wrong. */
let wrongMs = 0;
const clock = { ...systemClock, wall: () => systemClock.wall() + wrongMs };
const ground = await openRedis(redis, { start: "degraded", clock });
const warnings = new Map<string, number>();
const live = createLive({
  ground: plant ? PLANTS[plant](ground) : ground,
  contract,
  authorize: { "news/:id": () => true },
  identify({ url }) {
    const userId = new URL(url, "http://node").searchParams.get("user");
    return userId === null ? undefined : { userId };
  },
  secret: "0123456789abcdef0123456789abcdef",
  logger: {
    warn(message, details) {
      const error = details?.["error"];
      const told = error instanceof Error ? `${message}: ${error.stack}` : message;
      warnings.set(told, (warnings.get(told) ?? 0) + 1);
    },
  },
  clock,
});
const statuses: StatusRecord[] = [{ node: name, atMs: machineMs(), state: live.status().state }];
live.onStatus((status) => {
  const cause = status.state === "away" ? status.cause : undefined;
  statuses.push({ node: name, atMs: machineMs(), state: status.state, cause });
});

const app = express();
app.disable("x-powered-by");
app.use((_req, res, next) => {
  res.set("x-node", name);
  next();
});
app.get(
  "/rows/:rows",
  cached(live, { ttl: "30s", public: true, tags: (req) => tagsOf(String(req.params["rows"])) }),
  (req, res, next) => {
    readRows(originUrl, req.params.rows).then((versions) => res.json({ versions }), next);
  },
);
addRoutes(app, { live, load: (rows) => readRows(originUrl, rows), tagsOf });
app.use(liveErrors());
const http = createServer(app);
http.keepAliveTimeout = 60_000;
const io = new Server(http, { transports: ["websocket"], pingInterval: 1_000, pingTimeout: 1_500 });
const attached = attach(live, io);
await new Promise<void>((resolve, reject) => {
  http.once("error", reject);
  http.listen(port, "127.0.0.1", resolve);
});

function tagsOf(rows: string): string[] {
  return rows.split("+").map((row) => `row:${row}`);
}

serveNode({
  /** Blocks the event loop. */
  block(forMs) {
    const endsAtMs = machineMs() + (forMs as number);
    while (machineMs() < endsAtMs);
  },
  setClock: (ms) => void (wrongMs = ms as number),
  report: (): NodeReport => ({
    ...{ unhandled, statuses },
    warnings: [...warnings].map(([message, count]) => `${count} x ${message}`),
    rssBytes: process.memoryUsage().rss,
  }),
  async close() {
    attached.close();
    await io.close();
    http.closeAllConnections();
    await live.close();
  },
});
