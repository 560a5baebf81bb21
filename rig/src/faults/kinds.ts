import type { FaultKind } from "./fault-kind.ts";
import { NETWORK_FAULTS } from "./network-faults.ts";
import { NODE_FAULTS } from "./node-faults.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import { SERVER_FAULTS } from "./server-faults.ts";

/** Everything that may befall a run, by name. */
const FAULTS = { ...REDIS_FAULTS, ...SERVER_FAULTS, ...NETWORK_FAULTS, ...NODE_FAULTS };

/** The name of a fault. */
export type FaultName = keyof typeof FAULTS;

/** All names. */
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

/** What is known of a fault. */
export function kindOf(name: FaultName): FaultKind {
  return FAULTS[name];
}

/** Reads `"freeze-long,cut-one"`; nothing stands for all. Throws an error naming what it does not know. */
export function parseKinds(text: string | undefined): readonly FaultName[] {
  if (text === undefined) return FAULT_NAMES;
  return text.split(",").map((name) => {
    const known = FAULT_NAMES.find((one) => one === name);
    if (known) return known;
    throw new Error(`no fault ${JSON.stringify(name)}; there are ${FAULT_NAMES.join(", ")}`);
  });
}
