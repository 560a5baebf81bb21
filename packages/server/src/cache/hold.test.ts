import { LiveError } from "@livecache/wire";
import { expect, test } from "vitest";
import { createTasks } from "../base/tasks.ts";
import { holdRight } from "./hold.ts";

const GRANT = { lease: "l", position: { epoch: "e", seq: 1 } };

/** A clock in hand, and a store that answers as the test says. */
function open(answer: () => Promise<boolean>, signal = new AbortController().signal) {
  const timers = new Map<() => void, number>();
  const extended: number[] = [];
  const clock = {
    ms: 0,
    now: () => clock.ms,
    wall: () => clock.ms,
    after(delayMs: number, task: () => void) {
      timers.set(task, clock.ms + delayMs);
      return () => void timers.delete(task);
    },
  };
  const store = {
    extend(_key: string, _lease: string, leaseMs: number) {
      expect(leaseMs).toBe(900);
      extended.push(clock.ms);
      return answer();
    },
  };
  const parts = { store, clock, signal, tasks: createTasks(() => undefined) };
  const end = holdRight({ ...parts, loadLeaseMs: 900, maxLoadHeldMs: 10_000 } as never, "k", GRANT);
  async function pass(forMs: number): Promise<void> {
    const untilMs = clock.ms + forMs;
    for (;;) {
      const [task, atMs] = [...timers].sort(([, a], [, b]) => a - b)[0] ?? [undefined, Infinity];
      if (!task || atMs > untilMs) break;
      clock.ms = atMs;
      timers.delete(task);
      task();
      await new Promise((resolve) => setImmediate(resolve));
    }
    clock.ms = untilMs;
  }
  return { extended, pass, end, timers };
}

test("a right is extended three times a lease while its holder loads, and not once it has loaded", async () => {
  const { extended, pass, end, timers } = open(async () => true);
  await pass(299);
  expect(extended).toEqual([]);
  await pass(700);
  expect(extended).toEqual([300, 600, 900]);
  end();
  await pass(5_000);
  expect([extended.length, timers.size]).toEqual([3, 0]);
});

test("a load that hangs holds its right for 10 s and no longer", async () => {
  const { extended, pass, timers } = open(async () => true);
  await pass(60_000);
  expect(extended.at(-1)! + 900).toBeLessThanOrEqual(10_000);
  expect(extended.at(-1)! + 900).toBeGreaterThan(9_000);
  expect(timers.size).toBe(0);
});

test("a right that has passed on is left alone; a ground that does not answer is asked again", async () => {
  const lost = open(async () => false);
  await lost.pass(5_000);
  expect(lost.extended).toEqual([300]);
  const away = open(() => Promise.reject(new LiveError("LIVE_GROUND_AWAY", "away")));
  await away.pass(1_000);
  expect(away.extended).toEqual([300, 600, 900]);
  const closed = open(async () => true, AbortSignal.abort());
  await closed.pass(1_000);
  expect(closed.extended).toEqual([]);
});
