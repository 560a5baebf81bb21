import { sleep } from "../base/clock.ts";
import type { Clock } from "../base/clock.ts";
import type { Tasks } from "../base/tasks.ts";
import type { SessionRecord } from "../ports/session-store.ts";
import type { SignedOut } from "./ended-lately.ts";
import { isEndedWith } from "./ground-endings.ts";
import type { GroundEndings } from "./ground-endings.ts";

/** What telling the ground later needs. */
export interface PendingEndingParts {
  readonly inGround: GroundEndings;
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly signal: AbortSignal;
}

/** What decides whether a session is over. */
export type Judged = Pick<SessionRecord, "id" | "userId" | "createdAtMs" | "isReplaced">;

/** Endings that hold here, and that the ground is told as soon as it listens. */
export interface PendingEndings {
  /** All of them, or none when there is no room: then answers `false`. */
  add(ids: readonly string[]): boolean;
  addUser(userId: string, except: string | undefined): boolean;
  /** Was signed out already, by a ground that has lost data since. */
  addAgain(user: SignedOut): boolean;
  has(id: string): boolean;
  covers(session: Judged): boolean;
  /** The ground is back. */
  wake(): void;
  size(): number;
}

/** Most endings that wait; a further one is not repeated. */
export const MAX_PENDING_ENDINGS = 10_000;

const PAUSE_MS = 500;

/** Makes an empty list. */
export function createPendingEndings({ inGround, clock, tasks, signal }: PendingEndingParts): PendingEndings {
  const ids = new Set<string>();
  const users = new Map<string, string | undefined>();
  const again = new Map<string, SignedOut>();
  let isRepeating = false;
  const size = (): number => ids.size + users.size + again.size;

  function put(count: number, remember: () => void): boolean {
    const hasRoom = size() + count <= MAX_PENDING_ENDINGS;
    if (hasRoom) remember();
    wake();
    return hasRoom;
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
    for (const user of again.values()) {
      await inGround.endAgain(user);
      again.delete(user.userId);
    }
  }

  async function repeat(): Promise<void> {
    while (!signal.aborted && size() > 0) {
      try {
        await repeatOnce();
      } catch {
        // Also when it is refused: what was ended must not stay open elsewhere because of one bad answer.
        await sleep(clock, PAUSE_MS, signal);
      }
    }
  }

  function wake(): void {
    if (isRepeating || size() === 0) return;
    isRepeating = true;
    tasks.track(repeat().finally(() => (isRepeating = false)));
  }

  return {
    add: (given) => put(given.filter((id) => !ids.has(id)).length, () => given.forEach((id) => ids.add(id))),
    addUser: (userId, except) => put(users.has(userId) ? 0 : 1, () => void users.set(userId, except)),
    addAgain: (user) => put(again.has(user.userId) ? 0 : 1, () => void again.set(user.userId, user)),
    has: (id) => ids.has(id),
    covers(session) {
      const { id, userId = "" } = session;
      const signedOut = again.get(userId);
      return (
        ids.has(id) ||
        (users.has(userId) && users.get(userId) !== id) ||
        (signedOut !== undefined && isEndedWith(signedOut, session))
      );
    },
    wake,
    size,
  };
}
