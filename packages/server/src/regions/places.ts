import { isLiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { RegionReaped, RegionStore } from "../ports/region-store.ts";

/** Where one socket of this node is. */
export interface Place {
  readonly connection: string;
  readonly userId: string | undefined;
  readonly cell: string;
}

/** What the places of a node need from their surroundings. */
export interface PlacesParts {
  readonly store: RegionStore;
  /** Name of the node. */
  readonly node: string;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Called after each renewal of the lease that worked. */
  readonly onReached: () => void;
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Where the sockets of one node are: known here at once, and written to the ground behind. */
export interface Places {
  /** Name under which the ground knows this node now. */
  life(): string;
  /** A socket is in a cell now; `undefined`: it is gone. Never throws, and waits for nothing. */
  put(connection: string, cell: string | undefined, userId?: string): void;
  find(connection: string): string | undefined;
  /** The sockets of this node in a cell. */
  inCell(cell: string): readonly Place[];
  /** How many sockets of this node are in the cells whose names begin so. */
  count(prefix: string): number;
  /** The cells in which sockets of this node are. */
  cells(): readonly string[];
  /** Gives the node's lease up, so that its sockets are nowhere from now on. Idempotent. */
  close(): Promise<void>;
}

/** After a node was killed its sockets are left out when its lease has run out. */
const LEASE_MS = 2_000;
const BEAT_MS = 500;

/**
 * How long this node has to have heard from the ground without a break before it declares others dead. Where the ground was away from
 * everybody, they are all silent when it is back, and need a moment to say that they live.
 */
const HEARD_FOR_MS = 3_000;

/** Every place is told to the ground once more so often, in case the ground has lost it. Well within what the ground keeps. */
const ASSERT_EVERY_MS = 15 * 60_000;

/** How many moves are on their way at a time. */
const WRITTEN_AT_ONCE = 64;

/** How many sockets may have left while the ground is away. Beyond, the node forgets them by going on under another name. */
const MAX_LEFT = 10_000;

/** What is to be written of a socket. */
interface Entry {
  readonly connection: string;
  readonly userId: string | undefined;
  readonly cell: string | undefined;
  readonly sequence: number;
}

/** Makes the places of one node, and begins to renew its lease. */
export function createPlaces(parts: PlacesParts): Places {
  const { store, clock, tasks, warn } = parts;
  const closing = new AbortController();
  const table = createTable();
  /** What the ground has to be told, by connection; in the order in which it came up. */
  const dirty = new Map<string, Entry>();
  /** Where the ground was told that a socket is; a guess for the next move, no more. */
  const told = new Map<string, string>();
  const reaper = createReaper(parts);
  let lives = 1;
  let begun = false;
  let away = false;
  let left = 0;
  let sequence = 0;
  let assertedAtMs = clock.now();
  let flushing: Promise<void> | undefined;

  const life = (): string => `${parts.node}.${lives}`;

  /** Under a new name nothing is known of this node: whoever has left is forgotten, whoever is here is told. */
  function beginAgain(): void {
    lives++;
    begun = false;
    left = 0;
    told.clear();
    dirty.clear();
    assertAll();
  }

  function assertAll(): void {
    assertedAtMs = clock.now();
    for (const { connection, cell, userId } of table.all()) note(connection, cell, userId);
  }

  function note(connection: string, cell: string | undefined, userId: string | undefined): void {
    const before = dirty.get(connection);
    if (before && before.cell === undefined) left--;
    if (cell === undefined) left++;
    dirty.set(connection, { connection, cell, userId, sequence: ++sequence });
  }

  async function renew(): Promise<void> {
    const node = life();
    const { kept, silent } = await store.renew({ node, leaseMs: LEASE_MS, begins: !begun });
    away = false;
    reaper.heard(silent);
    if (closing.signal.aborted || node !== life()) return;
    if (kept) begun = true;
    else beginAgain();
  }

  async function write(entry: Entry): Promise<"written" | "ended"> {
    const { connection, cell, userId } = entry;
    const node = life();
    const from = told.get(connection);
    const member = { node, connection };
    const moved = await store.move({ member, from, to: cell, sequence: entry.sequence, userId });
    // Of an earlier life nothing needs to be known.
    if (node !== life()) return "written";
    if (moved === "ended") return "ended";
    if (cell === undefined) told.delete(connection);
    else told.set(connection, cell);
    if (dirty.get(connection) !== entry) return "written";
    dirty.delete(connection);
    if (cell === undefined) left--;
    return "written";
  }

  async function writeSome(): Promise<void> {
    const some: Entry[] = [];
    for (const entry of dirty.values()) {
      some.push(entry);
      if (some.length === WRITTEN_AT_ONCE) break;
    }
    const node = life();
    const outcomes = await Promise.allSettled(some.map(write));
    if (node === life() && outcomes.some((end) => end.status === "fulfilled" && end.value === "ended"))
      beginAgain();
    const failed = outcomes.find((end) => end.status === "rejected");
    if (failed) throw failed.reason;
  }

  async function drain(): Promise<void> {
    while (dirty.size > 0 && !closing.signal.aborted) {
      if (!begun) await renew();
      if (begun) await writeSome();
    }
  }

  /** Writes until nothing is left to be written; when the ground is away, the next beat that reaches it goes on. */
  function flush(): void {
    if (flushing || away || closing.signal.aborted) return;
    flushing = drain()
      .catch(fail)
      .finally(() => (flushing = undefined));
    tasks.track(flushing);
  }

  function fail(error: unknown): void {
    const known = away || closing.signal.aborted || (isLiveError(error) && error.retryable);
    away = true;
    reaper.lost();
    if (!known) warn("where sockets are could not be told to the ground", { error });
  }

  async function keepBeating(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await renew();
        if (clock.now() - assertedAtMs >= ASSERT_EVERY_MS) assertAll();
        flush();
        parts.onReached();
      } catch (error) {
        fail(error);
      }
      await sleep(clock, BEAT_MS, closing.signal);
    }
  }

  tasks.track(keepBeating());

  return {
    life,
    put(connection, cell, userId) {
      if (closing.signal.aborted) return;
      const was = table.put(connection, cell, userId);
      if (cell === undefined && was === undefined) return;
      note(connection, cell, userId);
      if (left > MAX_LEFT) beginAgain();
      flush();
    },
    find: table.find,
    inCell: table.inCell,
    count: table.count,
    cells: table.cells,
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await flushing;
      if (begun) await store.retire(life()).catch(() => undefined);
    },
  };
}

