import { leaseCases } from "./lease-cases.ts";
import { readCases } from "./read-cases.ts";
import { runCases } from "./run-cases.ts";
import type { SuiteOptions } from "./run-cases.ts";
import { staleCases } from "./stale-cases.ts";
import { storeCases } from "./store-cases.ts";

/**
 * Gives a runner one test for each sentence of the contract of `CacheStore`, to be run over any ground.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function cacheStoreSuite(options: SuiteOptions): void {
  runCases("cacheStoreSuite", [...readCases, ...leaseCases, ...storeCases, ...staleCases], options);
}
