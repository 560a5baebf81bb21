import { LiveError } from "@livecache/wire";
import type { HostPort } from "./endpoint.ts";
import { damaged } from "./failure.ts";
import type { Send } from "./wire.ts";

/** What a Sentinel says of a primary. */
export interface SentinelAnswer {
  readonly primary: HostPort;
  /** Raised by each failover; 0 where this user may not ask. The highest is the newest. */
  readonly configEpoch: number;
}

/**
 * Asks a Sentinel who is the primary of that name. Rejects with `LIVE_GROUND_REFUSED` when it knows none of that name, or is no Sentinel;
 * and as `send` does.
 */
export async function askSentinel(send: Send, name: string): Promise<SentinelAnswer> {
  const details = send(["SENTINEL", "MASTER", name]).catch(() => undefined);
  const address = await send(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", name]).catch((error: unknown) => {
    throw isNoSentinel(error) ? noSentinel() : error;
  });
  if (address === null) throw unknownName(name);
  return { primary: readPlace(address), configEpoch: readEpoch(await details) };
}

/** The newest of several answers. */
export function newestOf(answers: readonly SentinelAnswer[]): SentinelAnswer | undefined {
  return answers.reduce<SentinelAnswer | undefined>(
    (best, one) => (best && best.configEpoch >= one.configEpoch ? best : one),
    undefined,
  );
}

function readPlace(reply: unknown): HostPort {
  const [host, port] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
  if (typeof host !== "string" || host === "" || !/^\d{1,5}$/.test(String(port))) {
    throw damaged("SENTINEL GET-MASTER-ADDR-BY-NAME", reply);
  }
  return { host, port: Number(port) };
}

/** A map, or names and values in turn. */
function readEpoch(reply: unknown): number {
  const found = Array.isArray(reply)
    ? (reply as readonly unknown[])[reply.indexOf("config-epoch") + 1]
    : (reply as Readonly<Record<string, unknown>> | undefined)?.["config-epoch"];
  const epoch = Number(found);
  return Number.isSafeInteger(epoch) ? epoch : 0;
}

function isNoSentinel(error: unknown): boolean {
  return error instanceof Error && /unknown command/i.test(error.message);
}

function noSentinel(): LiveError {
  const fix =
    "give `sentinels` the addresses of Sentinels (usually port 26379), or the server itself as { host, port }";
  return new LiveError("LIVE_GROUND_REFUSED", `the server is no Sentinel. Fix: ${fix}.`);
}

function unknownName(name: string): LiveError {
  const fix = "give `name` as it stands behind `sentinel monitor` in sentinel.conf";
  return new LiveError("LIVE_GROUND_REFUSED", `the Sentinel knows no primary "${name}". Fix: ${fix}.`);
}
