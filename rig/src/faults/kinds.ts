import type { FaultKind } from "./fault-kind.ts";
import { CLUSTER_FAULTS, SENTINEL_FAULTS } from "./failover-faults.ts";
import type { GroundName } from "./grounds.ts";
import { NETWORK_FAULTS } from "./network-faults.ts";
import { NODE_FAULTS } from "./node-faults.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import { SERVER_FAULTS } from "./server-faults.ts";

/** Everything that may befall a run, by name. */
const FAULTS = {
  ...REDIS_FAULTS,
  ...SERVER_FAULTS,
  ...NETWORK_FAULTS,
  ...NODE_FAULTS,
  ...SENTINEL_FAULTS,
  ...CLUSTER_FAULTS,
};

/** The name of a fault. */
export type FaultName = keyof typeof FAULTS;

/** All names. */
const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

/** What is known of a fault. */
export function kindOf(name: FaultName): FaultKind {
  return FAULTS[name];
}

/** The faults of a ground. */
export function faultsOf(ground: GroundName): readonly FaultName[] {
  return FAULT_NAMES.filter((name) => kindOf(name).on?.includes(ground) ?? true);
}

/** Reads `"freeze-long,cut-one"`; nothing stands for all of a ground. Throws an error naming what it does not know. */
export function parseKinds(text: string | undefined, ground: GroundName): readonly FaultName[] {
  const all = faultsOf(ground);
  if (text === undefined) return all;
  return text.split(",").map((name) => {
    const known = all.find((one) => one === name);
    if (known) return known;
    throw new Error(`no fault ${JSON.stringify(name)} of ${ground}; there are ${all.join(", ")}`);
  });
}
