import { revocationCases } from "./revocation-cases.ts";
import { runCases } from "./run-cases.ts";
import type { SuiteOptions } from "./run-cases.ts";

/**
 * Gives a runner one test for each sentence of the contract of `RevocationStore`, to be run over any ground.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function revocationStoreSuite(options: SuiteOptions): void {
  runCases("revocationStoreSuite", revocationCases, options);
}