/** Finishes off nodes that the ground says are silent. */
function createReaper({ store, clock, tasks }: Pick<PlacesParts, "store" | "clock" | "tasks">) {
  let heardSinceMs: number | undefined;
  let reaping: Promise<void> | undefined;

  async function reap(node: string): Promise<void> {
    let reaped: RegionReaped = "left";
    while (reaped === "left") reaped = await store.reap(node);
  }

  return {
    /** The ground has answered, and named a silent node or none. */
    heard(node: string | undefined): void {
      heardSinceMs ??= clock.now();
      if (node === undefined || reaping || clock.now() - heardSinceMs < HEARD_FOR_MS) return;
      // Should the ground go away, whoever is named next tries again.
      reaping = reap(node)
        .catch(() => undefined)
        .finally(() => (reaping = undefined));
      tasks.track(reaping);
    },
    /** The ground did not answer. */
    lost(): void {
      heardSinceMs = undefined;
    },
  };
}

/** Where sockets are, by socket and by cell. */
function createTable() {
  const places = new Map<string, Place>();
  const byCell = new Map<string, Map<string, Place>>();

  function takeOut({ connection, cell }: Place): void {
    places.delete(connection);
    const members = byCell.get(cell);
    members?.delete(connection);
    if (members?.size === 0) byCell.delete(cell);
  }

  return {
    /** Answers where it was. */
    put(connection: string, cell: string | undefined, userId: string | undefined): string | undefined {
      const was = places.get(connection);
      if (was) takeOut(was);
      if (cell === undefined) return was?.cell;
      const place = { connection, cell, userId };
      places.set(connection, place);
      const members = byCell.get(cell) ?? new Map<string, Place>();
      byCell.set(cell, members.set(connection, place));
      return was?.cell;
    },
    all: () => places.values(),
    find: (connection: string) => places.get(connection)?.cell,
    inCell: (cell: string): readonly Place[] => [...(byCell.get(cell)?.values() ?? [])],
    cells: (): readonly string[] => [...byCell.keys()],
    count(prefix: string): number {
      let sum = 0;
      for (const [cell, members] of byCell) if (cell.startsWith(prefix)) sum += members.size;
      return sum;
    },
  };
}
