import { LiveError, isLiveError } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { identityTag } from "../base/identity-tag.ts";
import { movedBy } from "../base/names.ts";
import { sessionTag } from "../base/session-tag.ts";
import type { Tasks } from "../base/tasks.ts";
import type { Copies } from "./copies.ts";
import { createEndedLately } from "./ended-lately.ts";
import { createGroundEndings } from "./ground-endings.ts";
import type { GroundEndingParts } from "./ground-endings.ts";
import { MAX_PENDING_ENDINGS, createPendingEndings } from "./pending-endings.ts";
import type { Judged } from "./pending-endings.ts";

/** What endings need. */
export interface EndingParts extends GroundEndingParts {
  readonly copies: Pick<Copies, "dropTags">;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
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
  covers(record: Judged): boolean;
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

/** Failures after which nobody knows, or nothing has happened, and that pass. */
export function isPassing(error: unknown): error is LiveError {
  return (
    isLiveError(error) && ["LIVE_GROUND_AWAY", "LIVE_GROUND_TIMEOUT", "LIVE_GROUND_BUSY"].includes(error.code)
  );
}

/** Makes the endings of one node. */
export function createEndings(parts: EndingParts): Endings {
  const { copies } = parts;
  const lately = createEndedLately(parts.clock);
  const inGround = createGroundEndings(parts, lately);
  const pending = createPendingEndings({ ...parts, inGround });

  /** Ends in the ground; what that could not be told holds here and waits, and the error says so. */
  async function tell(
    tags: readonly string[],
    work: () => Promise<number>,
    wait: () => boolean,
  ): Promise<number> {
    try {
      const ended = await work();
      copies.dropTags(tags);
      return ended;
    } catch (error) {
      if (!isPassing(error)) throw error;
      const isKept = wait();
      copies.dropTags(tags);
      parts.onPending(tags);
      throw notEverywhere(error, isKept);
    }
  }

  return {
    end: (ids) =>
      tell(
        ids.map(sessionTag),
        () => inGround.end(ids),
        () => pending.add(ids),
      ),
    endAll: (userId, except) =>
      tell(
        movedBy(identityTag(userId)),
        () => inGround.endAll(userId, except),
        () => pending.addUser(userId, except),
      ),
    isPending: pending.has,
    covers: (session) => pending.covers(session) || (!session.isReplaced && lately.has(session.id)),
    sayAgain: (id) => void pending.add([id]),
    hear: lately.hear,
    restate() {
      for (const id of lately.toSayAgain()) pending.add([id]);
      for (const user of lately.usersToSayAgain()) pending.addAgain(user);
    },
    wake: pending.wake,
    size: pending.size,
  };
}

function notEverywhere(error: LiveError, isKept: boolean): LiveError {
  const what = isKept
    ? "it holds on this node, and is repeated when the ground is back"
    : `it is not repeated: ${MAX_PENDING_ENDINGS} endings wait already`;
  return new LiveError(error.code, `${error.message} The session is not ended everywhere yet; ${what}.`, {
    cause: error,
    details: { isRepeated: isKept },
  });
}
