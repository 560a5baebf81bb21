import { parseSchedule, runFaults } from "@livecache/rig";
import type { FaultFigures } from "@livecache/rig";
import { expect, test } from "vitest";

// Nodes run what is built: run `npx tsc -b` first. `npm run faults` does the same with more faults, for longer.

const FAULTS = `{"seed":11,"nodes":2}
{"atMs":800,"fault":"flushall","node":0,"forMs":200}
{"atMs":2000,"fault":"cut-one","node":1,"forMs":500}
{"atMs":3500,"fault":"lost-replies","node":0,"forMs":600}
{"atMs":5000,"fault":"kill-empty","node":0,"forMs":300}
{"atMs":6800,"fault":"readonly","node":0,"forMs":500}`;

/** What a machine that is busy with other things cannot be to blame for. */
function wrong({ findings }: FaultFigures): readonly string[] {
  const isWrong = (checker: string): boolean => checker !== "deadlines" && checker !== "switching";
  return findings.filter(({ checker }) => isWrong(checker)).map(({ checker, text }) => `${checker}: ${text}`);
}

test("G1 G3 G4 G6 G9 G12: five faults leave nothing to find", { timeout: 180_000 }, async () => {
  const figures = await runFaults({ schedule: parseSchedule(FAULTS), perSecond: 80, calmMs: 3_000 });
  expect(wrong(figures), `histories: ${figures.histories}`).toEqual([]);
  expect(Object.values(figures.faults)).toEqual([1, 1, 1, 1, 1]);
  const { counts, events } = figures;
  // What was not met by the way was not tried.
  for (const met of ["change", "revoke", "read: hit-near", "read: hit-far", "read: ground-away", "calm"]) {
    expect(counts, met).toHaveProperty([met]);
  }
  expect(events.delivered).toBeGreaterThan(50);
});

test("a node that takes no notice of changes is found", { timeout: 180_000 }, async () => {
  const schedule = parseSchedule('{"seed":12,"nodes":2}');
  const figures = await runFaults({ schedule, perSecond: 80, calmMs: 2_000, plant: "ignores-changes" });
  expect(figures.isClean).toBe(false);
  expect(wrong(figures)[0]).toMatch(/^cache: (lease|after|ground|same-node)/);
});
