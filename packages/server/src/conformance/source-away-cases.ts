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
} from "./source-acts.ts";
import type { SourceCase } from "./source-order-cases.ts";

/** What the contract of `ChangeSource` says of a log or a source that is away, and of closing. */
export const sourceAwayCases: readonly SourceCase[] = [
  [
    "while the log is away nothing is lost: it is handed over in order when the log is back",
    async (under) => {
      const log = createTakingLog();
      const taker = await openRunning(under, log);
      const release = taker.holdBack();
      const tags = tagsOf("a", 20);
      await commitAll(under, tags);
      assert.equal(log.changes.length, 0);
      release();
      await expectTold(log, tags);
      await taker.close();
    },
  ],
  [
    "while the source is away that is told, and what is committed meanwhile or later is handed over when it is back",
    async (under) => {
      if (!under.cut) return;
      const log = createTakingLog();
      const taker = await openRunning(under, log);
      await under.commit("a1");
      await expectTold(log, ["a1"]);
      const restore = await under.cut();
      await eventually("it is told that it is away", () => stateOf(taker) === "away");
      await restore();
      await under.commit("a2");
      await expectTold(log, ["a1", "a2"]);
      await eventually("it is told that it runs", () => stateOf(taker) === "running");
      await taker.close();
    },
  ],
  [
    "a source that is away when it is opened is tried until it is there",
    async (under) => {
      if (!under.cut) return;
      const log = createTakingLog();
      const restore = await under.cut();
      const taker = openTaker(under, log);
      await eventually("it is told that it is away", () => stateOf(taker) === "away");
      await restore();
      await eventually("it runs", () => stateOf(taker) === "running");
      await under.commit("a1");
      await expectTold(log, ["a1"]);
      await taker.close();
    },
  ],
  [
    "closing ends it at any moment, twice if you like, and nothing is handed over after it",
    async (under) => {
      const log = createTakingLog();
      const atOnce = openTaker(under, log);
      await Promise.all([atOnce.close(), atOnce.close()]);
      const taker = await openRunning(under, log);
      taker.holdBack();
      await under.commit("a1");
      await taker.close();
      const { length } = log.changes;
      const news = taker.news.length;
      const other = createTakingLog();
      other.place = log.place;
      const next = await openRunning(under, other);
      await expectTold(other, ["a1"]);
      assert.deepEqual([log.changes.length, taker.news.length], [length, news]);
      await next.close();
    },
  ],
];
