import { FEED_KINDS, LiveError } from "@livecache/wire";
import type {
  AuditLine,
  AuditReport,
  ChangePreview,
  ChangeTrace,
  ChannelsReport,
  FeedKind,
  FeedReport,
  KeyReport,
  KeyView,
  NodeFacts,
  NodeReport,
  NodesReport,
  SocketsReport,
  Trail,
  UserReport,
} from "@livecache/wire";
import { createAsks } from "../admin/asks.ts";
import type { Answers, Asks } from "../admin/asks.ts";
import { createAudit } from "../admin/audit.ts";
import type { Audit } from "../admin/audit.ts";
import { formatFeedCursor, parseFeedCursor } from "../admin/feed-cursor.ts";
import { createFeed } from "../admin/feed.ts";
import type { FeedPage, FeedQuery } from "../admin/feed.ts";
import { MOST_NAMED, createNodeReport } from "../admin/node-report.ts";
import { sessionDigest } from "../admin/session-digest.ts";
import { wholeNumber } from "../base/check.ts";
import { MAX_CHANGE_TAGS, checkKey, checkTags, movedBy } from "../base/names.ts";
import { countsOf } from "../cache/stats.ts";
import type { Why } from "../cache/why.ts";
import type { ChannelMembers, DisconnectTarget, SocketPage, SocketQuery } from "../live/hub-view.ts";
import type { Trails } from "../trace/trails.ts";
import { presenceIn, stockAnswers, stockApi } from "./admin-stock.ts";
import type { StockAdmin } from "./admin-stock.ts";
import { describeNode } from "./describe-node.ts";
import { nearOf } from "./live-cache.ts";
import type { Rooms } from "./open-rooms.ts";

/** Which sockets are listed. */
export interface SocketSearch {
  /** Text in the id, the user or the address. Default: all. */
  readonly search?: string;
  /** Most sockets to list of each node, 1 to 1,000. Default 100. */
  readonly limit?: number;
}

/** Which lines of the feed. */
export interface FeedSearch {
  /** `cursor` of the answer before; lines that came since are answered, oldest first. Default: the newest lines. */
  readonly after?: string;
  /** Most lines of each node, 1 to 1,000. Default 100. */
  readonly limit?: number;
  /** Default: all but `hit` and `miss`, which are told from when they are asked for, until 15 s after the last time. */
  readonly kinds?: readonly FeedKind[];
}

/** What operators are told about all nodes. Every answer is put together from what the live nodes say, and names who is missing. */
export interface LiveAdmin extends StockAdmin {
  /** What each node says of itself. While the ground is away only this node answers. */
  nodes(): Promise<NodesReport>;
  /** How each node was made, for whoever looks for what is wrong; secrets are not told. */
  facts(): Promise<{ readonly nodes: readonly NodeFacts[]; readonly missing: readonly string[] }>;
  /** The changes that this node heard of last, newest first: 1 to 1,000, by default 50. */
  recentChanges(limit?: number): readonly Trail[];
  /**
   * What `live.change({ tags })` would do now, without doing it. Rejects with `LIVE_INPUT_INVALID` for tags that it would refuse.
   */
  preview(change: { readonly tags: readonly string[] }): Promise<ChangePreview>;
  /** What became of a change, on every node that has heard of it: the last 1,000 changes are remembered. */
  trace(changeId: string): Promise<ChangeTrace>;
  /** `live.why` on every node. */
  key(key: string): Promise<KeyReport>;
  /** The connected sockets of all nodes. */
  sockets(query?: SocketSearch): Promise<SocketsReport>;
  /** The channels with the most members, at most 100. */
  channels(): Promise<ChannelsReport>;
  /** What one person can reach now. Rejects as the ground does. */
  user(userId: string): Promise<UserReport>;
  /** Ends one socket, or all of a user, on whichever nodes; their clients connect again. Resolves with how many there were. */
  disconnect(target: DisconnectTarget): Promise<number>;
  /**
   * What happened on all nodes lately. Each remembers its last 2,000 lines, in its memory; at most 100 reads a second are among them.
   * Rejects with `LIVE_INPUT_INVALID` for what is no cursor or kind.
   */
  feed(search?: FeedSearch): Promise<FeedReport>;
  /** Keeps what an operator has done on this node, and tells the feed. */
  noteAct(line: AuditLine): void;
  /** What operators have done: the last 200 acts on each node. */
  audit(): Promise<AuditReport>;
}

