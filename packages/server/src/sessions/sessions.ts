import type { ChangeRecord } from "../ports/change-log.ts";
import { createSessionCore } from "./core.ts";
import type { SessionParts } from "./core.ts";
import { createListing } from "./listing.ts";
import { checkSessionId, checkUserId, isSessionId } from "./read-input.ts";
import { createReading } from "./reading.ts";
import { createRotating } from "./rotating.ts";
import type { Sessions } from "./session-api.ts";
import { createTouching } from "./touching.ts";
import { createUpdating } from "./updating.ts";
import { createWriting } from "./writing.ts";

/** The sessions of one node. */
export interface SessionRoom {
  readonly sessions: Sessions;
  /** Drops copies that a record speaks of. Never throws. */
  apply(record: Pick<ChangeRecord, "tags">): void;
  /** Records may have been missed. `hasLost`: the ground has lost data, and may have brought back what had ended. */
  reset(hasLost: boolean): void;
  /** The ground is back. */
  wake(): void;
}

/** Makes the room. */
export function createSessions(parts: SessionParts): SessionRoom {
  const core = createSessionCore(parts);
  const { copies, foreign, endings, counts } = core;
  const read = createReading(core);
  const { create, save } = createWriting(core);
  const sessions: Sessions = {
    read,
    create,
    save,
    update: createUpdating({ read, save }),
    touch: createTouching(core),
    async end(id) {
      return isSessionId(id) && (await endings.end([id])) > 0;
    },
    rotate: createRotating(core),
    async endAll(userId, { except } = {}) {
      checkUserId("endAll: userId", userId);
      if (except !== undefined) checkSessionId("endAll: except", except);
      return endings.endAll(userId, except);
    },
    ...createListing(core),
    takeOver: (options = {}) => foreign.begin(options),
    status() {
      const { count, bytes } = copies.size();
      return { ...counts, copies: count, copyBytes: bytes, pendingEnds: endings.size() };
    },
  };
  return {
    sessions,
    apply({ tags }) {
      endings.hear(tags);
      copies.dropTags(tags);
    },
    reset(hasLost) {
      copies.clear();
      if (hasLost) endings.restate();
    },
    wake: endings.wake,
  };
}
