import type { Clock } from "../base/clock.ts";
import { LEFT_TTL_MS } from "../ports/region-store.ts";
import type {
  CellMembers,
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
  const lives = new Map<string, Life>();
  /** By cell: the key of a member, and who it is. */
  const cells = new Map<string, Map<string, RegionMember & { readonly userId: string | undefined }>>();
  /** By prefix, the empty one included: how many members there are below. */
  const totals = new Map<string, number>();
  const departed = createDeparted(clock);

  function isLive(node: string): boolean {
    const life = lives.get(node);
    return life !== undefined && !life.over && life.leaseEndsAtMs > clock.now();
  }

  function add(cell: string, by: 1 | -1): void {
    for (let length = 0; length <= cell.length; length++) {
      const prefix = cell.slice(0, length);
      const total = (totals.get(prefix) ?? 0) + by;
      if (total > 0) totals.set(prefix, total);
      else totals.delete(prefix);
    }
  }

  function takeOut(member: RegionMember, cell: string): void {
    const members = cells.get(cell);
    if (!members?.delete(keyOf(member))) return;
    if (members.size === 0) cells.delete(cell);
    add(cell, -1);
  }

  function putIn(member: RegionMember, cell: string, userId: string | undefined): void {
    const members = cells.get(cell) ?? new Map();
    cells.set(cell, members);
    if (!members.has(keyOf(member))) add(cell, 1);
    members.set(keyOf(member), { node: member.node, connection: member.connection, userId });
  }

  function move({ member, to, sequence, userId }: RegionMove): RegionMoved {
    const life = lives.get(member.node);
    if (!life || life.over) return "ended";
    const place = life.places.get(member.connection);
    const seen = Math.max(place?.sequence ?? 0, departed.sequenceOf(keyOf(member)));
    if (sequence <= seen) return "late";
    if (place && place.cell !== to) takeOut(member, place.cell);
    if (to === undefined) {
      life.places.delete(member.connection);
      departed.note(keyOf(member), sequence);
    } else {
      life.places.set(member.connection, { cell: to, sequence });
      putIn(member, to, userId);
    }
    return "moved";
  }

  function reap(node: string): RegionReaped {
    const life = lives.get(node);
    if (!life) return "gone";
    if (isLive(node)) return "lives";
    life.over = true;
    for (const [connection, { cell }] of [...life.places].slice(0, REAPED_AT_ONCE)) {
      takeOut({ node, connection }, cell);
      life.places.delete(connection);
    }
    if (life.places.size > 0) return "left";
    lives.delete(node);
    return "gone";
  }

  function membersOf(cell: string, limit: number): CellMembers {
    const all = [...(cells.get(cell)?.values() ?? [])].filter(({ node }) => isLive(node));
    return { cell, members: all.slice(0, limit), truncated: all.length > limit };
  }

  return {
    async renew({ node, leaseMs, begins }) {
      guard();
      const life = lives.get(node);
      const silent = [...lives.keys()].find((other) => other !== node && !isLive(other));
      if (begins ? life?.over : !life || life.over) return { kept: false, silent };
      const places = life?.places ?? new Map();
      lives.set(node, { places, over: false, leaseEndsAtMs: clock.now() + leaseMs });
      return { kept: true, silent };
    },
    async move(given) {
      guard();
      return move(given);
    },
    async reap(node) {
      guard();
      return reap(node);
    },
    async retire(node) {
      guard();
      const life = lives.get(node);
      if (life?.places.size === 0) lives.delete(node);
      else if (life) life.over = true;
    },
    async members(asked, limit) {
      guard();
      let left = limit;
      return asked.map((cell) => {
        const found = membersOf(cell, left);
        left -= found.members.length;
        return found;
      });
    },
    async count(prefixes) {
      guard();
      return prefixes.map((prefix) => totals.get(prefix) ?? 0);
    },
    async counts(prefixes) {
      guard();
      const parts = prefixes.flatMap((prefix) => [...LETTERS].map((letter) => prefix + letter));
      return new Map(parts.flatMap((part) => (totals.has(part) ? [[part, totals.get(part)!]] : [])));
    },
    async find(connection) {
      guard();
      for (const [node, { places }] of lives) {
        const place = places.get(connection);
        if (place && isLive(node)) return place.cell;
      }
      return undefined;
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
