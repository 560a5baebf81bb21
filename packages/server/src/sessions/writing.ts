import { invalidOption, wholeNumber } from "../base/check.ts";
import { gone } from "./core.ts";
import type { SessionCore } from "./core.ts";
import { checkLifeMs, checkSessionId, checkUserId, isSessionId, readFields, tooLarge } from "./read-input.ts";
import type { SaveReply, SaveSession, Sessions } from "./session-api.ts";

const MODES: readonly unknown[] = ["merge", "strict", "exact"];

/** Creates sessions, and saves what has changed in them. */
export function createWriting(core: SessionCore): Pick<Sessions, "create" | "save"> {
  const { store, copies, endings } = core;

  async function save(id: string, input: SaveSession): Promise<SaveReply> {
    const { base, mode = "merge", userId, idleMs } = input;
    wholeNumber("save: base", base, [0, Number.MAX_SAFE_INTEGER]);
    if (!MODES.includes(mode)) throw invalidOption("save: mode", '"merge", "strict" or "exact"', mode);
    if (idleMs !== undefined) checkLifeMs("save: idleMs", idleMs);
    if (userId !== undefined && userId !== null) checkUserId("save: userId", userId);
    const fields = readFields("save: set", input.set, input.remove);
    if (!isSessionId(id) || endings.isPending(id)) return { state: "gone" };
    // What was written elsewhere has version 1 from the moment on at which it is ours.
    const patch = { id, base: Math.max(1, base), mode, ...fields, userId, idleMs };
    const reply = await core.onOurs(id, idleMs, () => store.save(patch));
    copies.drop(id);
    if (reply.state === "full") throw tooLarge(reply);
    if (reply.state === "conflict") return reply;
    if (reply.state !== "saved") return gone(reply);
    await core.endBeyond(reply.beyond);
    return { state: "saved", version: reply.version, expiresAtMs: reply.expiresAtMs };
  }

  return {
    save,
    async create(id, { data, userId, idleMs, absoluteMs }) {
      checkSessionId("create: id", id);
      checkLifeMs("create: idleMs", idleMs);
      if (absoluteMs !== undefined) checkLifeMs("create: absoluteMs", absoluteMs);
      if (userId !== undefined) checkUserId("create: userId", userId);
      const { set } = readFields("create: data", data);
      if (endings.isPending(id)) return { state: "ended" };
      const input = { id, fields: set, userId, idleMs, absoluteMs, isForeign: false };
      const reply = await store.create(input);
      if (reply.state !== "created") return { state: reply.state };
      await core.endBeyond(reply.beyond);
      return { state: "created", version: reply.version, expiresAtMs: reply.expiresAtMs };
    },
  };
}
