import { defineLimit, sessionTag } from "livecache";
import { Member } from "./member.ts";
import type { Site, SiteLive, SiteNode } from "./site.ts";

/** One public operation of a node, as it is tried with a reply that fails. */
export interface Operation {
  /** What has to be there before, on a ground that works. */
  readonly prepare?: (site: Site) => Promise<unknown>;
  readonly run: (site: Site, node: SiteNode, prepared: unknown) => Promise<unknown>;
}

const LIFE = { idleMs: 3_600_000 };
const YEAR_MS = 365 * 86_400_000;
const limit = defineLimit({ name: "tried", limit: 5, window: "1h" });
const strict = defineLimit({ name: "tried.strict", limit: 5, window: "1h", strict: true });
const call = { policy: limit, subject: "somebody" };
const row = { row: "1" };

function on(run: (live: SiteLive, site: Site) => Promise<unknown>): Operation {
  return { run: (site, { live }) => run(live, site) };
}

function after(
  prepare: (live: SiteLive, site: Site) => Promise<unknown>,
  run: (live: SiteLive, site: Site) => Promise<unknown>,
): Operation {
  return { prepare: (site) => prepare(site.nodes[1]!.live, site), run: (site, { live }) => run(live, site) };
}

const create = (live: SiteLive): Promise<unknown> => live.sessions.create("s", { ...LIFE, userId: "u" });
const load = (): Promise<number> => Promise.resolve(1);
const fill = (live: SiteLive): Promise<unknown> =>
  live.cache.getOrSet("k:1", load, { ttl: "1h", tags: ["t"] });

async function connect(node: SiteNode): Promise<Member> {
  const ears = { onFault: () => undefined, onEvent: () => undefined };
  const member = new Member("m", node, { user: { userId: "u" }, ears });
  await member.connect();
  return member;
}

async function join(node: SiteNode, cursor?: string): Promise<Member> {
  const member = await connect(node);
  await member.join("rows/1", cursor);
  return member;
}

async function watch(node: SiteNode): Promise<unknown> {
  const member = await connect(node);
  const { tokens, applied } = node.live.door;
  const claim = { key: "k:1", tags: ["t"], position: applied()!, vary: [], digest: "all", push: false };
  return member.watch(tokens.mint(claim)!);
}

/** Every public operation that asks the ground for something. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  "cache.getOrSet, absent": on(fill),
  "cache.getOrSet, present": after(fill, fill),
  "cache.getOrSet, fresh": after(fill, (live) =>
    live.cache.getOrSet("k:1", load, { ttl: "1h", consistency: "fresh" }),
  ),
  "cache.get": after(fill, (live) => live.cache.get("k:1")),
  "cache.has": after(fill, (live) => live.cache.has("k:1")),
  "cache.set": on((live) => live.cache.set("k:1", 1, { ttl: "1h", tags: ["t"] })),
  "cache.delete": after(fill, (live) => live.cache.delete("k:1")),
  "cache.deletePattern": after(fill, (live) => live.cache.deletePattern("k:*")),
  "cache.getStats": after(fill, (live) => live.cache.getStats()),
  why: after(fill, (live) => live.why("k:1")),
  "change, tags": after(fill, (live) => live.change({ tags: ["t"] })),
  "change, awaited": on((live) => live.change({ tags: ["t"], wait: "applied" })),
  "change, said again": on((live) => live.change({ tags: ["t"], delayedAgain: "100ms" })),
  "change, with an event": on((live) =>
    live.change({ tags: ["t"], emit: [live.event("rows/:row", row, "moved", 1)] }),
  ),
  "change, identity": on((live) => live.change({ identity: "u" })),
  publish: on((live) => live.publish("rows/:row", row, "moved", 1)),
  whisper: on((live) => live.whisper("rows/:row", row, "seen", 1)),
  "tokens.revoke": on((live, { clock }) => live.tokens.revoke("token", Math.floor(clock.wall()) + YEAR_MS)),
  "tokens.revokeUser": on((live, { clock }) => live.tokens.revokeUser("u", Math.floor(clock.wall()))),
  "tokens.revokeAll": on((live, { clock }) => live.tokens.revokeAll(Math.floor(clock.wall()))),
  "sessions.create": on(create),
  "sessions.read": after(create, (live) => live.sessions.read("s")),
  "sessions.save": after(create, (live) => live.sessions.save("s", { base: 1, set: { a: 1 } })),
  "sessions.update": after(create, (live) => live.sessions.update("s", (data) => void (data["a"] = 1))),
  "sessions.touch": after(create, (live) => live.sessions.touch("s", LIFE.idleMs, { budget: 0 })),
  "sessions.rotate": after(create, (live) => live.sessions.rotate("s", "t", { userId: "u" })),
  "sessions.end": after(create, (live) => live.sessions.end("s")),
  "sessions.endAll": after(create, (live) => live.sessions.endAll("u")),
  "sessions.of": after(create, (live) => live.sessions.of("u")),
  "sessions.page": after(create, (live) => live.sessions.page()),
  "sessions.length": after(create, (live) => live.sessions.length()),
  "sessions.clear": after(create, (live) => live.sessions.clear()),
  "limits.take": on((live) => live.limits.take(call)),
  "limits.take, strict": on((live) => live.limits.take({ ...call, policy: strict })),
  "limits.peek": on((live) => live.limits.peek(call)),
  "limits.penalty": on((live) => live.limits.penalty(call)),
  "limits.reward": on((live) => live.limits.reward(call)),
  "limits.block": on((live) => live.limits.block({ ...call, for: "1h" })),
  "limits.forget": on((live) => live.limits.forget(call)),
  notify: on((live) => live.notify("u", "told", 1)),
  "notifications.list": after(
    (live) => live.notify("u", "told", 1),
    (live) => live.notifications.list("u"),
  ),
  "notifications.unread": on((live) => live.notifications.unread("u")),
  "notifications.markRead": {
    prepare: (site) => site.nodes[1]!.live.notify("u", "told", 1),
    run: (_site, { live }, prepared) =>
      live.notifications.markRead("u", { ids: [(prepared as { id: string }).id] }),
  },
  "presence.of": on((live) => live.presence.of("rows/:row", row)),
  "presence.count": on((live) => live.presence.count("rows/:row", row)),
  "presence.isOnline": on((live) => live.presence.isOnline("u")),
  "sockets.of": on((live) => live.sockets.of("u")),
  "sockets.session": on((live) => live.sockets.session("m")),
  "sockets.heartbeat": on((live) => live.sockets.heartbeat("m")),
  follow: on(async (live) => {
    const following = await live.follow("rows/:row", row);
    following.close();
  }),
  join: { run: (_site, node) => join(node) },
  "join, and leave": {
    run: async (_site, node) => {
      const member = await join(node);
      member.close();
    },
  },
  "join, with a cursor": {
    prepare: async ({ nodes }) => {
      const { cursor } = await join(nodes[1]!);
      await nodes[1]!.live.publish("rows/:row", row, "moved", 1);
      return cursor;
    },
    run: (_site, node, prepared) => join(node, prepared as string),
  },
  watch: { run: (_site, node) => watch(node) },
  "watch, stale": {
    prepare: (site) => site.nodes[1]!.live.change({ tags: ["t", sessionTag("s")] }),
    run: (_site, node) => watch(node),
  },
};
