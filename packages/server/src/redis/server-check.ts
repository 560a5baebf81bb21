import { LiveError } from "@livecache/wire";
import { loadScripts, runScript } from "./run-script.ts";
import type { Send } from "./wire.ts";

const OLDEST_VERSION = 7;

/** What a server says of itself. */
export interface Hello {
  readonly version: string;
  readonly mode: string;
  readonly role: string;
}

/** What is expected of a server. */
export interface Expected {
  /** How it is to run. */
  readonly mode: "standalone" | "cluster";
  /** Any key of ours that the server is in charge of; without one, it is not tried whether we may use our keys. */
  readonly anyKey: string | undefined;
}

/** Asks a server what it is. */
export async function readHello(send: Send): Promise<Hello> {
  return (await send(["HELLO"], { always: true })) as Hello;
}

/**
 * Asks a server what it is, before anything is trusted to it, and makes our scripts known to it.
 *
 * Rejects with `LIVE_GROUND_REFUSED` when it is older than version 7, a replica, or runs otherwise than expected, or when this user
 * may not run scripts on keys like `anyKey`; and as `send` does.
 */
export async function checkServer(send: Send, { mode, anyKey }: Expected): Promise<void> {
  const hello = await readHello(send);
  const fault = faultOf(hello, mode);
  if (fault) throw new LiveError("LIVE_GROUND_REFUSED", `openRedis: ${fault}`, { details: { ...hello } });
  await loadScripts(send);
  if (anyKey !== undefined) await runScript(send, "probe", { keys: [anyKey] });
}

const HOW: Readonly<Record<string, string>> = {
  cluster: "the server is part of a cluster. Fix: openRedis({ cluster: [{ host, port }] }).",
  sentinel: "the server is a Sentinel. Fix: openRedis({ sentinels: [{ host, port }], name }).",
  standalone: "the server is not part of a cluster. Fix: openRedis({ host, port }), or its URL.",
};

function faultOf({ version, mode, role }: Hello, expected: Expected["mode"]): string | undefined {
  if (mode === "sentinel") return HOW["sentinel"];
  if (!(Number.parseInt(version, 10) >= OLDEST_VERSION)) {
    return `the server has version ${version}. Fix: use Redis ${OLDEST_VERSION} or newer, or Valkey.`;
  }
  if (mode !== expected) return HOW[mode] ?? `the server runs as ${mode}.`;
  if (role !== "master" && expected === "standalone") {
    return "the server is a replica. Fix: give the address of the primary, or of Sentinels that know it.";
  }
  return undefined;
}
