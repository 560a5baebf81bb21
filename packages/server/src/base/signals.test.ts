import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, onTestFinished, test } from "vitest";
import { createSignals } from "./signals.ts";

const told = { changeId: "c1", keys: ["k"], queries: 2, watchers: 3 };

test("a signal goes to the node's own listeners of its kind, until they stop", () => {
  const signals = createSignals("n1");
  const heard: unknown[] = [];
  const stop = signals.listen("told", (what) => void heard.push(what));
  signals.tell("told", told);
  signals.tell("ground", { state: "here" });
  stop();
  stop();
  signals.tell("told", told);
  expect(heard).toEqual([told]);
});

test("a signal goes to the diagnostics channel of its kind, with the node's name", () => {
  const signals = createSignals("n2");
  const heard: unknown[] = [];
  const listener = (signal: unknown): void => void heard.push(signal);
  subscribe("livecache:ground", listener);
  onTestFinished(() => void unsubscribe("livecache:ground", listener));
  signals.tell("ground", { state: "away", cause: "gone" });
  signals.tell("told", told);
  expect(heard).toEqual([{ node: "n2", state: "away", cause: "gone" }]);
});

test("one callback may listen twice, and each stops alone", () => {
  const signals = createSignals("n3");
  let heard = 0;
  const count = (): void => void heard++;
  const stop = signals.listen("told", count);
  signals.listen("told", count);
  stop();
  signals.tell("told", told);
  expect(heard).toBe(1);
});