/** Opens what operators ask. */
export function openAdmin(rooms: Rooms, parts: AdminParts): LiveAdmin {
  const { signals } = rooms;
  const audit = createAudit((line) => signals.tell("act", line));
  const asks = openAsks(rooms, { ...parts, audit });
  return {
    noteAct: audit.note,
    ...feedApi(asks),
    ...stockApi(asks, rooms),
    ...changesApi(asks, parts.trails),
    ...socketsApi(asks, rooms),
    async nodes() {
      const { byNode, missing } = await asks.ask<NodeReport>("report", null);
      return { nodes: [...byNode.values()].toSorted((a, b) => a.startedAtMs - b.startedAtMs), missing };
    },
    async facts() {
      const { byNode, missing } = await asks.ask<NodeFacts>("facts", null);
      return { nodes: [...byNode.values()].sort((a, b) => (a.node < b.node ? -1 : 1)), missing };
    },
    async key(key) {
      checkKey(key);
      const { byNode, missing } = await asks.ask<KeyView>("why", key);
      return { key, nodes: named(byNode), missing };
    },
  };
}

/** Makes what this node says of itself. */
export function openReport(rooms: Rooms): () => NodeReport {
  const { node, ground, clock, cache, hub, ledger } = rooms;
  return createNodeReport({
    ...{ node, ground, clock, date: () => ground.date(), applied: cache.applied },
    hasPending: rooms.hasPending,
    cache: () => countsOf({ patterns: ledger.patterns, near: () => nearOf(rooms) }),
    live: () => ({ ...hub.figures(), busiest: hub.busiest(MOST_NAMED) }),
  });
}

/** What operators are answered with. */
export interface AdminParts {
  readonly trails: Trails;
  readonly why: Why;
  readonly report: () => NodeReport;
}

function openAsks(rooms: Rooms, { trails, why, report, audit }: AdminParts & { audit: Audit }): Asks {
  const { node, stores, clock, hub, signals, ground } = rooms;
  const feed = createFeed({ node, signals, clock, date: () => ground.date() });
  return createAsks({
    ...{ node, clock, lane: stores.lane, tasks: rooms.tasks, signal: rooms.signal, warn: rooms.warn },
    nodes: () => stores.changeLog.nodes(),
    respond: {
      report,
      ...stockAnswers(rooms, trails),
      facts: () => describeNode(rooms),
      trail: (changeId: string) => trails.of(changeId) ?? null,
      preview: (tags: readonly string[]) => previewHere(rooms, tags),
      why: (key: string) => why(key),
      sockets: (query: SocketQuery) => hub.sockets(query),
      channels: () => hub.busiest(MOST_NAMED),
      disconnect: (target: DisconnectTarget) => hub.disconnect(target),
      audit: () => audit.lines(),
      feed: (query: Omit<FeedQuery, "after"> & { after: Readonly<Record<string, number>> | null }) =>
        feed.read({ ...query, after: query.after && (query.after[node] ?? 0) }),
    },
  });
}

const USUAL_KINDS = FEED_KINDS.filter((kind) => kind !== "hit" && kind !== "miss");

function feedApi(asks: Asks): Pick<LiveAdmin, "feed" | "audit"> {
  return {
    async feed({ after, limit = 100, kinds = USUAL_KINDS } = {}) {
      const known = after === undefined ? null : parseFeedCursor(after);
      const query = { after: known, limit: wholeNumber("admin.feed: limit", limit, [1, 1_000]), kinds };
      const unknown = kinds.find((kind) => !FEED_KINDS.includes(kind));
      if (unknown !== undefined) {
        const message = `admin.feed: expected kinds of ${FEED_KINDS.join(", ")}, received ${JSON.stringify(unknown)}.`;
        throw new LiveError("LIVE_INPUT_INVALID", message);
      }
      const { byNode, missing } = await asks.ask<FeedPage>("feed", query);
      const pages = [...byNode];
      const kept = missing.flatMap((node) =>
        known?.[node] === undefined ? [] : [[node, known[node]] as const],
      );
      const cursor = Object.fromEntries([...kept, ...pages.map(([node, { last }]) => [node, last] as const)]);
      return {
        cursor: formatFeedCursor(cursor),
        dropped: pages.reduce((sum, [, page]) => sum + page.dropped, 0),
        lines: pages.flatMap(([, page]) => page.lines).sort((a, b) => a.atMs - b.atMs),
        missing,
      };
    },
    async audit() {
      const { byNode, missing } = await asks.ask<readonly AuditLine[]>("audit", null);
      const lines = [...byNode].flatMap(([node, own]) => own.map((line) => ({ node, ...line })));
      return { lines: lines.sort((a, b) => b.atMs - a.atMs), missing };
    },
  };
}

