import type { RealmState } from "./state.ts";

/** How much of each kind a realm holds; kinds without anything are left out. */
export function realmCounts(
  state: Pick<RealmState, "entries" | "leases" | "channels" | "records">,
): Readonly<Record<string, number>> {
  const all = {
    entries: state.entries.size,
    loads: state.leases.size,
    channels: state.channels.size,
    log: state.records.length,
  };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}
