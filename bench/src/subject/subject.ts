/** Where a cache under test may keep values: in its process, in Redis, or in both with the processes kept in step. */
export type Tier = "near" | "far" | "both";

/** How a cache under test is opened. */
export interface SubjectSetting {
  readonly tier: Tier;
  readonly redisUrl: string;
  /** What every entry depends on. */
  readonly tags: readonly string[];
  /** Most entries that the process's memory has to hold. */
  readonly entries: number;
  /** The origin. */
  readonly load: (key: string) => Promise<unknown>;
}

/** A cache under test, or a floor beneath all caches, behind the few verbs that are measured. */
export interface Subject {
  /** Answers the value of a key, from the cache or else from the origin. */
  readonly read: (key: string) => Promise<unknown>;
  /** Voids every entry that has the tag; where the library has no tags, the nearest thing that it has. */
  readonly changeTag?: (tag: string) => Promise<unknown>;
  /** Voids one entry. */
  readonly changeKey?: (key: string) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

/** Opens a cache under test. It is ready, connections included, when the promise resolves. */
export type OpenSubject = (setting: SubjectSetting) => Promise<Subject>;

/** How long every contestant keeps a value: longer than any run. */
export const TTL_MS = 3_600_000;