function changesApi(asks: Asks, trails: Trails): Pick<LiveAdmin, "recentChanges" | "preview" | "trace"> {
  return {
    recentChanges: (limit = 50) => trails.recent(wholeNumber("recentChanges: limit", limit, [1, 1_000])),
    async preview({ tags: asked }) {
      checkTags(asked, MAX_CHANGE_TAGS);
      const tags = [...new Set(asked.flatMap(movedBy))];
      const { byNode, missing } = await asks.ask<Would>("preview", tags);
      return { tags, nodes: named(byNode), missing };
    },
    async trace(changeId) {
      const { byNode, missing } = await asks.ask<Trail | null>("trail", changeId);
      const nodes = [...byNode].flatMap(([node, trail]) => (trail ? [{ node, ...trail }] : []));
      return { changeId, nodes, missing };
    },
  };
}

function socketsApi(
  asks: Asks,
  { logins, presence, revocations, options, ground }: Rooms,
): Pick<LiveAdmin, "sockets" | "channels" | "user" | "disconnect"> {
  async function sockets({ search = "", limit = 100 }: SocketSearch = {}): Promise<SocketsReport> {
    const query = { search, limit: wholeNumber("admin.sockets: limit", limit, [1, 1_000]) };
    const { byNode, missing } = await asks.ask<SocketPage>("sockets", query);
    let total = 0;
    for (const page of byNode.values()) total += page.total;
    const found = [...byNode].flatMap(([node, page]) => page.sockets.map((row) => ({ node, ...row })));
    return { total, sockets: found, missing };
  }

  return {
    sockets,
    async channels() {
      const { byNode, missing } = await asks.ask<readonly ChannelMembers[]>("channels", null);
      const hasPresence = presenceIn(options.contract);
      const channels = addUp(byNode).map((sum) => ({ ...sum, hasPresence: hasPresence(sum.channel) }));
      return { channels, missing };
    },
    async user(userId) {
      const [sessions, isOnline, found] = await Promise.all([
        logins.of(userId),
        presence.isOnline(userId),
        sockets({ search: userId, limit: 1_000 }),
      ]);
      return {
        userId,
        isOnline,
        sessions: sessions.map(({ id, ...times }) => ({ ...times, id: sessionDigest(id) })),
        ...revokedUpTo(revocations, { userId, nowMs: ground.date() }),
        sockets: found.sockets.filter((row) => row.userId === userId),
        missing: found.missing,
      };
    },
    async disconnect(target) {
      const { byNode } = await asks.ask<number>("disconnect", target);
      return [...byNode.values()].reduce((sum, count) => sum + count, 0);
    },
  };
}

/** What a change would do on one node. */
type Would = Omit<ChangePreview["nodes"][number], "node">;

/** Looks at each entry of this node's memory. */
function previewHere({ cache, hub }: Rooms, tags: readonly string[]): Would {
  const moved = new Set(tags);
  let entries = 0;
  let loadMs = 0;
  for (const { dependencies, counters } of cache.view.near.entries()) {
    if (!dependencies.some((tag) => moved.has(tag))) continue;
    entries++;
    if (counters.loads > 0) loadMs += counters.loadMsTotal / counters.loads;
  }
  return { entries, loadMs: Math.round(loadMs), ...hub.dependingOn(tags) };
}

function named<T extends object>(byNode: Answers<T>["byNode"]): (T & { readonly node: string })[] {
  return [...byNode].map(([node, answer]) => ({ node, ...answer }));
}

/** The latest second whose tokens of a user are refused, found by halves: a check asks nobody. */
function revokedUpTo(
  { check }: Pick<Rooms["revocations"], "check">,
  { userId, nowMs }: { readonly userId: string; readonly nowMs: number },
): Pick<UserReport, "tokensRevokedUpToMs"> {
  const isRevoked = (second: number): boolean => check({ userId, issuedAt: second * 1_000 }) === "revoked";
  let [refused, accepted] = [1, Math.ceil(nowMs / 1_000) + 2];
  if (!isRevoked(refused)) return {};
  while (accepted - refused > 1) {
    const middle = Math.floor((refused + accepted) / 2);
    if (isRevoked(middle)) refused = middle;
    else accepted = middle;
  }
  return { tokensRevokedUpToMs: refused * 1_000 };
}

function addUp(
  byNode: Answers<readonly ChannelMembers[]>["byNode"],
): readonly Omit<ChannelsReport["channels"][number], "hasPresence">[] {
  const sums = new Map<string, { channel: string; members: number; nodes: number }>();
  for (const { channel, members } of [...byNode.values()].flat()) {
    const sum = sums.get(channel) ?? { channel, members: 0, nodes: 0 };
    sums.set(channel, { channel, members: sum.members + members, nodes: sum.nodes + 1 });
  }
  return [...sums.values()].toSorted((a, b) => b.members - a.members).slice(0, MOST_NAMED);
}
