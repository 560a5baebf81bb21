import { serveNode } from "@livecache/rig";
import { createLive } from "livecache";
import { openRedis } from "livecache/redis";

// A process that is frozen in the middle of a load, and woken. It runs what is built.
const live = createLive({
  ground: await openRedis(JSON.parse(process.argv[2])),
  secret: "0123456789abcdef0123456789abcdef",
  logger: { warn: () => undefined },
});
const loads = new Map();

/** Begins to load a key; resolves when the origin has been asked. */
function begin(key, tag, value) {
  return new Promise((hasBegun) => {
    let answer;
    const origin = new Promise((resolve) => (answer = resolve));
    const load = () => {
      hasBegun();
      return origin;
    };
    const loading = live.cache.getOrSet(key, load, { ttl: "10m", tags: [tag] });
    loads.set(key, { loading, answer: () => answer(value) });
  });
}

serveNode({
  begin: (key, tag, value) => begin(key, tag, value).then(() => true),
  finish(key) {
    const { loading, answer } = loads.get(key);
    answer();
    return loading;
  },
  read: (key) => live.cache.getOrSet(key, () => "loaded by the sleeper", { ttl: "10m" }),
  revoke: (jti, expiresAtMs) => live.tokens.revoke(jti, expiresAtMs).then(() => true),
  async changeAndRevoke(tag, jti, expiresAtMs) {
    const { position } = await live.tokens.revoke(jti, expiresAtMs);
    await live.change({ tags: [tag] });
    return position;
  },
  close: () => live.close(),
});
