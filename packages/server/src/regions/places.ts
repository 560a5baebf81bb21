import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { RegionStore } from "../ports/region-store.ts";
import { createTeller } from "./teller.ts";

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
  /** The ground has lost data: tells it everything anew. */
  restate(): void;
  /** Gives the node's lease up, so that its sockets are nowhere from now on. Idempotent. */
  close(): Promise<void>;
}

const BEAT_MS = 500;

/** Every place is told to the ground once more so often, in case the ground has lost it. Well within what the ground keeps. */
const ASSERT_EVERY_MS = 15 * 60_000;

/** How many sockets may have left while the ground is away. Beyond, the node forgets them by going on under another name. */
const MAX_GONE = 10_000;

/** Makes the places of one node, and begins to renew its lease. */
export function createPlaces(parts: PlacesParts): Places {
  const { clock } = parts;
  const closing = new AbortController();
  const { signal } = closing;
  const table = createTable();
  let assertedAtMs = clock.now();

  function noteAll(): void {
    assertedAtMs = clock.now();
    for (const { connection, cell, userId } of table.all()) teller.backlog.note(connection, cell, userId);
  }

  const teller = createTeller({ ...parts, signal, noteAll });

  async function keepBeating(): Promise<void> {
    while (!signal.aborted) {
      try {
        await teller.renew();
        if (clock.now() - assertedAtMs >= ASSERT_EVERY_MS) noteAll();
        teller.flush();
        parts.onReached();
      } catch (error) {
        teller.fail(error);
      }
      await sleep(clock, BEAT_MS, signal);
    }
  }

  parts.tasks.track(keepBeating());

  return {
    life: teller.life,
    put(connection, cell, userId) {
      if (signal.aborted) return;
      const was = table.put(connection, cell, userId);
      if (cell === undefined && was === undefined) return;
      teller.backlog.note(connection, cell, userId);
      if (teller.backlog.goneCount() > MAX_GONE) teller.beginAgain();
      teller.flush();
    },
    find: table.find,
    inCell: table.inCell,
    count: table.count,
    cells: table.cells,
    restate() {
      if (!signal.aborted) teller.restate();
    },
    async close() {
      if (signal.aborted) return;
      closing.abort();
      await teller.retire();
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
