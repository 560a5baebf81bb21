import { expect, test } from "vitest";
import { ManualClock, settle } from "../test/manual-clock.ts";
import { createRefetch } from "./refetch.ts";
import type { RunOutcome } from "./refetch.ts";
import { resolveTiming } from "./timing.ts";

/** A refetch on a manual clock whose runs end when the test says so. */
function rig(chance = 0) {
  const clock = new ManualClock(chance);
  const runs: {
    readonly beganAt: number;
    readonly signal: AbortSignal;
    end(outcome?: RunOutcome): Promise<void>;
  }[] = [];
  const page = { held: false };
  const refetch = createRefetch({
    clock,
    timing: resolveTiming(),
    held: () => page.held,
    run: ({ signal }) =>
      new Promise((resolve) =>
        runs.push({
          beganAt: clock.now(),
          signal,
          async end(outcome = "done") {
            resolve(outcome);
            await settle();
          },
        }),
      ),
  });
  return { clock, runs, page, refetch };
}

test("several askings within the coalescing time lead to one run", async () => {
  const { clock, runs, refetch } = rig();
  refetch.ask(0);
  await clock.advance(10);
  refetch.ask(0);
  refetch.ask(0);
  await clock.advance(1_000);
  expect(runs.map((run) => run.beganAt)).toEqual([20]);
});

test("a steady stream of askings does not put the run off", async () => {
  const { clock, runs, refetch } = rig();
  for (let asked = 0; asked < 10; asked++) {
    refetch.ask(0);
    await clock.advance(5);
  }
  expect(runs[0]?.beganAt).toBe(20);
});

test("a run is spread by a random part of what is asked for", async () => {
  const { clock, runs, refetch } = rig(0.5);
  refetch.ask(300);
  await clock.advance(1_000);
  expect(runs.map((run) => run.beganAt)).toEqual([170]);
});

test("an asking during a run is answered by another run after it", async () => {
  const { clock, runs, refetch } = rig();
  void refetch.now();
  refetch.ask(0);
  await clock.advance(1_000);
  expect(runs).toHaveLength(1);
  await runs[0]!.end();
  await clock.advance(1_000);
  expect(runs).toHaveLength(2);
  await runs[1]!.end();
  await clock.advance(60_000);
  expect(runs).toHaveLength(2);
});

test("an asking during a run that fails waits for the pause like everything else", async () => {
  const { clock, runs, refetch } = rig(1);
  void refetch.now();
  refetch.ask(0);
  await runs[0]!.end("retry");
  await clock.advance(1_000);
  expect(runs.map((run) => run.beganAt)).toEqual([0, 500]);
});

test("a failed run is repeated with growing pauses until one succeeds", async () => {
  const { clock, runs, refetch } = rig(1);
  void refetch.now();
  for (let attempt = 0; attempt < 3; attempt++) {
    await runs[attempt]!.end("retry");
    await clock.advance(10_000);
  }
  await runs[3]!.end();
  await clock.advance(60_000);
  expect(runs.map((run) => run.beganAt)).toEqual([0, 500, 11_000, 22_000]);
});

test("asking during the pause after a failure cuts it short", async () => {
  const { clock, runs, refetch } = rig();
  void refetch.now();
  await runs[0]!.end("retry");
  refetch.ask(0);
  await clock.advance(100);
  expect(runs.map((run) => run.beganAt)).toEqual([0, 20]);
});

test("while held nothing runs, and one run follows the release", async () => {
  const { clock, runs, page, refetch } = rig();
  page.held = true;
  refetch.ask(0);
  await clock.advance(1_000);
  refetch.ask(0);
  await clock.advance(1_000);
  expect(runs).toHaveLength(0);
  page.held = false;
  refetch.release();
  refetch.release();
  expect(runs).toHaveLength(1);
});

test("a release without an asking runs nothing", () => {
  const { runs, refetch } = rig();
  refetch.release();
  expect(runs).toHaveLength(0);
});

test("now() runs at once, also while held, and resolves when its run has ended", async () => {
  const { runs, page, refetch } = rig();
  page.held = true;
  let done = false;
  void refetch.now().then(() => (done = true));
  await settle();
  expect([runs.length, done]).toEqual([1, false]);
  await runs[0]!.end("retry");
  expect(done).toBe(true);
});

test("now() during a run resolves with a run that began after it", async () => {
  const { runs, refetch } = rig();
  const done: string[] = [];
  void refetch.now().then(() => done.push("first"));
  void refetch.now().then(() => done.push("second"));
  await runs[0]!.end();
  expect([runs.length, done]).toEqual([2, ["first"]]);
  await runs[1]!.end();
  expect(done).toEqual(["first", "second"]);
});

test("a restarted run is aborted, and its outcome counts for nothing", async () => {
  const { clock, runs, refetch } = rig();
  let done = false;
  void refetch.now().then(() => (done = true));
  refetch.restart(0);
  expect(runs[0]!.signal.aborted).toBe(true);
  await runs[0]!.end();
  expect([refetch.running, done]).toEqual([false, false]);
  await clock.advance(20);
  await runs[1]!.end();
  expect([runs.length, done]).toEqual([2, true]);
});

test("stopping aborts the run, forgets what was asked and lets callers go", async () => {
  const { clock, runs, refetch } = rig();
  let done = 0;
  void refetch.now().then(() => done++);
  void refetch.now().then(() => done++);
  refetch.ask(0);
  refetch.stop();
  await runs[0]!.end("retry");
  await clock.advance(60_000);
  expect([runs.length, runs[0]!.signal.aborted, done, clock.pending]).toEqual([1, true, 2, 0]);
});
