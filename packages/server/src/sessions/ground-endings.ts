import type { Position } from "@livecache/wire";
import { randomWord } from "../base/ids.ts";
import { identityTag } from "../base/identity-tag.ts";
import { movedBy } from "../base/names.ts";
import { sessionTag } from "../base/session-tag.ts";
import { MAX_ENDED_AT_ONCE } from "../ports/session-store.ts";
import type { SessionEnding, SessionRecord, SessionStore } from "../ports/session-store.ts";
import type { EndedLately, SignedOut } from "./ended-lately.ts";
import type { Foreign } from "./foreign.ts";

/** What ending sessions in the ground needs. */
export interface GroundEndingParts {
  readonly node: string;
  readonly store: Pick<SessionStore, "end" | "endAll" | "of">;
  readonly foreign: Pick<Foreign, "remove">;
  /** Told before an ending resolves: it stands in the log at `position`. */
  readonly onAppended: (position: Position) => void;
}

/** Calls to the ground, of which this node remembers what they have ended. */
export interface GroundEndings {
  end(ids: readonly string[]): Promise<number>;
  endAll(userId: string, except: string | undefined): Promise<number>;
  /** Ends what had been over already, and is there again, or was elsewhere when the user was signed out. */
  endAgain(user: SignedOut): Promise<void>;
}

/** Makes them. */
export function createGroundEndings(parts: GroundEndingParts, lately: EndedLately): GroundEndings {
  const { store, foreign } = parts;

  async function end(ids: readonly string[]): Promise<number> {
    for (const id of ids) await foreign.remove(id);
    const ended = await store.end(ids, endingOf(parts, ids.map(sessionTag)));
    lately.note(ids);
    return ended;
  }

  return {
    end,
    async endAll(userId, except) {
      const known = (await store.of(userId)).map(({ id }) => id).filter((id) => id !== except);
      // Each by its own tag as well: then every node remembers that it has ended.
      const tags = [...movedBy(identityTag(userId)), ...known.map(sessionTag)];
      const { count, atMs } = await store.endAll({ userId, except, ending: endingOf(parts, tags) });
      lately.note(known);
      lately.noteUser({ userId, except, atMs });
      return count;
    },
    async endAgain(user) {
      const records = await store.of(user.userId);
      const over = records.filter((record) => isEndedWith(user, record)).map(({ id }) => id);
      for (let at = 0; at < over.length; at += MAX_ENDED_AT_ONCE) {
        await end(over.slice(at, at + MAX_ENDED_AT_ONCE));
      }
    },
  };
}

/** Whether a session of the user was over with that. Who signs in at the same moment is not signed out by it. */
export function isEndedWith(
  { except, atMs }: SignedOut,
  { id, createdAtMs }: Pick<SessionRecord, "id" | "createdAtMs">,
): boolean {
  return id !== except && createdAtMs < atMs;
}

function endingOf(
  { node, onAppended }: Pick<GroundEndingParts, "node" | "onAppended">,
  tags: readonly string[],
): SessionEnding {
  return { changeId: randomWord(16), origin: node, tags, onAppended };
}
