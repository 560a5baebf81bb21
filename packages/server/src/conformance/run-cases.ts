import { refuseUnknown } from "../base/check.ts";
import type { Realm } from "../ports/ground.ts";
import { withPatience } from "./eventually.ts";

/** The `test` of a test runner, such as that of vitest or `node:test`. */
export interface Runner {
  (name: string, run: () => Promise<void>): unknown;
  /** Notes a test that does not run. A runner without it is told nothing of skipped tests. */
  skip?(name: string, run: () => Promise<void>): unknown;
}

/** A ground under test. It goes by the machine's own clock. */
export interface ConformanceGround {
  realm(name: string): Realm;
  close(): Promise<void>;
  /** Reads back what the ground holds, and rejects when something is there that should not be. Called after each test. */
  invariants?(): Promise<void>;
  /** Makes the ground lose what it knows of a tag, as eviction does. */
  forgetTag?(realm: string, tag: string): Promise<void>;
  /** Puts bytes of no entry where a key's entry would stand. The answer says whether they are still there. */
  plantBytes?(realm: string, key: string, bytes: Uint8Array): Promise<() => Promise<boolean>>;
}

/** What a suite is run with. */
export interface SuiteOptions {
  readonly test: Runner;
  /** Opens an empty ground; called for every test, which closes it. */
  readonly open: () => Promise<ConformanceGround>;
  /** Names of tests that this ground cannot run, each with the reason. */
  readonly skip?: Readonly<Record<string, string>>;
  /** Longest that a test waits for any one thing, in ms. Default 8 s; less for grounds in which something never comes. */
  readonly withinMs?: number;
}

/** One sentence of a port's contract, and the test of it. */
export type Case = readonly [sentence: string, run: (ground: ConformanceGround) => Promise<void>];

/**
 * Hands every case to the runner.
 *
 * @throws LiveError `LIVE_OPTIONS_INVALID` when `skip` names a test that there is not
 */
export function runCases(suite: string, cases: readonly Case[], options: SuiteOptions): void {
  const { test, open, skip = {}, withinMs } = options;
  refuseUnknown(
    `${suite}: skip`,
    skip,
    cases.map(([sentence]) => sentence),
  );
  for (const [sentence, run] of cases) {
    const work = () => withPatience(withinMs, () => runOne(open, run));
    const reason = skip[sentence];
    if (reason === undefined) test(sentence, work);
    else test.skip?.(`${sentence} (skipped: ${reason})`, work);
  }
}

async function runOne(open: SuiteOptions["open"], run: Case[1]): Promise<void> {
  const ground = await open();
  try {
    await run(ground);
    await ground.invariants?.();
  } finally {
    await ground.close();
  }
}
