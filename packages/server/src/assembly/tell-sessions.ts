import type { Signals } from "../base/signals.ts";
import { sessionDigest } from "../admin/session-digest.ts";
import type { Sessions } from "../sessions/session-api.ts";

/** The same sessions, whose beginnings and ends are told. */
export function tellSessions(sessions: Sessions, signals: Pick<Signals, "tell">): Sessions {
  return {
    ...sessions,
    async create(id, input) {
      const reply = await sessions.create(id, input);
      if (reply.state === "created") {
        const session = sessionDigest(id);
        signals.tell("session", { happened: "created", userId: input.userId, session, count: 1 });
      }
      return reply;
    },
    async rotate(oldId, newId, input) {
      const reply = await sessions.rotate(oldId, newId, input);
      if (reply.state === "rotated") {
        const [session, userId] = [sessionDigest(newId), input.userId ?? undefined];
        signals.tell("session", { happened: "rotated", userId, session, count: 1 });
      }
      return reply;
    },
    async end(id) {
      const hasEnded = await sessions.end(id);
      const session = sessionDigest(id);
      if (hasEnded) signals.tell("session", { happened: "ended", userId: undefined, session, count: 1 });
      return hasEnded;
    },
    async endAll(userId, options) {
      const count = await sessions.endAll(userId, options);
      if (count > 0) signals.tell("session", { happened: "ended", userId, session: undefined, count });
      return count;
    },
  };
}
