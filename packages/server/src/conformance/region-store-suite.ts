import { afterClosing } from "./closing.ts";
import { mainRealm } from "./acts.ts";
import { regionCases } from "./region-cases.ts";
import { runCases } from "./run-cases.ts";
import type { Case, SuiteOptions } from "./run-cases.ts";

const closing: Case = [
  "calls on their way when the ground closes answer or say so, and later ones say so",
  async (ground) => {
    const { regionStore } = mainRealm(ground);
    const member = { node: "n", connection: "s" };
    await regionStore.renew({ node: "n", leaseMs: 60_000, begins: true });
    await afterClosing(ground, {
      renew: () => regionStore.renew({ node: "n", leaseMs: 60_000, begins: false }),
      move: () => regionStore.move({ member, from: undefined, to: "ttngkc", sequence: 1, userId: undefined }),
      members: () => regionStore.members(["ttngkc"], 10),
      count: () => regionStore.count(["", "ttngkc"]),
      counts: () => regionStore.counts([""]),
      find: () => regionStore.find("s"),
      reap: () => regionStore.reap("m"),
      retire: () => regionStore.retire("m"),
    });
  },
];

/**
 * Gives a runner one test for each sentence of the contract of `RegionStore`, to be run over any ground.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function regionStoreSuite(options: SuiteOptions): void {
  runCases("regionStoreSuite", [...regionCases, closing], options);
}
