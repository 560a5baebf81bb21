import { expect, test, vi } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import { createTasks } from "../base/tasks.ts";
import { createProgressTeller } from "./progress-teller.ts";

function start(tell?: () => Promise<void>) {
  const clock = createManualClock();
  const told: string[] = [];
  const failures: unknown[] = [];
  const teller = createProgressTeller({
    clock,
    tasks: createTasks((error) => failures.push(error)),
    async tell({ loaded, done }) {
      told.push(`${clock.now()}: ${loaded}${done ? " done" : ""}`);
      await tell?.();
    },
    onFailed: (error) => failures.push(error),
  });
  /** Lets 10 ms pass, and everything happen that waits for them. */
  async function pass(): Promise<void> {
    clock.advance(10);
    await new Promise(setImmediate);
  }
  return { clock, teller, told, failures, pass };
}

test("of many moves ten a second are told, the first at once and the last always", async () => {
  const { teller, told, pass } = start();
  for (let loaded = 0; loaded < 100; loaded++) {
    teller.move({ id: "a", loaded });
    await pass();
  }
  teller.end({ id: "a", loaded: 100, done: true });
  teller.move({ id: "a", loaded: 101 });
  for (let turn = 0; turn < 20; turn++) await pass();
  expect(told).toHaveLength(12);
  expect(told.slice(0, 3)).toEqual(["0: 0", "100: 9", "200: 19"]);
  expect(told.at(-1)).toBe("1100: 100 done");
});

test("a message that takes its time is waited for, and the newest comes next", async () => {
  let release: () => void = () => undefined;
  const { teller, told, pass } = start(() => new Promise((resolve) => (release = resolve)));
  for (let loaded = 0; loaded < 50; loaded++) {
    teller.move({ id: "a", loaded });
    await pass();
  }
  expect(told).toEqual(["0: 0"]);
  release();
  await vi.waitUntil(() => told.length === 2);
  expect(told[1]).toBe("500: 49");
  release();
});

test("a failure is told once, and disturbs nothing", async () => {
  const { teller, told, failures, pass } = start(() => Promise.reject(new Error("no such whisper")));
  for (let loaded = 0; loaded < 30; loaded++) {
    teller.move({ id: "a", loaded });
    await pass();
  }
  expect(told).toHaveLength(4);
  expect(failures).toEqual([new Error("no such whisper")]);
});
