import { LiveError, isLiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import type { ChangeInput, ChangeLog } from "../ports/change-log.ts";
import type { ChangeSink, PoisonRecord, SourceChange } from "../ports/change-source.ts";
import { checkPlace, flawOf } from "./source-flaw.ts";
import type { SourceRecord } from "./source-record.ts";

/**
 * What is done about a record of which no change can be made; it is always reported. `"skip"`: it is passed over. `"forget"`: it is
 * passed over, and everything cached is forgotten, because nobody knows what it changed. `"stop"`: the source stops before it.
 */
export type PoisonPolicy = "skip" | "forget" | "stop";

/** What taking over needs from its surroundings. */
export interface TakeOverParts {
  readonly node: string;
  readonly changeLog: ChangeLog;
  readonly clock: Clock;
  /** Aborted when the source is closed. */
  readonly signal: AbortSignal;
  readonly record: SourceRecord;
  readonly poison: PoisonPolicy;
}

/** How many changes are on their way to the log at a time. */
const TAKEN_AT_ONCE = 50;

/** How long a log that did not take a change is left alone: the first time, and at most. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** Makes the sink of one source: each of its changes goes into the log together with its place, following on the one before. */
export function createSink(name: string, parts: TakeOverParts): ChangeSink {
  const { changeLog, record, poison } = parts;
  const persist = createPersistence(name, parts);
  const steps = createSteps(name, parts, persist);

  /** Takes the source to a place with a change that says nothing. */
  async function pass(place: string): Promise<void> {
    checkPlace(place);
    await steps.takeAll([{ place, changeId: randomWord(16), tags: [], mode: "purge", events: [] }], refuse);
  }

  async function forgetEverything(): Promise<void> {
    await persist(async () => {
      const { epoch } = await changeLog.position();
      await changeLog.renewEpoch(epoch);
    });
  }

  async function refuse(found: PoisonRecord): Promise<void> {
    record.poisoned(found);
    if (poison === "stop") throw stopped(name, found);
    if (poison === "forget") await forgetEverything();
    await pass(found.place);
  }

  return {
    place: steps.begin,
    async take(changes) {
      let good: SourceChange[] = [];
      for (const change of changes) {
        checkPlace(change.place);
        const flaw = flawOf(change);
        if (!flaw) {
          good.push(change);
          continue;
        }
        await steps.takeAll(good, refuse);
        good = [];
        await refuse(poisonOf(change, flaw));
      }
      await steps.takeAll(good, refuse);
    },
    async gap(gap) {
      record.missed(gap);
      await forgetEverything();
      await pass(gap.place);
    },
    refuse,
    tell: (news) => record.tell(news),
  };
}

/** Asks the log again and again until it answers, or says something that asking again does not change. */
type Persist = <T>(work: () => Promise<T>) => Promise<T>;

function createPersistence(name: string, { clock, signal, record }: TakeOverParts): Persist {
  return async (work) => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      if (signal.aborted) throw new LiveError("LIVE_CLOSED", `Source ${name} is closed.`);
      try {
        return await work();
      } catch (error) {
        if (isFinal(error)) throw error;
        record.notTaken(error);
      }
      await sleep(clock, pauseMs, signal);
    }
  };
}

/** The steps of one source in the log. */
interface Steps {
  /** Asks the log where it stands, and goes on from there. */
  begin(): Promise<string | undefined>;
  /** Takes all of the changes over; what the log will never take goes to `refuse`. */
  takeAll(changes: readonly SourceChange[], refuse: ChangeSink["refuse"]): Promise<void>;
}

function createSteps(name: string, { node, changeLog, record }: TakeOverParts, persist: Persist): Steps {
  /** Where the log is known to stand. */
  let at: string | undefined;

  function append(change: SourceChange, after: string | undefined): Promise<unknown> {
    const { changeId, tags, mode, events, trace, place } = change;
    const source = { name, after, place };
    const input: ChangeInput = { changeId, origin: node, tags, mode, events, trace, source };
    return changeLog.append(input);
  }

  /** Sends changes in one go; the log makes them in this order. Answers how many it has made, and why not all. */
  async function send(changes: readonly SourceChange[]): Promise<{ made: number; error?: unknown }> {
    const places = [at, ...changes.map(({ place }) => place)];
    const outcomes = await Promise.allSettled(changes.map((change, index) => append(change, places[index])));
    const made = outcomes.findIndex(({ status }) => status === "rejected");
    if (made === -1) return { made: changes.length };
    return { made, error: (outcomes[made] as PromiseRejectedResult).reason };
  }

  /** How many of the changes the log has, which says itself at which place it stands: answers were lost, or it was set back. */
  function standing(moved: LiveError, changes: readonly SourceChange[]): number {
    const index = changes.findIndex(({ place }) => place === moved.details["place"]);
    if (index === -1) throw moved;
    at = changes[index]!.place;
    return index + 1;
  }

  /** Takes some of the changes over and answers how many of them stand in the log now. */
  async function takeSome(changes: readonly SourceChange[], refuse: ChangeSink["refuse"]): Promise<number> {
    const { made, error } = await send(changes.slice(0, TAKEN_AT_ONCE));
    if (made > 0) at = changes[made - 1]!.place;
    if (error === undefined) return made;
    if (isMoved(error)) return standing(error, changes);
    if (made > 0) return made;
    if (!isFlaw(error)) throw error;
    await refuse(poisonOf(changes[0]!, error));
    return 1;
  }

  return {
    async begin() {
      at = await persist(() => changeLog.sourcePlace(name));
      record.stands(at);
      return at;
    },
    async takeAll(changes, refuse) {
      for (let from = 0; from < changes.length;) {
        const rest = changes.slice(from);
        const taken = await persist(() => takeSome(rest, refuse));
        from += taken;
        record.taken(taken, at);
      }
    },
  };
}

function stopped(name: string, { record, place, error }: PoisonRecord): LiveError {
  const why = `Source ${name} stops before ${record}, of which no change can be made: ${String(error)}`;
  return new LiveError("LIVE_SOURCE_STOPPED", why, { cause: error, details: { place } });
}

function poisonOf({ place, changeId }: SourceChange, error: unknown): PoisonRecord {
  return { place, record: `change ${changeId}`, error };
}

function isMoved(error: unknown): error is LiveError {
  return isLiveError(error) && error.code === "LIVE_SOURCE_MOVED";
}

/** Whether the log will never take the change. */
function isFlaw(error: unknown): boolean {
  return isLiveError(error) && error.code === "LIVE_INPUT_INVALID";
}

const FINAL: readonly string[] = ["LIVE_CLOSED", "LIVE_SOURCE_MOVED", "LIVE_SOURCE_STOPPED"];

function isFinal(error: unknown): boolean {
  return isLiveError(error) && FINAL.includes(error.code);
}
