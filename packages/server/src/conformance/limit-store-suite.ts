import { limitCases } from "./limit-cases.ts";
import { runCases } from "./run-cases.ts";
import type { SuiteOptions } from "./run-cases.ts";

/**
 * Gives a runner one test for each sentence of the contract of `LimitStore`, to be run over any ground.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function limitStoreSuite(options: SuiteOptions): void {
  runCases("limitStoreSuite", limitCases, options);
}
