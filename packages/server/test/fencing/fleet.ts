import { until } from "@livecache/rig";
import { defineContract } from "@livecache/wire";
import { createLive } from "../../src/assembly/create-live.ts";
import type { Ground, Realm } from "../../src/ports/ground.ts";
import { openRedis } from "../../src/redis/open.ts";
import type { RedisAddress } from "../../src/redis/open.ts";
import { onTestFinished } from "../side-by-side.ts";

const anything = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;

const contract = defineContract({
  channels: { "room/:id": { events: { told: anything }, history: { events: 1_000, age: "5m" } } },
});

/** A fault that a node's stores get, so that a test can show that it would find it. */
export type Fault = (realm: Realm) => Partial<Realm>;

/** Opens a node; it ends with the test. Resolves when it follows the log. */
export async function openFleetNode(address: RedisAddress, fault?: Fault) {
  // Beside other tests an answer may take long; nothing here is about deadlines.
  const ground = await openRedis(address, { commandTimeout: "1s", connectTimeout: "20s" });
  const live = createLive({
    ground: fault ? planted(ground, fault) : ground,
    contract,
    authorize: { "room/:id": () => true },
    secret: "0123456789abcdef0123456789abcdef",
    logger: { warn: () => undefined },
  });
  onTestFinished(live.close);
  await until(() => live.door.applied(), { what: "the node follows the log", withinMs: 10_000 });
  return live;
}

/** A node of a fleet. */
export type FleetNode = Awaited<ReturnType<typeof openFleetNode>>;

function planted(ground: Ground, fault: Fault): Ground {
  return {
    ...ground,
    realm(name) {
      const realm = ground.realm(name);
      return { ...realm, ...fault(realm) };
    },
  };
}
