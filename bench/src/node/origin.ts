import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "redis";
import { payloadMaker } from "../subject/payload.ts";

/** How the origin behind a contestant behaves. */
export interface OriginSetting {
  readonly valueBytes: number;
  /** How long a load takes. With a number, loads are counted and versions kept in Redis, for all processes. */
  readonly loadMs?: number | undefined;
  readonly redisUrl: string;
}

/** What contestants load from. */
export interface Origin {
  readonly load: (key: string) => Promise<unknown>;
  /** Loads that this process has made. */
  readonly loads: () => number;
  /** What `load` answers for a key whose version is `version`. */
  readonly expected: (key: string, version?: number) => unknown;
  /** Changes what all processes' loads of the key answer from now on; answers the new version. */
  readonly renew: (key: string) => Promise<number>;
  readonly close: () => void;
}

/** Where the shared count and version of a key are kept. */
export function originKeys(key: string): { readonly loads: string; readonly version: string } {
  return { loads: `origin-loads/${key}`, version: `origin-version/${key}` };
}

/** Opens the origin of one process. It has a connection of its own, so that it does not wait behind a contestant's commands. */
export async function openOrigin({ valueBytes, loadMs, redisUrl }: OriginSetting): Promise<Origin> {
  const make = payloadMaker(valueBytes);
  const client = loadMs === undefined ? undefined : await createClient({ url: redisUrl }).connect();
  let loads = 0;

  async function loadShared(key: string): Promise<unknown> {
    loads++;
    const keys = originKeys(key);
    const [, version] = await Promise.all([client!.incr(keys.loads), client!.get(keys.version)]);
    if (loadMs) await pause(loadMs);
    return make(key, Number(version ?? 0));
  }

  async function loadMade(key: string): Promise<unknown> {
    loads++;
    return make(key);
  }

  return {
    load: client ? loadShared : loadMade,
    loads: () => loads,
    expected: make,
    async renew(key) {
      if (!client) throw new Error("an origin without loadMs has no versions");
      return client.incr(originKeys(key).version);
    },
    close: () => client?.destroy(),
  };
}
