import { presenceCases } from "./presence-cases.ts";
import { presenceLeaseCases } from "./presence-lease-cases.ts";
import { runCases } from "./run-cases.ts";
import type { SuiteOptions } from "./run-cases.ts";

/**
 * Gives a runner one test for each sentence of the contract of `PresenceStore`, to be run over any ground.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function presenceStoreSuite(options: SuiteOptions): void {
  runCases("presenceStoreSuite", [...presenceCases, ...presenceLeaseCases], options);
}
