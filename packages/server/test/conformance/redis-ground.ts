import { startRedis } from "@livecache/rig";
import type { RedisProcess } from "@livecache/rig";
import { randomWord } from "../../src/base/ids.ts";
import type { ConformanceGround } from "../../src/conformance/suites.ts";
import type { Ground } from "../../src/ports/ground.ts";
import { createKeyspace } from "../../src/redis/keyspace.ts";
import { openRedis } from "../../src/redis/open.ts";
import { openInspector } from "./inspector.ts";
import type { Inspector } from "./inspector.ts";

/** Deadlines and bounds are tested elsewhere; many tests at once on one ground must not fail by them. */
export const PATIENT = { commandTimeout: "2s", maxInFlight: 10_000 } as const;

let shared: { readonly server: RedisProcess; readonly inspector: Inspector } | undefined;

/** Starts the one Redis that the tests of a file share. */
export async function startServer(): Promise<void> {
  const server = await startRedis();
  shared = { server, inspector: await openInspector(server.url) };
}

/** Ends it. */
export async function stopServer(): Promise<void> {
  shared?.inspector.close();
  await shared?.server.close();
  shared = undefined;
}

/** Opens a ground in the shared server, under a prefix that no other test uses. */
export async function openRedisUnderTest(): Promise<ConformanceGround> {
  if (!shared) throw new Error("startServer has not been called");
  const { server, inspector } = shared;
  const prefix = randomWord(8);
  const ground = await openRedis(server.url, { ...PATIENT, prefix });
  return underTest(ground, { prefix, inspector });
}

/** A ground under test, and what the suites do to its data behind its back. */
export function underTest(
  ground: Ground,
  { prefix, inspector }: { readonly prefix: string; readonly inspector: Inspector },
): ConformanceGround {
  const keysOf = (realm: string) => createKeyspace({ prefix, database: 0, realm });
  return {
    realm: ground.realm,
    invariants: () => inspector.check(prefix),
    async forgetTag(realm, tag) {
      await inspector.client.del(keysOf(realm).tag(tag));
    },
    async plantBytes(realm, key, bytes) {
      const entry = keysOf(realm).entry(key);
      await inspector.client.set(entry, Buffer.from(bytes), { expiration: { type: "EX", value: 60 } });
      return async () => (await inspector.client.exists(entry)) === 1;
    },
    close: ground.close,
  };
}
