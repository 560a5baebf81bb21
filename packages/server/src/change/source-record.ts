import type { PoisonRecord, SourceGap, SourceNews } from "../ports/change-source.ts";

/**
 * How a source is. `opening`: nothing is known yet. `waiting`: another process hands over. `running`: this one does. `away`: it cannot be
 * read, and is tried again. `stopped`: it stands before a record of which no change can be made, or is set up wrongly. `closed`.
 */
export interface SourceStatus {
  readonly state: "opening" | SourceNews["state"] | "closed";
  /** Where the log stands, as this node has last heard. */
  readonly place: string | undefined;
  /** How many changes this node has taken over. */
  readonly taken: number;
  /** How many records were of no use. */
  readonly poisoned: number;
  /** How often changes may have been missing. */
  readonly gaps: number;
  /** What went wrong last, if that still stands. */
  readonly error: unknown;
}

/** Keeps the status of one source. */
export interface SourceRecord {
  status(): SourceStatus;
  tell(news: SourceNews): void;
  stands(place: string | undefined): void;
  taken(changes: number, place: string | undefined): void;
  /** The log did not take a change. */
  notTaken(error: unknown): void;
  poisoned(poison: PoisonRecord): void;
  missed(gap: SourceGap): void;
  closed(): void;
}

/** Makes the record of a source that is being opened. */
export function createSourceRecord(
  name: string,
  warn: (message: string, details?: Readonly<Record<string, unknown>>) => void,
): SourceRecord {
  let status: SourceStatus = {
    state: "opening",
    ...{ place: undefined, taken: 0, poisoned: 0, gaps: 0, error: undefined },
  };
  const set = (part: Partial<SourceStatus>): void => {
    if (status.state !== "closed") status = { ...status, ...part };
  };
  return {
    status: () => status,
    tell(news) {
      const error = "error" in news ? news.error : undefined;
      // Once for each time that it goes away, not for each attempt.
      if (news.state === "away" && status.state !== "away") warn(`Source ${name} cannot be read`, { error });
      if (news.state === "stopped") warn(`Source ${name} has stopped`, { error });
      set({ state: news.state, error });
    },
    stands: (place) => set({ place, error: undefined }),
    taken: (changes, place) => set({ taken: status.taken + changes, place, error: undefined }),
    notTaken: (error) => set({ error }),
    poisoned({ record, place, error }) {
      warn(`Source ${name}: no change can be made of ${record}`, { place, error });
      set({ poisoned: status.poisoned + 1 });
    },
    missed({ reason, place }) {
      warn(`Source ${name}: changes may be missing, so everything cached is forgotten`, { reason, place });
      set({ gaps: status.gaps + 1 });
    },
    closed: () => set({ state: "closed" }),
  };
}
