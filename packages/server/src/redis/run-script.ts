import { isLiveError } from "@livecache/wire";
import { SCRIPTS } from "./scripts.gen.ts";
import type { Reply, Send, SendOptions } from "./wire.ts";

/** What a script is run with. Numbers are written in decimal. */
export interface ScriptCall {
  readonly keys: readonly string[];
  readonly args?: readonly (string | number | Uint8Array)[];
  readonly options?: SendOptions;
}

/** Makes every script known to the server, so that commands sent in one go are carried out in that order from the first. */
export async function loadScripts(send: Send): Promise<void> {
  await Promise.all(
    Object.values(SCRIPTS).map(({ source }) => send(["SCRIPT", "LOAD", source], { always: true })),
  );
}

/** Runs a script by its digest; a server that has forgotten it is sent its text. */
export async function runScript(send: Send, name: keyof typeof SCRIPTS, call: ScriptCall): Promise<Reply> {
  const { sha1, source } = SCRIPTS[name];
  const { keys, args = [], options } = call;
  const rest = [String(keys.length), ...keys, ...args.map(toArgument)];
  try {
    return await send(["EVALSHA", sha1, ...rest], options);
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return send(["EVAL", source, ...rest], options);
  }
}

function toArgument(value: string | number | Uint8Array): string | Buffer {
  if (typeof value === "string") return value;
  return typeof value === "number"
    ? String(value)
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function isUnknownScript(error: unknown): boolean {
  return isLiveError(error) && error.cause instanceof Error && error.cause.message.startsWith("NOSCRIPT");
}
