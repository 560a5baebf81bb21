import { expect, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import { createSlicedWork } from "./sliced-work.ts";

/** A clock, work of which each step takes a millisecond, and what was done. */
function start() {
  const clock = createManualClock();
  const done: string[] = [];
  const errors: unknown[] = [];
  let spentMs = 0;
  const timed = { ...clock, now: () => clock.now() + spentMs };
  const work = createSlicedWork(timed, (error) => errors.push(error));
  function* steps(name: string, count: number): Generator<void> {
    for (let step = 1; step <= count; step++) {
      spentMs++;
      done.push(`${name}${step}`);
      yield;
    }
  }
  return { clock, work, steps, done, errors };
}

test("what fits into a turn is done at once", () => {
  const { work, steps, done } = start();
  work.add(steps("a", 3));
  expect(done).toEqual(["a1", "a2", "a3"]);
  work.add(steps("b", 1));
  expect(done.at(-1)).toBe("b1");
});

test("what does not is done in later turns, and what comes meanwhile after it", () => {
  const { clock, work, steps, done } = start();
  work.add(steps("a", 7));
  expect(done).toHaveLength(5);
  work.add(steps("b", 2));
  expect(done).toHaveLength(5);
  clock.advance(0);
  expect(done).toEqual(["a1", "a2", "a3", "a4", "a5", "a6", "a7", "b1", "b2"]);
});

test("work that throws ends alone", () => {
  const { work, steps, done, errors } = start();
  work.add(
    (function* (): Generator<void> {
      work.add(steps("b", 2));
      yield;
      throw new Error("broken");
    })(),
  );
  expect(done).toEqual(["b1", "b2"]);
  expect(errors).toEqual([new Error("broken")]);
});

test("work that is added by work is done", () => {
  const { work, steps, done } = start();
  work.add(
    (function* (): Generator<void> {
      work.add(steps("inner", 1));
      yield;
      done.push("outer");
    })(),
  );
  expect(done).toEqual(["outer", "inner1"]);
});
