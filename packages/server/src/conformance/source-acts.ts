import assert from "node:assert/strict";
import { LiveError } from "@livecache/wire";
import type {
  ChangeSink,
  ChangeSource,
  PoisonRecord,
  SourceChange,
  SourceGap,
  SourceNews,
} from "../ports/change-source.ts";
import { eventually } from "./eventually.ts";

/** A transaction that is open. */
export interface OpenTransaction {
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** A source under test, and what is done to the place that it reads from. */
export interface SourceUnderTest {
  /** Makes the source, as each process does that opens it. They all have one name. */
  create(): ChangeSource;
  /** Commits a record whose change moves the tag, maybe among others. */
  commit(tag: string): Promise<void>;
  /** Commits a record of which no change can be made. */
  commitPoison(): Promise<void>;
  /** Writes such a record and leaves the transaction open. */
  begin?(tag: string): Promise<OpenTransaction>;
  /** Makes what the source reads from unreachable; the answer undoes it. */
  cut?(): Promise<() => Promise<void>>;
  /** Makes it forget how to go on from any place that it has told so far. The source is closed meanwhile. */
  loseHistory?(): Promise<void>;
  close(): Promise<void>;
}

/** A log that takes one source over, in memory, and can be made to lose what it knows. */
export interface TakingLog {
  /** Where it stands. */
  place: string | undefined;
  readonly changes: SourceChange[];
  readonly gaps: SourceGap[];
  readonly poison: PoisonRecord[];
}

/** Makes an empty log. */
export function createTakingLog(): TakingLog {
  return { place: undefined, changes: [], gaps: [], poison: [] };
}

/** What a process does besides taking over. */
export interface TakerOptions {
  /** The process dies when it has taken so many changes over, before it can say so to the source. */
  readonly diesAfter?: number;
  /** What it does about poison. */
  readonly stops?: boolean;
}

/** A process that takes the source over. */
export interface Taker {
  readonly news: SourceNews[];
  /** From now on the log does not answer, until the answer is called. */
  holdBack(): () => void;
  /** The next change is refused, as if another process had gone on in between. */
  overtake(): void;
  isDead(): boolean;
  close(): Promise<void>;
}

/** Opens the source over a log. */
export function openTaker(under: SourceUnderTest, log: TakingLog, options: TakerOptions = {}): Taker {
  const news: SourceNews[] = [];
  let at: string | undefined;
  let left = options.diesAfter ?? Number.POSITIVE_INFINITY;
  let overtaken = false;
  let held: Promise<void> = Promise.resolve();
  let busy = 0;
  const closing = new AbortController();
  const gone = new Promise<never>((_, reject) =>
    closing.signal.addEventListener("abort", () => reject(new LiveError("LIVE_CLOSED", "closed"))),
  );
  gone.catch(() => undefined);

  /** Calls come one after the other, wait while the log is away, and reject once the process is dead or closes. */
  async function guarded<T>(work: () => T): Promise<T> {
    assert.equal(busy, 0, "the sink was called while another call was running");
    busy++;
    try {
      await Promise.race([held, gone]);
      if (closing.signal.aborted || left <= 0) throw new LiveError("LIVE_CLOSED", "closed");
      return work();
    } finally {
      busy--;
    }
  }

  function step(place: string, apply: () => void): void {
    if (left <= 0) throw new LiveError("LIVE_CLOSED", "the process is dead");
    if (overtaken || (log.place !== place && log.place !== at)) {
      overtaken = false;
      throw new LiveError("LIVE_SOURCE_MOVED", "overtaken", { details: { place: log.place } });
    }
    if (log.place !== place) apply();
    log.place = place;
    at = place;
    left--;
  }

  const sink: ChangeSink = {
    place: () => guarded(() => (at = log.place)),
    take: (changes) =>
      guarded(() => {
        for (const change of changes) step(change.place, () => log.changes.push(change));
        // Dead right after the last: nobody is told that it was taken.
        if (left <= 0) throw new LiveError("LIVE_CLOSED", "the process is dead");
      }),
    gap: (gap) =>
      guarded(() => {
        at = log.place;
        step(gap.place, () => log.gaps.push(gap));
      }),
    refuse: (poison) =>
      guarded(() => {
        log.poison.push(poison);
        if (options.stops) throw new LiveError("LIVE_SOURCE_STOPPED", "stops at poison");
        step(poison.place, () => undefined);
      }),
    tell: (told) => void news.push(told),
  };
  const running = under.create().open(sink);
  return {
    news,
    holdBack() {
      let release = (): void => undefined;
      held = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    overtake() {
      overtaken = true;
    },
    isDead: () => left <= 0,
    async close() {
      closing.abort();
      await running.close();
    },
  };
}

/** Opens the source and waits until it hands over. */
export async function openRunning(
  under: SourceUnderTest,
  log: TakingLog,
  options?: TakerOptions,
): Promise<Taker> {
  const taker = openTaker(under, log, options);
  await eventually("the source runs", () => stateOf(taker) === "running");
  return taker;
}

/** How the source said it is, lately. */
export function stateOf({ news }: Taker): SourceNews["state"] | undefined {
  return news.at(-1)?.state;
}

/** Those of the tags that the log's changes move, in its order. Subtrees are left out. */
export function told({ changes }: TakingLog, tags: readonly string[]): readonly string[] {
  return changes.flatMap((change) => change.tags).filter((tag) => tags.includes(tag));
}

/** Waits until the last of the tags is told, and expects all of them in this order, each once. */
export async function expectTold(log: TakingLog, tags: readonly string[]): Promise<void> {
  const last = tags.at(-1)!;
  await eventually(`${last} is told`, () => told(log, [last]).length > 0);
  assert.deepEqual(told(log, tags), tags);
}

/** Commits records one after the other. */
export async function commitAll(under: SourceUnderTest, tags: readonly string[]): Promise<void> {
  for (const tag of tags) await under.commit(tag);
}

/** Names of tags: `a1`, `a2` and so on. */
export function tagsOf(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name}${index + 1}`);
}
