import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import { createTasks } from "../base/tasks.ts";
import { createKeepWarming } from "./keep-warm.ts";
import type { KeepWarmOptions } from "./keep-warm.ts";
import type { WarmOptions, WarmSummary } from "./warm.ts";

const SUMMARY: WarmSummary = {
  ...{ done: 2, loaded: 1, alreadyThere: 1, notStored: 0, failed: 0 },
  ...{ aborted: false, ms: 1, failures: [] },
};

/** What keeps warm, over runs that the test ends. */
function open(options: Partial<KeepWarmOptions> = {}, outcome: WarmSummary = SUMMARY) {
  const clock = createManualClock();
  const closing = new AbortController();
  const faults: unknown[] = [];
  const warned: string[] = [];
  const tasks = createTasks((error) => void faults.push(error));
  const runs: { readonly options: WarmOptions; readonly end: () => void }[] = [];
  const ground = { isHere: true, come: (): void => undefined };
  const parts = {
    ...{ clock, tasks, signal: closing.signal },
    warn: (message: string) => void warned.push(message),
    whenHere: () => (ground.isHere ? Promise.resolve() : new Promise<void>((come) => (ground.come = come))),
    warm: (_items: unknown, warmOptions: unknown) =>
      new Promise<WarmSummary>((resolve) => {
        const given = warmOptions as WarmOptions;
        given.signal?.addEventListener("abort", () => resolve({ ...outcome, aborted: true }));
        runs.push({ options: given, end: () => resolve(outcome) });
      }),
  };
  const kept = createKeepWarming(parts).keepWarm({ items: () => [], ...options });
  return { kept, clock, closing, tasks, runs, faults, warned, ground };
}

test("it runs at the start, and again a pause after the end of each run", async () => {
  const done: WarmSummary[] = [];
  const onDone = (summary: WarmSummary): void => void done.push(summary);
  const { clock, runs } = open({ every: "5m", jitter: 0, concurrency: 7, onDone });
  await turn();
  expect(runs).toHaveLength(1);
  expect(runs[0]!.options).toMatchObject({ concurrency: 7 });
  clock.advance(3_600_000);
  await turn();
  expect(runs).toHaveLength(1);
  runs[0]!.end();
  await turn();
  expect(done).toEqual([SUMMARY]);
  clock.advance(299_999);
  await turn();
  expect(runs).toHaveLength(1);
  clock.advance(1);
  await turn();
  expect(runs).toHaveLength(2);
});

test("without atStart it waits a pause first, which jitter only shortens", async () => {
  const { clock, runs } = open({ every: "100s", jitter: 0.5, atStart: false });
  clock.advance(49_999);
  await turn();
  expect(runs).toHaveLength(0);
  clock.advance(50_001);
  await turn();
  expect(runs).toHaveLength(1);
});

test("run joins the run under way, and the pause counts from its end", async () => {
  const { kept, clock, runs } = open({ every: "10s", jitter: 0, atStart: false });
  const both = Promise.all([kept.run(), kept.run()]);
  await turn();
  expect(runs).toHaveLength(1);
  clock.advance(60_000);
  await turn();
  expect(runs).toHaveLength(1);
  runs[0]!.end();
  expect(await both).toEqual([SUMMARY, SUMMARY]);
  clock.advance(10_000);
  await turn();
  expect(runs).toHaveLength(2);
});

test("runs by schedule wait for the ground, a run by hand does not", async () => {
  const { kept, runs, ground } = open({ atStart: false });
  ground.isHere = false;
  void kept.run();
  await turn();
  expect(runs).toHaveLength(1);

  const later = open({ every: "1s", jitter: 0, atStart: false });
  later.ground.isHere = false;
  later.clock.advance(1_000);
  await turn();
  expect(later.runs).toHaveLength(0);
  later.ground.come();
  await turn();
  expect(later.runs).toHaveLength(1);
});

test("stop and close end the run under way and begin no more", async () => {
  for (const way of ["stop", "close"] as const) {
    const { kept, clock, closing, tasks, runs } = open({ every: "1s", jitter: 0 });
    await turn();
    if (way === "stop") await kept.stop();
    else closing.abort();
    await tasks.settled();
    expect(runs[0]!.options.signal?.aborted).toBe(true);
    clock.advance(60_000);
    await turn();
    expect(runs).toHaveLength(1);
  }
});

test("a run that cannot begin is reported, and the next one comes", async () => {
  let calls = 0;
  const items = () => {
    if (++calls === 1) throw new Error("no database yet");
    return [];
  };
  const { clock, runs, faults } = open({ every: "1s", jitter: 0, items });
  await turn();
  expect(faults).toMatchObject([{ message: "no database yet" }]);
  clock.advance(1_000);
  await turn();
  expect(runs).toHaveLength(1);
});

test("failed items are told to the logger when nobody listens", async () => {
  const { runs, warned } = open({}, { ...SUMMARY, failed: 2, failures: [{ key: "k", error: 1 }] });
  await turn();
  runs[0]!.end();
  await turn();
  expect(warned).toEqual(["warming: 2 of 2 items failed"]);
});

test("pauses of 1 s to 7 d are accepted, and other options refused", async () => {
  for (const every of ["1s", "7d", "veryLong"] as const) {
    expect(() => open({ every, atStart: false })).not.toThrow();
  }
  for (const every of ["999ms", "8d"] as const) {
    expect(() => open({ every, atStart: false })).toThrow(/every: expected a duration from 1s to 7d/);
  }
  for (const jitter of [-0.1, 0.51, NaN]) expect(() => open({ jitter })).toThrow(/share from 0 to 0.5/);
  for (const jitter of [0, 0.5]) expect(() => open({ jitter, atStart: false })).not.toThrow();
  expect(() => open({ items: [] as never })).toThrow(/items: expected a function/);
  expect(() => open({ atStart: "no" as never })).toThrow(/atStart: expected true or false/);
  expect(() => open({ onDone: 1 as never })).toThrow(/onDone: expected a function/);
  expect(() => open({ evry: "1s" } as never)).toThrow(/Did you mean "every"/);
});
