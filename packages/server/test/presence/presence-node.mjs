import { serveNode } from "@livecache/rig";
import { createLive, defineContract } from "livecache";
import { openRedis } from "livecache/redis";

// A process with sockets that are none, which may be killed or frozen. It runs what is built.
const live = createLive({
  ground: await openRedis(process.argv[2]),
  contract: defineContract({ channels: { "room/:id": { events: {}, presence: true } } }),
  identify: ({ auth }) => ({ userId: auth.userId }),
  authorize: { "room/:id": () => true },
  secret: "0123456789abcdef0123456789abcdef",
  logger: { warn: () => undefined },
});
const { door } = live;
const rooms = new Map();
const sockets = new Map();
const told = [];
let lastId = 0;

door.hub.addBroadcaster({
  send({ channel, frame, args }) {
    if (frame === "presence-diff" && rooms.get(channel)?.size > 0)
      told.push({ ...args[0], atMs: Date.now() });
  },
});

function memberships(channel) {
  if (!rooms.has(channel)) rooms.set(channel, new Set());
  return rooms.get(channel);
}

async function connect(userId, channels) {
  const id = `${live.node}-${++lastId}`;
  const admission = await door.admit({ headers: {}, url: "/", auth: { userId }, native: undefined });
  const conversation = door.converse(
    {
      id,
      address: undefined,
      userAgent: "test/1.0",
      emit: () => undefined,
      enter: (channel) => memberships(channel).add(id),
      exit: (channel) => memberships(channel).delete(id),
      end: () => undefined,
    },
    admission,
  );
  sockets.set(id, conversation);
  for (const channel of channels) await conversation.frames.join({ channel }, () => undefined);
  return id;
}

async function ask(id, frame, request) {
  let answer;
  await sockets.get(id).frames[frame](request, (reply) => (answer = reply));
  return answer;
}

serveNode({
  connect,
  async connectMany(prefix, count, channels) {
    const ids = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
    for (const userId of ids) await connect(userId, channels);
    return ids.length;
  },
  disconnect(id) {
    sockets.get(id).close();
    sockets.delete(id);
  },
  ask,
  of: (id, page) => live.presence.of("room/:id", { id }, page),
  count: (id) => live.presence.count("room/:id", { id }),
  isOnline: (userId) => live.presence.isOnline(userId),
  figures: () => live.presence.figures(),
  socketsOf: (userId) => live.sockets.of(userId),
  session: (id) => live.sockets.session(id),
  heartbeat: (id) => live.sockets.heartbeat(id),
  status: () => live.status().state,
  told: () => told,
  close: () => live.close(),
});
