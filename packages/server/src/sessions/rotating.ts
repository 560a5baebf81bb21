import { randomWord } from "../base/ids.ts";
import { sessionTag } from "../base/session-tag.ts";
import { gone } from "./core.ts";
import type { SessionCore } from "./core.ts";
import { checkLifeMs, checkSessionId, checkUserId, isSessionId, readFields, tooLarge } from "./read-input.ts";
import type { Sessions } from "./session-api.ts";

/** Gives sessions new ids. */
export function createRotating(core: SessionCore): Sessions["rotate"] {
  const { node, store, copies, foreign, endings, onAppended } = core;
  return async (oldId, newId, { carry = true, set, remove, userId, idleMs, absoluteMs }) => {
    checkSessionId("rotate: newId", newId);
    if (idleMs !== undefined) checkLifeMs("rotate: idleMs", idleMs);
    if (absoluteMs !== undefined) checkLifeMs("rotate: absoluteMs", absoluteMs);
    if (userId !== undefined && userId !== null) checkUserId("rotate: userId", userId);
    const fields = readFields("rotate: set", set, remove);
    if (!isSessionId(oldId) || endings.isPending(oldId)) return { state: "gone" };
    const ending = { changeId: randomWord(16), origin: node, tags: [sessionTag(oldId)], onAppended };
    const input = { oldId, newId, carry, ...fields, userId, idleMs, absoluteMs, ending };
    // What connect-redis kept becomes ours and goes, before the old id is closed: nothing may come back when that is forgotten.
    await foreign.take(oldId, idleMs);
    await foreign.remove(oldId);
    const reply = await store.rotate(input);
    copies.drop(oldId);
    if (reply.state === "full") throw tooLarge(reply);
    if (reply.state === "taken") return { state: "taken" };
    if (reply.state !== "rotated") return gone(reply);
    await core.endBeyond(reply.beyond);
    return { state: "rotated", version: reply.version, expiresAtMs: reply.expiresAtMs };
  };
}
