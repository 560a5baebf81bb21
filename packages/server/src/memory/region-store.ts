import type { Clock } from "../base/clock.ts";
import { LEFT_TTL_MS } from "../ports/region-store.ts";
import type {
  CellMembers,
  FoundMember,
  RegionLease,
  RegionLeaseReply,
  RegionMember,
  RegionMove,
  RegionMoved,
  RegionReaped,
  RegionStore,
} from "../ports/region-store.ts";

/** Where a member is. */
interface Place {
  readonly cell: string;
  readonly sequence: number;
}

/** One life of a node. */
interface Life {
  leaseEndsAtMs: number;
  /** Declared over: it cannot be renewed. */
  over: boolean;
  /** By connection. */
  readonly places: Map<string, Place>;
}

/** How many members {@link RegionStore.reap} removes in one turn. */
const REAPED_AT_ONCE = 500;

/** The members of cells of one realm, in this process. Every step is one synchronous turn. */
export function createMemoryRegionStore(clock: Clock, guard: () => void): RegionStore {
  const lives = createLives(clock);
  const cells = createCells(lives.isLive);
  const departed = createDeparted(clock);

  function move({ member, to, sequence, userId }: RegionMove): RegionMoved {
    const life = lives.get(member.node);
    if (!life || life.over) return "ended";
    const place = life.places.get(member.connection);
    const seen = Math.max(place?.sequence ?? 0, departed.sequenceOf(keyOf(member)));
    if (sequence <= seen) return "late";
    if (place && place.cell !== to) cells.takeOut(member, place.cell);
    if (to === undefined) {
      life.places.delete(member.connection);
      departed.note(keyOf(member), sequence);
    } else {
      life.places.set(member.connection, { cell: to, sequence });
      cells.putIn(member, to, userId);
    }
    return "moved";
  }

  function reap(node: string): RegionReaped {
    const life = lives.get(node);
    if (!life) return "gone";
    if (lives.isLive(node)) return "lives";
    life.over = true;
    for (const [connection, { cell }] of [...life.places].slice(0, REAPED_AT_ONCE)) {
      cells.takeOut({ node, connection }, cell);
      life.places.delete(connection);
    }
    return lives.end(node) ? "gone" : "left";
  }

  /** Runs one step, or says that the ground is closed. */
  const turn = async <T>(step: () => T): Promise<T> => {
    guard();
    return step();
  };

  return {
    renew: (lease) => turn(() => lives.renew(lease)),
    move: (given) => turn(() => move(given)),
    reap: (node) => turn(() => reap(node)),
    retire: (node) => turn(() => void lives.end(node)),
    members: (asked, limit) => turn(() => cells.members(asked, limit)),
    count: (prefixes) => turn(() => prefixes.map(cells.total)),
    counts: (prefixes) => turn(() => cells.parts(prefixes)),
    find: (connection) => turn(() => lives.find(connection)),
  };
}

/** The lives of nodes. */
function createLives(clock: Clock) {
  const lives = new Map<string, Life>();

  function isLive(node: string): boolean {
    const life = lives.get(node);
    return life !== undefined && !life.over && life.leaseEndsAtMs > clock.now();
  }

  return {
    isLive,
    get: (node: string) => lives.get(node),
    renew({ node, leaseMs, begins }: RegionLease): RegionLeaseReply {
      const life = lives.get(node);
      const silent = [...lives.keys()].find((other) => other !== node && !isLive(other));
      if (life ? life.over : !begins) return { kept: false, silent };
      const places = life?.places ?? new Map<string, Place>();
      lives.set(node, { places, over: false, leaseEndsAtMs: clock.now() + leaseMs });
      return { kept: true, silent };
    },
    /** Declares a life over. The answer says whether nothing is left of it. */
    end(node: string): boolean {
      const life = lives.get(node);
      if (life) life.over = true;
      if (life && life.places.size > 0) return false;
      lives.delete(node);
      return true;
    },
    find(connection: string): string | undefined {
      for (const [node, { places }] of lives) {
        const place = places.get(connection);
        if (place && isLive(node)) return place.cell;
      }
      return undefined;
    },
  };
}

/** Who is in which cell, and how many are below each prefix, the empty one included. */
function createCells(isLive: (node: string) => boolean) {
  const cells = new Map<string, Map<string, FoundMember>>();
  const totals = new Map<string, number>();

  function add(cell: string, by: 1 | -1): void {
    for (let length = 0; length <= cell.length; length++) {
      const prefix = cell.slice(0, length);
      const total = (totals.get(prefix) ?? 0) + by;
      if (total > 0) totals.set(prefix, total);
      else totals.delete(prefix);
    }
  }

  function membersOf(cell: string, limit: number): CellMembers {
    const all = [...(cells.get(cell)?.values() ?? [])].filter(({ node }) => isLive(node));
    return { cell, members: all.slice(0, limit), truncated: all.length > limit };
  }

  return {
    takeOut(member: RegionMember, cell: string): void {
      const members = cells.get(cell);
      if (!members?.delete(keyOf(member))) return;
      if (members.size === 0) cells.delete(cell);
      add(cell, -1);
    },
    putIn(member: RegionMember, cell: string, userId: string | undefined): void {
      const members = cells.get(cell) ?? new Map<string, FoundMember>();
      cells.set(cell, members);
      if (!members.has(keyOf(member))) add(cell, 1);
      members.set(keyOf(member), { node: member.node, connection: member.connection, userId });
    },
    members(asked: readonly string[], limit: number): readonly CellMembers[] {
      let left = limit;
      return asked.map((cell) => {
        const found = membersOf(cell, left);
        left -= found.members.length;
        return found;
      });
    },
    total: (prefix: string): number => totals.get(prefix) ?? 0,
    parts(prefixes: readonly string[]): ReadonlyMap<string, number> {
      const parts = prefixes.flatMap((prefix) => [...LETTERS].map((letter) => prefix + letter));
      return new Map(parts.flatMap((part) => (totals.has(part) ? [[part, totals.get(part)!]] : [])));
    },
  };
}

/** The letters that a cell's name may go on with. */
const LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz";

function keyOf({ node, connection }: RegionMember): string {
  return `${node}:${connection}`;
}

/** Members that have left lately, with the sequences of their leaving. */
function createDeparted(clock: Clock) {
  const departed = new Map<string, { readonly sequence: number; readonly endsAtMs: number }>();
  return {
    note(key: string, sequence: number): void {
      // In order of leaving, so the first are the ones to forget.
      departed.delete(key);
      departed.set(key, { sequence, endsAtMs: clock.now() + LEFT_TTL_MS });
      for (const [oldest, { endsAtMs }] of departed) {
        if (endsAtMs > clock.now()) break;
        departed.delete(oldest);
      }
    },
    sequenceOf: (key: string): number => departed.get(key)?.sequence ?? 0,
  };
}
