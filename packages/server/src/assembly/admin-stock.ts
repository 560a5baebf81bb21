import { formatPosition } from "@livecache/wire";
import type {
  Contract,
  GroundView,
  KeysReport,
  PresentReport,
  RegionsReport,
  TagReport,
  TagView,
  TagsReport,
} from "@livecache/wire";
import type { Asks } from "../admin/asks.ts";
import { findKeys } from "../admin/find-keys.ts";
import type { KeySearch } from "../admin/find-keys.ts";
import { groundReport } from "../admin/node-report.ts";
import { countTags, dependingEntries } from "../admin/tag-view.ts";
import type { TagCounts } from "../admin/tag-view.ts";
import { wholeNumber } from "../base/check.ts";
import { checkTags } from "../base/names.ts";
import { createPatternFinder } from "../live/contract-pattern.ts";
import type { Trails } from "../trace/trails.ts";
import type { Rooms } from "./open-rooms.ts";

/** What is stored, and where people are. */
export interface StockAdmin {
  /** Stored keys, a page at a time. Rejects with `LIVE_INPUT_INVALID`, and as the ground does. */
  keys(search?: KeySearch): Promise<KeysReport>;
  /** What depends on a tag, in the memories of all nodes. Rejects with `LIVE_INPUT_INVALID`. */
  tag(tag: string): Promise<TagReport>;
  /** The 200 tags that most entries in the nodes' memories have been given; of each node the first 20,000 entries are looked at. */
  tags(search?: string): Promise<TagsReport>;
  /**
   * Who is where on the map: the parts of a geohash prefix, or who is in a cell. Without a prefix, the longest one that everybody is in.
   * Rejects with `LIVE_INPUT_INVALID`.
   */
  regions(prefix?: string): Promise<RegionsReport>;
  /** Who is in a channel, 200 at a time; nobody where the contract does not give it presence. Rejects as the ground does. */
  present(channel: string, after?: string): Promise<PresentReport>;
  /** What the ground says of itself to this node. Never rejects for the ground's sake: what it does not say is left out. */
  ground(): Promise<GroundView>;
}

/** What one node answers to such questions. */
export function stockAnswers({ cache, hub, moves }: Rooms, trails: Trails) {
  return {
    tags: (search: string): TagCounts => countTags(cache.view.near.entries(), search),
    tag(tag: string): TagView {
      const at = cache.applied();
      const cause = at && moves.causeOf([tag], { epoch: at.epoch, seq: 0 });
      const appliedAtMs = trails.of(cause?.changeId ?? "")?.appliedAtMs;
      return {
        ...dependingEntries(cache.view.near.entries(), tag),
        ...hub.dependingOn([tag]),
        ...(cause?.changeId !== undefined && {
          moved: {
            changeId: cause.changeId,
            position: formatPosition(cause.position),
            ...(appliedAtMs !== undefined && { atMs: appliedAtMs }),
          },
        }),
      };
    },
  };
}

/** Says which channels tell who is in them. */
export function presenceIn(contract: Contract): (channel: string) => boolean {
  const findPattern = createPatternFinder(contract);
  return (channel) => contract.channels[findPattern(channel)?.pattern ?? ""]?.presence === true;
}

/** Makes what operators ask about it. */
export function stockApi(asks: Asks, rooms: Rooms): StockAdmin {
  return {
    keys: async (search = {}) => {
      const limit = wholeNumber("admin.keys: limit", search.limit ?? 100, [1, 1_000]);
      return findKeys(rooms.stores.cacheStore, { ...search, limit });
    },
    async tag(tag) {
      checkTags([tag], 1);
      const { byNode, missing } = await asks.ask<TagView>("tag", tag);
      return { tag, nodes: [...byNode].map(([node, view]) => ({ node, ...view })), missing };
    },
    async tags(search = "") {
      const { byNode, missing } = await asks.ask<TagCounts>("tags", search);
      return { ...addTags([...byNode.values()]), missing };
    },
    async present(channel, after) {
      if (!presenceIn(rooms.options.contract)(channel)) {
        return { channel, hasPresence: false, count: 0, users: [] };
      }
      const page = { limit: MOST_MEMBERS, ...(after !== undefined && { after }) };
      const { count, users, next } = await rooms.presence.page(channel, page);
      return { channel, hasPresence: true, count, users, ...(next !== undefined && { next }) };
    },
    regions: (prefix) => regionsOf(rooms, prefix),
    async ground() {
      const { node, ground, clock, options } = rooms;
      const details = await ground.info(options.realm);
      return { node, ...details, status: groundReport({ ground, clock }) };
    },
  };
}

const MOST_TAGS = 200;

function addTags(pages: readonly TagCounts[]): Pick<TagsReport, "tags" | "isPartial"> {
  const sums = new Map<string, { tag: string; entries: number; nodes: number }>();
  for (const { tag, entries } of pages.flatMap(({ tags }) => tags)) {
    const sum = sums.get(tag) ?? { tag, entries: 0, nodes: 0 };
    sums.set(tag, { tag, entries: sum.entries + entries, nodes: sum.nodes + 1 });
  }
  const all = [...sums.values()].sort((a, b) => b.entries - a.entries);
  return { tags: all.slice(0, MOST_TAGS), isPartial: pages.some(({ isPartial }) => isPartial) };
}

const MOST_MEMBERS = 200;

async function regionsOf({ options, regionRoom }: Rooms, asked: string | undefined): Promise<RegionsReport> {
  const { regions: contract } = options.contract;
  const nobody = { prefix: "", counts: {}, members: [], scope: "cluster" } as const;
  if (!contract || !regionRoom) return { precision: null, ...nobody };
  const { precision } = contract;
  const { regions } = regionRoom;
  for (let prefix = asked ?? ""; ;) {
    if (prefix.length >= precision) {
      const { members, scope } = await regions.members(prefix, { limit: MOST_MEMBERS });
      return { precision, prefix, counts: {}, members, scope };
    }
    const { counts, scope } = await regions.counts(prefix);
    const parts = Object.keys(counts);
    const isOnlyWay = asked === undefined && parts.length === 1 && parts[0]!.length < precision;
    if (!isOnlyWay) return { precision, prefix, counts, members: [], scope };
    prefix = parts[0]!;
  }
}
