import { createRequire } from "node:module";
import { join } from "node:path";
import { createLive } from "livecache";
import { openRedis } from "livecache/redis";
import { createSessionStore } from "livecache/session";

// Loaded by mocha before the suite of express-session, in the folder of its checkout: every MemoryStore that the suite makes is a store
// of Livecache, each with sessions of its own. All uses are written, as the suite expects.
// Nothing is closed: the process ends with the suite.

const require = createRequire(join(process.cwd(), "package.json"));
const path = require.resolve("./session/memory");
const url = process.env["LIVECACHE_PEER_REDIS"];
const ground = url ? await openRedis(url, { commandTimeout: "2s" }) : undefined;
let made = 0;

function MemoryStore(): unknown {
  const live = createLive({
    ...(ground ? { ground } : {}),
    realm: `suite-${made++}`,
    logger: { warn: () => undefined },
  });
  return createSessionStore(live, { touchBudget: 0 });
}

require(path);
require.cache[path]!.exports = MemoryStore;
