import type { ClaimReply, ClaimStore } from "../ports/claim-store.ts";
import { damaged } from "./failure.ts";
import type { Keyspace } from "./keyspace.ts";
import { runScript } from "./run-script.ts";
import type { Send } from "./wire.ts";

/** How a claim's value begins: held by the owner whose name follows, or settled with the result that follows. */
const HELD = "held ";
const DONE = "done ";

/** Claims on work in Redis: one string for each, spread over all slots. */
export function createRedisClaimStore({
  keyspace,
  send,
}: {
  readonly keyspace: Keyspace;
  readonly send: Send;
}): ClaimStore {
  return {
    async claim({ name, owner, holdMs }) {
      const reply = await send([
        "SET",
        keyspace.claim(name),
        HELD + owner,
        "NX",
        "GET",
        "PX",
        String(holdMs),
      ]);
      return readClaim(reply);
    },
    async settle({ name, owner, result, keepMs }) {
      const args = [HELD + owner, DONE + result, keepMs];
      return (await runScript(send, "settle", { keys: [keyspace.claim(name)], args })) === 1;
    },
    async release(name, owner) {
      await runScript(send, "settle", { keys: [keyspace.claim(name)], args: [HELD + owner, "", 0] });
    },
  };
}

/** Reads what stood there before, if anything did. */
function readClaim(reply: unknown): ClaimReply {
  if (reply === null) return { state: "granted" };
  if (typeof reply === "string" && reply.startsWith(HELD)) return { state: "running" };
  if (typeof reply === "string" && reply.startsWith(DONE)) {
    return { state: "done", result: reply.slice(DONE.length) };
  }
  throw damaged("claim", reply);
}
