import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import {
  commitAll,
  createTakingLog,
  expectTold,
  openRunning,
  openTaker,
  stateOf,
  tagsOf,
  told,
} from "./source-acts.ts";
import type { SourceUnderTest } from "./source-acts.ts";

/** One sentence of the contract of a source, and the test of it. */
export type SourceCase = readonly [sentence: string, run: (under: SourceUnderTest) => Promise<void>];

/** What the contract of `ChangeSource` says of order, of going on, and of being one of many. */
export const sourceOrderCases: readonly SourceCase[] = [
  [
    "what is committed is handed over in order, each change once, with an id and a place of its own",
    async (under) => {
      const log = createTakingLog();
      const taker = await openRunning(under, log);
      const tags = tagsOf("a", 30);
      await commitAll(under, tags);
      await expectTold(log, tags);
      assert.equal(new Set(log.changes.map(({ changeId }) => changeId)).size, log.changes.length);
      assert.equal(new Set(log.changes.map(({ place }) => place)).size, log.changes.length);
      await taker.close();
    },
  ],
  [
    "a source goes on where the log stands: what was committed while nobody had it open is handed over, nothing else again",
    async (under) => {
      const log = createTakingLog();
      const first = await openRunning(under, log);
      await commitAll(under, ["a1", "a2"]);
      await expectTold(log, ["a1", "a2"]);
      await first.close();
      await commitAll(under, ["a3", "a4"]);
      const gaps = log.gaps.length;
      const second = await openRunning(under, log);
      await commitAll(under, ["a5"]);
      await expectTold(log, tagsOf("a", 5));
      assert.equal(log.gaps.length, gaps);
      await second.close();
    },
  ],
  [
    "a transaction that began first and is committed last is not left out",
    async (under) => {
      if (!under.begin) return;
      const log = createTakingLog();
      const taker = await openRunning(under, log);
      const early = await under.begin("early");
      const given = await under.begin("given up");
      await commitAll(under, ["a1", "a2"]);
      await expectTold(log, ["a1", "a2"]);
      await given.rollback();
      await early.commit();
      await commitAll(under, ["a3"]);
      await eventually("the early one is told", () => told(log, ["early"]).length === 1);
      await expectTold(log, ["a1", "a2", "a3"]);
      assert.deepEqual(told(log, ["given up"]), []);
      await taker.close();
    },
  ],
  [
    "of several that open it one hands over, and another goes on when that one is closed",
    async (under) => {
      const log = createTakingLog();
      const first = await openRunning(under, log);
      const second = openTaker(under, log);
      await eventually("the second waits", () => stateOf(second) === "waiting");
      await commitAll(under, ["a1", "a2"]);
      await expectTold(log, ["a1", "a2"]);
      await first.close();
      await eventually("the second runs", () => stateOf(second) === "running");
      await commitAll(under, ["a3"]);
      await expectTold(log, ["a1", "a2", "a3"]);
      await second.close();
    },
  ],
  [
    "a source that was overtaken asks where the log stands, and nothing is lost or handed over twice",
    async (under) => {
      const log = createTakingLog();
      const taker = await openRunning(under, log);
      await commitAll(under, ["a1"]);
      await expectTold(log, ["a1"]);
      taker.overtake();
      await commitAll(under, ["a2", "a3"]);
      await expectTold(log, ["a1", "a2", "a3"]);
      await taker.close();
    },
  ],
];
