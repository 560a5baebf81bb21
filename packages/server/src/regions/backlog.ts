import type { RegionMove } from "../ports/region-store.ts";

/** Something that the ground has to be told of a socket: where it is now, or that it is gone. */
export interface Entry {
  readonly connection: string;
  readonly userId: string | undefined;
  /** `undefined`: it is gone. */
  readonly cell: string | undefined;
  readonly sequence: number;
}

/** What one life of a node has to tell the ground, and has told it: of each socket only the last counts. */
export interface Backlog {
  /** A socket is somewhere else, or to be told of again. */
  note(connection: string, cell: string | undefined, userId: string | undefined): void;
  /** Up to `most` entries, the oldest first. */
  some(most: number): readonly Entry[];
  /** What is to be asked of the ground for an entry. */
  toMove(entry: Entry, node: string): RegionMove;
  /** The ground has taken an entry, or a later one of the socket. */
  done(entry: Entry): void;
  isEmpty(): boolean;
  /** How many sockets are gone of which the ground does not know it yet. */
  goneCount(): number;
  /** Under another name nothing has been told. Sequences go on. */
  forget(): void;
}

/** Makes an empty backlog. */
export function createBacklog(): Backlog {
  const entries = new Map<string, Entry>();
  /** Where the ground was told that a socket is: a guess for the next move, no more. */
  const told = new Map<string, string>();
  let sequence = 0;
  let gone = 0;

  return {
    note(connection, cell, userId) {
      const before = entries.get(connection);
      if (before && before.cell === undefined) gone--;
      if (cell === undefined) gone++;
      entries.set(connection, { connection, cell, userId, sequence: ++sequence });
    },
    some(most) {
      const some: Entry[] = [];
      for (const entry of entries.values()) {
        if (some.length === most) break;
        some.push(entry);
      }
      return some;
    },
    toMove: ({ connection, cell, userId, sequence: own }, node) => ({
      member: { node, connection },
      from: told.get(connection),
      to: cell,
      sequence: own,
      userId,
    }),
    done(entry) {
      const { connection, cell } = entry;
      if (cell === undefined) told.delete(connection);
      else told.set(connection, cell);
      if (entries.get(connection) !== entry) return;
      entries.delete(connection);
      if (cell === undefined) gone--;
    },
    isEmpty: () => entries.size === 0,
    goneCount: () => gone,
    forget() {
      entries.clear();
      told.clear();
      gone = 0;
    },
  };
}
