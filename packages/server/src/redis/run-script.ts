import { isLiveError } from "@livecache/wire";
import type { Reply, SendOptions } from "./link.ts";
import { SCRIPTS } from "./scripts.gen.ts";

/** Sends one command and answers its reply; a link's `send`, or a connection that is being set up. */
export type Send = (args: readonly (string | Buffer)[], options?: SendOptions) => Promise<Reply>;

/** What a script is run with. Numbers are written in decimal. */
export interface ScriptCall {
  readonly keys: readonly string[];
  readonly args?: readonly (string | number | Buffer)[];
  readonly bytes?: boolean;
}

/** Runs a script by its digest; a server that does not know it yet is sent its text. */
export async function runScript(send: Send, name: keyof typeof SCRIPTS, call: ScriptCall): Promise<Reply> {
  const { sha1, source } = SCRIPTS[name];
  const args = (call.args ?? []).map((arg) => (typeof arg === "number" ? String(arg) : arg));
  const rest = [String(call.keys.length), ...call.keys, ...args];
  const options = call.bytes ? { bytes: true } : undefined;
  try {
    return await send(["EVALSHA", sha1, ...rest], options);
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return send(["EVAL", source, ...rest], options);
  }
}

function isUnknownScript(error: unknown): boolean {
  const cause = isLiveError(error) ? error.cause : error;
  return cause instanceof Error && cause.message.startsWith("NOSCRIPT");
}
