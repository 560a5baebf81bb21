import { LiveError, isLiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import { randomWord } from "../base/ids.ts";
import { identityTag } from "../base/identity-tag.ts";
import { movedBy } from "../base/names.ts";
import { sessionTag } from "../base/session-tag.ts";
import type { Tasks } from "../base/tasks.ts";
import type { SessionEnding, SessionRecord, SessionStore } from "../ports/session-store.ts";
import type { Copies } from "./copies.ts";
import { createEndedLately } from "./ended-lately.ts";
import type { EndedLately } from "./ended-lately.ts";
import type { Foreign } from "./foreign.ts";

/** What endings need. */
export interface EndingParts {
  readonly node: string;
  readonly store: Pick<SessionStore, "end" | "endAll" | "of">;
  readonly foreign: Pick<Foreign, "remove">;
  readonly copies: Pick<Copies, "dropTags">;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
  /** Told before an ending resolves: it stands in the log at `position`. */
  readonly onAppended: (position: Position) => void;
  /** Tags that moved on this node only, because the ground is away. */
  readonly onPending: (tags: readonly string[]) => void;
}

/** Ends sessions; what the ground could not be told holds here at once, and is told when that is back. */
export interface Endings {
  /** @throws LiveError as the ground does; it holds here all the same */
  end(ids: readonly string[]): Promise<number>;
  endAll(userId: string, except: string | undefined): Promise<number>;
  /** Whether it was ended here, and the ground does not know yet. */
  isPending(id: string): boolean;
  /** Whether a session is over, whatever the ground says of it: it was ended lately, and a ground that has lost data does not know any more. */
  covers(record: Pick<SessionRecord, "id" | "userId" | "isReplaced">): boolean;
  /** A session that is over stands in the ground: ends it there once more. */
  sayAgain(id: string): void;
  /** Sessions have ended, on whatever node. */
  hear(tags: readonly string[]): void;
  /** The ground has lost data: what was ended here lately is said to it once more. */
  restate(): void;
  /** The ground is back. */
  wake(): void;
  size(): number;
}

/** What could not be told to the ground. */
interface Postponed {
  readonly tags: readonly string[];
  /** How many endings it is. */
  readonly count: number;
  readonly remember: () => void;
}

/** Most endings that wait; a further one rejects and is not repeated. */
const MAX_PENDING = 10_000;

const PAUSE_MS = 500;

/** Failures after which nobody knows, or nothing has happened, and that pass. */
export function isPassing(error: unknown): error is LiveError {
  return (
    isLiveError(error) && ["LIVE_GROUND_AWAY", "LIVE_GROUND_TIMEOUT", "LIVE_GROUND_BUSY"].includes(error.code)
  );
}

/** Makes the endings of one node. */
export function createEndings(parts: EndingParts): Endings {
  const { copies, clock, tasks, signal } = parts;
  const lately = createEndedLately(clock);
  const inGround = createGroundEndings(parts, lately);
  const ids = new Set<string>();
  const users = new Map<string, string | undefined>();
  let isRepeating = false;

  /** Lets it hold here, and turns the error into one that says so. */
  function postpone(error: unknown, { tags, count, remember }: Postponed): unknown {
    if (!isPassing(error)) return error;
    // A call that ends several needs room for all of them.
    const isKept = ids.size + users.size + count <= MAX_PENDING;
    if (isKept) remember();
    copies.dropTags(tags);
    parts.onPending(tags);
    wake();
    return notEverywhere(error, isKept);
  }

  async function repeatOnce(): Promise<void> {
    for (const id of ids) {
      await inGround.end([id]);
      ids.delete(id);
    }
    for (const [userId, except] of users) {
      await inGround.endAll(userId, except);
      if (users.get(userId) === except) users.delete(userId);
    }
  }

  async function repeat(): Promise<void> {
    while (!signal.aborted && ids.size + users.size > 0) {
      try {
        await repeatOnce();
      } catch {
        // Also when it is refused: what was ended must not stay open elsewhere because of one bad answer.
        await sleep(clock, PAUSE_MS, signal);
      }
    }
  }

  function wake(): void {
    if (isRepeating || ids.size + users.size === 0) return;
    isRepeating = true;
    tasks.track(repeat().finally(() => (isRepeating = false)));
  }

  function sayAgain(id: string): void {
    if (ids.size + users.size < MAX_PENDING) ids.add(id);
    wake();
  }

  return {
    async end(given) {
      const tags = given.map(sessionTag);
      try {
        const ended = await inGround.end(given);
        copies.dropTags(tags);
        return ended;
      } catch (error) {
        const remember = (): void => given.forEach((id) => ids.add(id));
        throw postpone(error, { tags, count: given.filter((id) => !ids.has(id)).length, remember });
      }
    },
    async endAll(userId, except) {
      const tags = movedBy(identityTag(userId));
      try {
        const ended = await inGround.endAll(userId, except);
        copies.dropTags(tags);
        return ended;
      } catch (error) {
        const remember = (): void => void users.set(userId, except);
        throw postpone(error, { tags, count: users.has(userId) ? 0 : 1, remember });
      }
    },
    isPending: (id) => ids.has(id),
    covers: ({ id, userId, isReplaced }) =>
      ids.has(id) ||
      (userId !== undefined && users.has(userId) && users.get(userId) !== id) ||
      (!isReplaced && lately.has(id)),
    sayAgain,
    hear: lately.hear,
    restate: () => lately.toSayAgain().forEach(sayAgain),
    wake,
    size: () => ids.size + users.size,
  };
}

/** Ends sessions in the ground, and remembers what it has ended. */
function createGroundEndings(parts: EndingParts, lately: EndedLately): Pick<Endings, "end" | "endAll"> {
  const { store, foreign } = parts;
  return {
    async end(ids) {
      for (const id of ids) await foreign.remove(id);
      const ended = await store.end(ids, endingOf(parts, ids.map(sessionTag)));
      lately.note(ids);
      return ended;
    },
    async endAll(userId, except) {
      const records = await store.of(userId);
      const ending = endingOf(parts, movedBy(identityTag(userId)));
      const ended = await store.endAll({ userId, except, ending });
      lately.note(records.flatMap(({ id }) => (id === except ? [] : id)));
      return ended;
    },
  };
}

function endingOf(
  { node, onAppended }: Pick<EndingParts, "node" | "onAppended">,
  tags: readonly string[],
): SessionEnding {
  return { changeId: randomWord(16), origin: node, tags, onAppended };
}

function notEverywhere(error: LiveError, isKept: boolean): LiveError {
  const what = isKept
    ? "it holds on this node, and is repeated when the ground is back"
    : `it is not repeated: ${MAX_PENDING} endings wait already`;
  return new LiveError(error.code, `${error.message} The session is not ended everywhere yet; ${what}.`, {
    cause: error,
    details: { isRepeated: isKept },
  });
}
