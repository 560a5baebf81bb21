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
import type { SourceCase } from "./source-order-cases.ts";

/** What the contract of `ChangeSource` says of processes that die, logs that lose data, gaps and poison. */
export const sourceLossCases: readonly SourceCase[] = [
  [
    "a process that dies after any change, before it could say so to the source, loses nothing and repeats nothing",
    async (under) => {
      const log = createTakingLog();
      const tags = tagsOf("a", 6);
      await (await openRunning(under, log)).close();
      await commitAll(under, tags);
      for (let round = 0; round < tags.length; round++) {
        const taker = openTaker(under, log, { diesAfter: 1 });
        await eventually("the process is dead", () => taker.isDead());
        await taker.close();
      }
      const last = await openRunning(under, log);
      await commitAll(under, ["last"]);
      await expectTold(log, [...tags, "last"]);
      await last.close();
    },
  ],
  [
    "when the log has lost the place, what was committed since is handed over, or a gap is told",
    async (under) => {
      const log = createTakingLog();
      const first = await openRunning(under, log);
      await commitAll(under, ["a1", "a2"]);
      await expectTold(log, ["a1", "a2"]);
      await first.close();
      await commitAll(under, ["a3"]);
      log.place = undefined;
      const gaps = log.gaps.length;
      const second = await openRunning(under, log);
      await commitAll(under, ["a4"]);
      await eventually("the last is told", () => told(log, ["a4"]).length === 1);
      assert(log.gaps.length > gaps || told(log, ["a3"]).length === 1, "a3 was lost without a word");
      await second.close();
    },
  ],
  [
    "when the log was set back, what it has lost is handed over again, or a gap is told",
    async (under) => {
      const log = createTakingLog();
      const first = await openRunning(under, log);
      await commitAll(under, ["a1", "a2", "a3"]);
      await expectTold(log, ["a1", "a2", "a3"]);
      await first.close();
      log.place = log.changes.find(({ tags }) => tags.includes("a1"))!.place;
      const gaps = log.gaps.length;
      const second = await openRunning(under, log);
      await commitAll(under, ["a4"]);
      await eventually("the last is told", () => told(log, ["a4"]).length === 1);
      assert(log.gaps.length > gaps || told(log, ["a2", "a3"]).length === 4, "what was lost is lost");
      await second.close();
    },
  ],
  [
    "a place that the source cannot go on from is a gap, and it goes on behind that",
    async (under) => {
      if (!under.loseHistory) return;
      const log = createTakingLog();
      const first = await openRunning(under, log);
      await commitAll(under, ["a1"]);
      await expectTold(log, ["a1"]);
      await first.close();
      const gaps = log.gaps.length;
      await under.commit("a2");
      await under.loseHistory();
      const second = await openRunning(under, log);
      await eventually("a gap is told", () => log.gaps.length > gaps);
      assert.equal(log.gaps.length, gaps + 1);
      await commitAll(under, ["a3"]);
      await expectTold(log, ["a1", "a3"]);
      await second.close();
    },
  ],
  [
    "a record of which no change can be made is reported once with its place, and what comes after it is handed over",
    async (under) => {
      const log = createTakingLog();
      const taker = await openRunning(under, log);
      await under.commit("a1");
      await under.commitPoison();
      await under.commit("a2");
      await expectTold(log, ["a1", "a2"]);
      assert.equal(log.poison.length, 1);
      const [{ place, record, error }] = log.poison as [(typeof log.poison)[0]];
      assert(place !== "" && record !== "" && error !== undefined);
      await taker.close();
    },
  ],
  [
    "a source that is to stop before such a record stops there, and begins with it when it is opened again",
    async (under) => {
      const log = createTakingLog();
      const stopping = await openRunning(under, log, { stops: true });
      await under.commit("a1");
      await under.commitPoison();
      await under.commit("a2");
      await eventually("the source has stopped", () => stateOf(stopping) === "stopped");
      assert.deepEqual(told(log, ["a1", "a2"]), ["a1"]);
      await stopping.close();
      const going = await openRunning(under, log);
      await expectTold(log, ["a1", "a2"]);
      assert.equal(log.poison.length, 2);
      assert.equal(log.poison[0]!.place, log.poison[1]!.place);
      await going.close();
    },
  ],
];
