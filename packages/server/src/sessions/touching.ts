import { invalidOption } from "../base/check.ts";
import { gone } from "./core.ts";
import type { SessionCore } from "./core.ts";
import { checkLifeMs, isSessionId } from "./read-input.ts";
import type { Sessions } from "./session-api.ts";

const DEFAULT_BUDGET = 0.1;
const MOST_BUDGET = 0.9;

/** Says that sessions are in use, and asks the ground only when that is due. */
export function createTouching(core: SessionCore): Sessions["touch"] {
  const { store, clock, copies, endings, counts } = core;
  return async (id, idleMs, { budget = DEFAULT_BUDGET } = {}) => {
    checkLifeMs("touch: idleMs", idleMs);
    if (typeof budget !== "number" || !(budget >= 0) || budget > MOST_BUDGET) {
      throw invalidOption("touch: budget", `a number from 0 to ${MOST_BUDGET}`, budget);
    }
    if (!isSessionId(id) || endings.isPending(id)) return { state: "gone" };
    const expiresAtMs = budget > 0 ? copies.spares(id, idleMs, budget) : undefined;
    if (expiresAtMs !== undefined) {
      counts.sparedTouches++;
      return { state: "alive", expiresAtMs };
    }
    const askedAtMs = clock.now();
    const reply = await core.onOurs(id, idleMs, () => store.touch({ id, idleMs, budget }));
    if (reply.state !== "alive") return gone(reply);
    const beganAtMs = askedAtMs - Math.max(0, reply.nowMs - reply.seenAtMs);
    copies.touched(id, { idleMs, expiresAtMs: reply.expiresAtMs, beganAtMs });
    return { state: "alive", expiresAtMs: reply.expiresAtMs };
  };
}
