import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createLive, defineContract } from "livecache";
import type { StandardSchema } from "livecache";
import { attach } from "livecache/socket.io";
import { Server } from "socket.io";
import { serveNode } from "../node-process.ts";

/** Takes anything. */
const anything: StandardSchema = {
  "~standard": { version: 1, vendor: "rig", validate: (value: unknown) => ({ value }) },
};

const contract = defineContract({
  channels: {
    news: {
      events: { item: anything },
      whispers: { progress: anything },
      messages: { say: anything },
      presence: true,
      typing: true,
    },
    "room/:id": { events: { item: anything }, messages: { say: anything }, presence: true },
    "region/:cell": { events: { item: anything } },
  },
  regions: { channel: "region/:cell", precision: 6 },
  notifications: { note: anything },
});

/** Bounds that stop nobody here: it is what lies behind them that is searched. */
const limits = {
  socketsPerUser: 100_000,
  socketsPerAddress: 100_000,
  joinsPerSecond: 100_000,
  framesPerSecond: 100_000,
  pendingFrames: 100_000,
  handshakesPerSecond: 100_000,
};

const WATCHED = [Object, Array, String, Number, Function, Promise, Map, Buffer];

/** Everything that the prototypes of everybody have. */
function prototypes(): string {
  return JSON.stringify(
    WATCHED.map(({ prototype }: { prototype: object }) =>
      Reflect.ownKeys(prototype).map(
        (key) => `${String(key)} ${typeof Reflect.getOwnPropertyDescriptor(prototype, key)?.value}`,
      ),
    ),
  );
}

const before = prototypes();
const rejections: string[] = [];
const warnings = new Map<string, number>();
process.on("unhandledRejection", (reason) => rejections.push(String(reason)));

function note(message: string, details: Readonly<Record<string, unknown>> = {}): void {
  const { frame, error } = details;
  const told =
    error instanceof Error
      ? `${message}: ${String(frame)}: ${error.stack?.split("\n", 2).join("")}`
      : message;
  warnings.set(told, (warnings.get(told) ?? 0) + 1);
}

const http = createServer();
const io = new Server(http, { maxHttpBufferSize: 65_536, pingTimeout: 120_000, pingInterval: 120_000 });
const live = createLive({
  contract,
  identify: ({ auth }) => (typeof auth?.["user"] === "string" ? { userId: auth["user"] } : undefined),
  authorize: { news: () => true, "room/:id": (who) => who !== undefined, "region/:cell": () => true },
  logger: { warn: (message, details) => note(message, details) },
});
live.handle("news", { say: ({ data }) => ({ heard: typeof data }) });
live.handle("room/:id", { say: () => undefined });
attach(live, io, { trustProxy: 1, limits });
io.of("/own").on("connection", (socket) => socket.on("own", () => undefined));
io.on("connection", (socket) => {
  socket.on("own", (...args: unknown[]) => {
    const answer = args.at(-1);
    if (typeof answer === "function") answer("own");
  });
});
http.listen(0, "127.0.0.1");
await new Promise((resolve) => http.once("listening", resolve));

/** The names of the frames that the server listens to: what it would have with a socket. */
async function frameNames(): Promise<readonly string[]> {
  const nothing = (): void => undefined;
  const peer = { id: "rig", address: undefined, userAgent: undefined };
  const acts = { emit: nothing, enter: nothing, exit: nothing, end: nothing };
  const admission = await live.door.admit({ headers: {}, url: "/", auth: {}, native: undefined });
  const conversation = live.door.converse({ ...peer, ...acts }, admission);
  conversation.close();
  return conversation.names;
}

serveNode({
  port: () => (http.address() as AddressInfo).port,
  frames: frameNames,
  figures: () => ({
    rejections,
    warnings: Object.fromEntries(warnings),
    isPolluted: prototypes() !== before,
    sockets: io.engine.clientsCount as number,
    memoryMiB: Math.round(process.memoryUsage().rss / 1024 / 1024),
  }),
  async close() {
    await io.close();
    await live.close();
  },
});
