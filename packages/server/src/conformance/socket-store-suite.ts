import { runCases } from "./run-cases.ts";
import type { SuiteOptions } from "./run-cases.ts";
import { socketCases } from "./socket-cases.ts";

/**
 * Gives a runner one test for each sentence of the contract of `SocketStore`, to be run over any ground.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function socketStoreSuite(options: SuiteOptions): void {
  runCases("socketStoreSuite", socketCases, options);
}
