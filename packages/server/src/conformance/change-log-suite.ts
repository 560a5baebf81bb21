import { appendCases } from "./append-cases.ts";
import { channelCases } from "./channel-cases.ts";
import { epochCases } from "./epoch-cases.ts";
import { historyCases } from "./history-cases.ts";
import { judgeCases } from "./judge-cases.ts";
import { runCases } from "./run-cases.ts";
import type { SuiteOptions } from "./run-cases.ts";
import { sourceStepCases } from "./source-step-cases.ts";
import { tailCases } from "./tail-cases.ts";

/**
 * Gives a runner one test for each sentence of the contract of `ChangeLog`, to be run over any ground.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function changeLogSuite(options: SuiteOptions): void {
  const cases = [
    ...appendCases,
    ...tailCases,
    ...judgeCases,
    ...channelCases,
    ...historyCases,
    ...epochCases,
    ...sourceStepCases,
  ];
  runCases("changeLogSuite", cases, options);
}
