import { refuseUnknown } from "../base/check.ts";
import type { Runner } from "./run-cases.ts";
import type { SourceUnderTest } from "./source-acts.ts";
import { sourceAwayCases } from "./source-away-cases.ts";
import { sourceLossCases } from "./source-loss-cases.ts";
import { sourceOrderCases } from "./source-order-cases.ts";

/** What the suite of sources is run with. */
export interface ChangeSourceSuiteOptions {
  readonly test: Runner;
  /** Makes a source with nothing in it; called for every test, which closes it. */
  readonly open: () => Promise<SourceUnderTest>;
  /** Names of tests that this source cannot run, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

/**
 * Gives a runner one test for each sentence of the contract of `ChangeSource`.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function changeSourceSuite({ test, open, skip = {} }: ChangeSourceSuiteOptions): void {
  const cases = [...sourceOrderCases, ...sourceLossCases, ...sourceAwayCases];
  refuseUnknown(
    "changeSourceSuite: skip",
    skip,
    cases.map(([sentence]) => sentence),
  );
  for (const [sentence, run] of cases) {
    const work = async (): Promise<void> => {
      const under = await open();
      try {
        await run(under);
      } finally {
        await under.close();
      }
    };
    const reason = skip[sentence];
    if (reason === undefined) test(sentence, work);
    else test.skip?.(`${sentence} (skipped: ${reason})`, work);
  }
}
