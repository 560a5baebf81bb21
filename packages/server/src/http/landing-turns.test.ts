import { expect, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import type { Clock } from "../base/clock.ts";
import { createLandingTurns } from "./landing-turns.ts";

/** A clock whose next timer is the test's to fire. */
function createStepClock() {
  const due: (() => void)[] = [];
  const clock: Clock = {
    ...createManualClock(),
    after: (_delayMs, task) => (due.push(task), () => undefined),
  };
  return { clock, step: () => due.splice(0).forEach((task) => task()) };
}

test("16 are answered at once, and 16 in each turn after that, in order", async () => {
  const { clock, step } = createStepClock();
  const turns = createLandingTurns();
  const answered: number[] = [];
  const all = Array.from({ length: 40 }, async (_, index) => {
    await turns.take(clock);
    answered.push(index);
  });
  for (const count of [16, 32, 40]) {
    await Promise.all(all.slice(0, count));
    expect(answered).toEqual(Array.from({ length: count }, (_, index) => index));
    step();
  }
});

test("a turn in which few came is followed by one in which 16 may come again", () => {
  const { clock, step } = createStepClock();
  const turns = createLandingTurns();
  expect(turns.take(clock)).toBeUndefined();
  step();
  const taken = Array.from({ length: 17 }, () => turns.take(clock));
  expect(taken.filter((turn) => turn === undefined)).toHaveLength(16);
});
