import type { SessionRecord } from "../ports/session-store.ts";
import { toSession } from "./core.ts";
import type { SessionCore } from "./core.ts";
import { isPassing } from "./endings.ts";
import { isSessionId } from "./read-input.ts";
import type { Sessions } from "./session-api.ts";

/** Reads from the ground, and while that is away from copies. */
export function createReading(core: SessionCore): Sessions["read"] {
  const { store, clock, copies, foreign, endings, counts } = core;

  async function find(id: string): Promise<SessionRecord | undefined> {
    const reply = await store.read(id);
    if (reply.state === "here") return reply.record;
    if (reply.state === "ended") return undefined;
    const record = await foreign.read(id);
    if (record?.userId === undefined) return record;
    // Whether its user was signed out everywhere, only the ground can say: it becomes ours, or is over.
    if (!(await foreign.take(id, undefined))) return undefined;
    const again = await store.read(id);
    return again.state === "here" ? again.record : undefined;
  }

  return async (id) => {
    if (!isSessionId(id) || endings.isPending(id)) return undefined;
    const askedAtMs = clock.now();
    try {
      const record = await find(id);
      if (!record || endings.covers(record)) {
        if (record) endings.sayAgain(id);
        copies.drop(id);
        return undefined;
      }
      copies.keep(record, askedAtMs);
      return toSession(record, false);
    } catch (error) {
      if (!isPassing(error)) throw error;
      const record = copies.find(id);
      if (!record || endings.covers(record)) throw error;
      counts.answeredFromCopies++;
      return toSession(record, true);
    }
  };
}
