import { isLiveError } from "@livecache/wire";
import type { CellMembers, RegionStore } from "../ports/region-store.ts";
import type { Places } from "./places.ts";

/** Somebody in a cell. */
export interface RegionMemberView {
  readonly socketId: string;
  /** Absent for nobody. */
  readonly userId?: string;
}

/** Who is in a cell. */
export interface CellView {
  readonly cell: string;
  readonly members: readonly RegionMemberView[];
  /** `true`: there are more than were asked for. */
  readonly truncated: boolean;
}

/** How much an answer knows of: all nodes, or this one only, because the ground is away. */
export type RegionScope = "cluster" | "local";

/** Answers questions about cells: by the ground, and by what this node knows of its own sockets, which is never late. */
export interface RegionReads {
  members(
    cells: readonly string[],
    limit: number,
  ): Promise<{ readonly cells: readonly CellView[]; readonly scope: RegionScope }>;
  /** How many there are below each prefix. */
  count(
    prefixes: readonly string[],
  ): Promise<{ readonly counts: readonly number[]; readonly scope: RegionScope }>;
  /** How many there are in the parts of a prefix, by part. */
  parts(
    prefix: string,
  ): Promise<{ readonly counts: ReadonlyMap<string, number>; readonly scope: RegionScope }>;
  find(socketId: string): Promise<string | undefined>;
}

/** Makes the answers of one node. */
export function createReads(store: RegionStore, places: Places): RegionReads {
  const asking = new Map<string, Promise<readonly CellMembers[]>>();

  function ownMembers(cell: string): readonly RegionMemberView[] {
    return places.inCell(cell).map(({ connection, userId }) => viewOf(connection, userId));
  }

  /** Whoever asks what somebody is asking already gets the same answer: in a crowd everybody wants to know the same. */
  function ask(cells: readonly string[], limit: number): Promise<readonly CellMembers[]> {
    const question = `${limit} ${cells.join(" ")}`;
    const asked = asking.get(question) ?? store.members(cells, limit).finally(() => asking.delete(question));
    asking.set(question, asked);
    return asked;
  }

  /** What other nodes say of the cells, cell by cell. */
  async function others(cells: readonly string[], limit: number): Promise<readonly CellView[]> {
    const own = places.life();
    const found = await ask(cells, limit);
    return found.map(({ cell, members, truncated }) => ({
      cell,
      truncated,
      members: members
        .filter(({ node }) => node !== own)
        .map(({ connection, userId }) => viewOf(connection, userId)),
    }));
  }

  return {
    async members(cells, limit) {
      const { answer, scope } = await unlessAway(
        () => others(cells, limit),
        () => cells.map((cell) => ({ cell, members: [], truncated: false })),
      );
      let left = limit;
      const merged = answer.map(({ cell, members, truncated }) => {
        const all = [...ownMembers(cell), ...members];
        const shown = all.slice(0, left);
        left -= shown.length;
        return { cell, members: shown, truncated: truncated || all.length > shown.length };
      });
      return { cells: merged, scope };
    },
    async count(prefixes) {
      const { answer, scope } = await unlessAway(
        () => store.count(prefixes),
        () => prefixes.map(places.count),
      );
      return { counts: answer, scope };
    },
    async parts(prefix) {
      const { answer, scope } = await unlessAway(
        () => store.counts([prefix]),
        () => ownParts(places, prefix),
      );
      return { counts: answer, scope };
    },
    find: async (socketId) => places.find(socketId) ?? store.find(socketId),
  };
}

function viewOf(socketId: string, userId: string | undefined): RegionMemberView {
  return userId === undefined ? { socketId } : { socketId, userId };
}

function ownParts(places: Places, prefix: string): ReadonlyMap<string, number> {
  const parts = new Set(
    places
      .cells()
      .filter((cell) => cell.startsWith(prefix))
      .map((cell) => cell.slice(0, prefix.length + 1)),
  );
  return new Map([...parts].map((part) => [part, places.count(part)]));
}

/** Asks the ground; while it is away, this node answers for itself. Whatever else is wrong is told. */
async function unlessAway<T>(
  ask: () => Promise<T>,
  own: () => T,
): Promise<{ readonly answer: T; readonly scope: RegionScope }> {
  try {
    return { answer: await ask(), scope: "cluster" };
  } catch (error) {
    if (!isPassing(error)) throw error;
    return { answer: own(), scope: "local" };
  }
}

/** Whether the ground cannot be reached now, but may be later. */
export function isPassing(error: unknown): boolean {
  return isLiveError(error) && error.retryable && error.code.startsWith("LIVE_GROUND_");
}
