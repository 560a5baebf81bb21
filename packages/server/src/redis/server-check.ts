import { LiveError } from "@livecache/wire";
import { loadScripts, runScript } from "./run-script.ts";
import type { Send } from "./wire.ts";

const OLDEST_VERSION = 7;

/**
 * Asks a server what it is, before anything is trusted to it, and makes our scripts known to it.
 *
 * Rejects with `LIVE_GROUND_REFUSED` when it is older than version 7, a replica, a Sentinel or part of a cluster, or when this user
 * may not run scripts on keys like `anyKey`; and as `send` does.
 */
export async function checkServer(send: Send, anyKey: string): Promise<void> {
  const hello = (await send(["HELLO"])) as Readonly<Record<"version" | "mode" | "role", string>>;
  const fault = faultOf(hello);
  if (fault) throw new LiveError("LIVE_GROUND_REFUSED", `openRedis: ${fault}`, { details: { ...hello } });
  await loadScripts(send);
  await runScript(send, "probe", { keys: [anyKey] });
}

function faultOf({ version, mode, role }: Readonly<Record<"version" | "mode" | "role", string>>) {
  if (!(Number.parseInt(version, 10) >= OLDEST_VERSION)) {
    return `the server has version ${version}; it needs to be ${OLDEST_VERSION} or newer.`;
  }
  if (mode !== "standalone") return `the server runs as ${mode}; give the address of a standalone server.`;
  if (role !== "master") return "the server is a replica; give the address of the primary.";
  return undefined;
}
