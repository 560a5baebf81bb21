import { refuseUnknown } from "../base/check.ts";
import { doorAudienceCases } from "./door-audience-cases.ts";
import { doorBodyCases } from "./door-body-cases.ts";
import { doorChangeCases } from "./door-change-cases.ts";
import { doorFailureCases } from "./door-failure-cases.ts";
import { doorHitCases } from "./door-hit-cases.ts";
import { siteOf } from "./door-site.ts";
import type { DoorPlan, OpenDoor, DoorCase } from "./door-site.ts";
import type { Runner } from "./run-cases.ts";

/** What the suite of doors is run with. */
export interface DoorSuiteOptions {
  readonly test: Runner;
  /** Starts an application in the framework under test, over an empty ground. Resolves when it listens and has heard from it. */
  readonly open: (plan: DoorPlan) => Promise<OpenDoor>;
  /** Sentences that this door cannot keep, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

/**
 * Gives a runner one test for each sentence that cached routes keep in every framework. It speaks HTTP only.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function doorSuite({ test, open, skip = {} }: DoorSuiteOptions): void {
  const cases = [
    ...doorHitCases,
    ...doorChangeCases,
    ...doorAudienceCases,
    ...doorBodyCases,
    ...doorFailureCases,
  ];
  refuseUnknown(
    "doorSuite: skip",
    skip,
    cases.map(([sentence]) => sentence),
  );
  for (const [sentence, run] of cases) {
    const work = () => runOne(open, run);
    const reason = skip[sentence];
    if (reason === undefined) test(sentence, work);
    else test.skip?.(`${sentence} (skipped: ${reason})`, work);
  }
}

async function runOne(open: DoorSuiteOptions["open"], run: DoorCase[1]): Promise<void> {
  const opened: OpenDoor[] = [];
  try {
    await run(async (plan) => {
      const door = await open(plan);
      opened.push(door);
      return siteOf(door);
    });
  } finally {
    await Promise.all(opened.map((door) => door.close()));
  }
}
