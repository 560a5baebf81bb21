import { serveNode } from "@livecache/rig";
import { createLive, defineContract } from "livecache";
import { openRedis } from "livecache/redis";

// A process with sockets that are none, which may be killed or frozen. It runs what is built.
const live = createLive({
  ground: await openRedis(process.argv[2]),
  contract: defineContract({
    channels: { "region/:cell": { events: {} } },
    regions: { channel: "region/:cell", precision: 6 },
  }),
  authorize: { "region/:cell": () => true },
  secret: "0123456789abcdef0123456789abcdef",
  logger: { warn: () => undefined },
});
const sockets = [];

async function connect(location) {
  const id = `${live.node}-${sockets.length}`;
  const admission = await live.door.admit({ headers: {}, url: "/", auth: {}, native: undefined });
  const noop = () => undefined;
  const socket = live.door.converse(
    { id, address: undefined, userAgent: undefined, emit: noop, enter: noop, exit: noop, end: noop },
    admission,
  );
  sockets.push(socket);
  await socket.frames.locate(location, noop);
}

serveNode({
  async connectMany(count, location) {
    for (let index = 0; index < count; index++) await connect(location);
  },
  async seen(point) {
    const { cells } = await live.regions.near(point);
    const near = cells.reduce((sum, { members }) => sum + members.length, 0);
    return { near, count: (await live.regions.count("")).count };
  },
  close: () => live.close(),
});
