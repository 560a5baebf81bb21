import { serveNode } from "@livecache/rig";
import { createLive } from "livecache";
import { openRedis } from "livecache/redis";

// A process that makes changes, and may be killed. It runs what is built.
const live = createLive({
  ground: await openRedis(process.argv[2]),
  secret: "0123456789abcdef0123456789abcdef",
  logger: { warn: () => undefined },
});

serveNode({
  change: (tag) => live.change({ tags: [tag] }),
  close: () => live.close(),
});
