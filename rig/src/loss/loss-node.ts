import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { serveNode } from "../node-process.ts";
import { PLANTS } from "./plants.ts";
import type { Plant } from "./plants.ts";
import { createPublisher } from "./publisher.ts";
import { contract } from "./traffic.ts";

/** How a node of a run is started: as JSON in its first argument. */
export interface LossNodeOptions {
  readonly name: string;
  readonly redisUrl: string;
  readonly seed: number;
  readonly channels: number;
  /** Whether it serves sockets, or only publishes. */
  readonly serves: boolean;
  readonly plant?: Plant | undefined;
}

/** How a node has fared. */
export interface NodeFigures {
  readonly unhandledRejections: number;
  readonly longestStallMs: number;
  readonly warnings: readonly string[];
}

/** How soon a half-open connection of a client is noticed. */
const PING = { pingInterval: 1_000, pingTimeout: 1_500 };

const options = JSON.parse(process.argv[2]!) as LossNodeOptions;
const { name, seed, channels } = options;
const warnings = new Set<string>();
let unhandledRejections = 0;
process.on("unhandledRejection", (reason) => {
  unhandledRejections++;
  warnings.add(`unhandled: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`);
});
const stalls = monitorEventLoopDelay({ resolution: 5 });
stalls.enable();

const planted = options.plant ? PLANTS[options.plant] : undefined;
const ground = await openRedis(options.redisUrl, { start: "degraded" });
const live = createLive({
  ground: planted?.ground?.(ground) ?? ground,
  contract,
  authorize: { "news/:id": () => true },
  secret: "0123456789abcdef0123456789abcdef",
  logger: { warn: (message) => void warnings.add(message) },
});
const publisher = createPublisher({
  ...{ name, seed, channels },
  publish: (channel, item) => live.publish("news/:id", { id: channel }, "item", item),
});
const http = createServer();
const io = new Server(http, { transports: ["websocket"], maxHttpBufferSize: 65_536, ...PING });
const attached = attach({ door: planted?.door?.(live.door) ?? live.door }, io);
if (options.serves) await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));

serveNode({
  port: () => (http.address() as AddressInfo).port,
  start: (eventsPerSecond) => publisher.start(eventsPerSecond as number),
  stop: () => publisher.stop(),
  publishToAll: (withinMs) => publisher.publishToAll(withinMs as number),
  take: () => publisher.take(),
  figures: (): NodeFigures => ({
    unhandledRejections,
    longestStallMs: Math.round(stalls.max / 1e6),
    warnings: [...warnings],
  }),
  async close() {
    attached.close();
    await io.close();
    await live.close();
  },
});
