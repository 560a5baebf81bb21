import type { ServerReport } from "@livecache/wire";
import type { Clock } from "../base/clock.ts";
import { readInfo } from "./server-advice.ts";
import type { Send } from "./wire.ts";

const SECTIONS = ["server", "memory", "persistence", "clients", "stats", "replication", "keyspace"];

/** Asks a server what it says of itself; `undefined` when it does not answer. `INFO` walks over no keys. */
export async function askServer(
  send: Send,
  { place, clock }: { readonly place: string; readonly clock: Pick<Clock, "now"> },
): Promise<ServerReport | undefined> {
  const askedAtMs = clock.now();
  try {
    const text = await send(["INFO", ...SECTIONS], { always: true });
    const roundTripMs = Math.round((clock.now() - askedAtMs) * 1_000) / 1_000;
    return { place, roundTripMs, ...reportOf(readInfo(String(text))) };
  } catch {
    return undefined;
  }
}

/** Reads the reply to `INFO`. */
export function reportOf(info: ReadonlyMap<string, string>): Omit<ServerReport, "place" | "roundTripMs"> {
  const number = (name: string): number | undefined => {
    const value = Number(info.get(name) || Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const product = info.has("valkey_version") ? "valkey" : "redis";
  const seconds = { uptimeMs: number("uptime_in_seconds"), savedAtMs: number("rdb_last_save_time") };
  const found: Record<keyof Omit<ServerReport, "place" | "roundTripMs" | "product">, unknown> = {
    version: info.get("valkey_version") ?? info.get("redis_version"),
    role: info.get("role"),
    mode: info.get("redis_mode") ?? info.get("server_mode"),
    uptimeMs: seconds.uptimeMs && seconds.uptimeMs * 1_000,
    savedAtMs: seconds.savedAtMs && seconds.savedAtMs * 1_000,
    usedBytes: number("used_memory"),
    maxBytes: number("maxmemory"),
    policy: info.get("maxmemory_policy"),
    fragmentation: number("mem_fragmentation_ratio"),
    evicted: number("evicted_keys"),
    expired: number("expired_keys"),
    clients: number("connected_clients"),
    commandsPerSecond: number("instantaneous_ops_per_sec"),
    replicas: number("connected_slaves"),
    keys: keysOf(info),
    appendOnly: info.has("aof_enabled") ? info.get("aof_enabled") === "1" : undefined,
  };
  const known = Object.entries(found).filter(([, value]) => value !== undefined);
  return { product, ...Object.fromEntries(known) };
}

/** `db0:keys=12,expires=3,…` for each database that has any. */
function keysOf(info: ReadonlyMap<string, string>): number | undefined {
  if (!info.has("redis_version") && !info.has("valkey_version")) return undefined;
  let sum = 0;
  for (const [name, value] of info) {
    if (/^db\d+$/.test(name)) sum += Number(/keys=(\d+)/.exec(value)?.[1] ?? 0);
  }
  return sum;
}
