import { runCases } from "./run-cases.ts";
import type { SuiteOptions } from "./run-cases.ts";
import { sessionCases } from "./session-cases.ts";

/**
 * Gives a runner one test for each sentence of the contract of `SessionStore`, to be run over any ground.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function sessionStoreSuite(options: SuiteOptions): void {
  runCases("sessionStoreSuite", sessionCases, options);
}
