import { expect, test } from "vitest";
import { sleep, systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { withDeadline } from "./deadline.ts";
import { createTasks } from "./tasks.ts";

/** A clock whose timers fire when the test says so. */
function handClock(): Clock & { fire(): void; pending(): number } {
  const timers = new Set<() => void>();
  return {
    now: () => 0,
    wall: () => 0,
    after(_delayMs, task) {
      timers.add(task);
      return () => timers.delete(task);
    },
    fire() {
      const due = [...timers];
      timers.clear();
      for (const task of due) task();
    },
    pending: () => timers.size,
  };
}

test("the system clock is monotonic and its timers can be cancelled", async () => {
  let fired = false;
  const cancel = systemClock.after(0, () => (fired = true));
  cancel();
  cancel();
  const before = systemClock.now();
  await sleep(systemClock, 1);
  expect(systemClock.now()).toBeGreaterThan(before);
  expect(fired).toBe(false);
});

test("sleep ends early when its signal is aborted, and leaves no timer", async () => {
  const clock = handClock();
  const abort = new AbortController();
  const slept = sleep(clock, 1_000, abort.signal);
  abort.abort();
  await slept;
  expect(clock.pending()).toBe(0);
  await sleep(clock, 1_000, abort.signal);
});

test("a deadline turns silence into LIVE_GROUND_TIMEOUT, and swallows the late answer", async () => {
  const clock = handClock();
  let fail: (error: Error) => void = () => undefined;
  const waited = withDeadline(clock, new Promise((_, reject) => (fail = reject)), {
    what: "read",
    limitMs: 250,
  });
  clock.fire();
  clock.fire();
  await expect(waited).rejects.toMatchObject({ code: "LIVE_GROUND_TIMEOUT", retryable: true });
  fail(new Error("late"));
  await new Promise((resolve) => setImmediate(resolve));
});

test("an answer that arrives while the loop was blocked still counts", async () => {
  const clock = handClock();
  let answer: (value: number) => void = () => undefined;
  const waited = withDeadline(clock, new Promise<number>((resolve) => (answer = resolve)), {
    what: "read",
    limitMs: 250,
  });
  clock.fire();
  answer(7);
  await expect(waited).resolves.toBe(7);
  expect(clock.pending()).toBe(0);
});

test("an answer in time passes through and leaves no timer", async () => {
  const clock = handClock();
  await expect(withDeadline(clock, Promise.resolve(7), { what: "read", limitMs: 250 })).resolves.toBe(7);
  const failed = withDeadline(clock, Promise.reject(new Error("no")), { what: "read", limitMs: 250 });
  await expect(failed).rejects.toThrow("no");
  expect(clock.pending()).toBe(0);
});

test("tracked work is awaited, also what it starts, and its failure is reported", async () => {
  const errors: unknown[] = [];
  const tasks = createTasks((error) => errors.push(error));
  const order: string[] = [];
  tasks.track(
    Promise.resolve().then(() => {
      order.push("first");
      tasks.track(Promise.resolve().then(() => order.push("second")));
    }),
  );
  tasks.track(Promise.reject(new Error("broken")));
  await tasks.settled();
  expect(order).toEqual(["first", "second"]);
  expect(errors).toEqual([new Error("broken")]);
});
