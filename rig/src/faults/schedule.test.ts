import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { FAULT_NAMES, kindOf, parseKinds } from "./kinds.ts";
import { drawSchedule, formatSchedule, parseSchedule } from "./schedule.ts";

function draw(seed: number) {
  return drawSchedule({ seed, nodes: 4, forMs: 600_000, kinds: FAULT_NAMES, random: seededRandom(seed) });
}

test("equal seeds draw equal schedules, others do not", () => {
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("each kind comes as often as any other, for as long as it may, with calm in between", () => {
  const { steps } = draw(3);
  const counts = FAULT_NAMES.map((name) => steps.filter(({ fault }) => fault === name).length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  expect(steps.filter(({ fault }) => fault === "calm").length).toBeGreaterThan(5);
  for (const { fault, forMs } of steps) {
    const [from, to] = fault === "calm" ? [10_000, 10_000] : kindOf(fault).forMs;
    expect(forMs).toBeGreaterThanOrEqual(from);
    expect(forMs).toBeLessThanOrEqual(to);
  }
});

test("there are at least 25 kinds, and those that are unknown are named", () => {
  expect(FAULT_NAMES.length).toBeGreaterThanOrEqual(25);
  expect(parseKinds(undefined)).toBe(FAULT_NAMES);
  expect(parseKinds("flap,oom")).toEqual(["flap", "oom"]);
  expect(() => parseKinds("flap,flop")).toThrow('no fault "flop"; there are kill-empty,');
});

test("a schedule is read as it was written", () => {
  expect(parseSchedule(formatSchedule(draw(5)))).toEqual(draw(5));
});

test.each([
  ["", "line 1: expected JSON"],
  ['{"seed":1}', 'line 1: expected {"seed":1,"nodes":4}'],
  ['{"seed":1,"nodes":2}\nflap', "line 2: expected JSON"],
  ['{"seed":1,"nodes":2}\n{"fault":"flop","atMs":1,"node":0,"forMs":1}', "line 2: this is no fault"],
  ['{"seed":1,"nodes":2}\n{"fault":"flap","atMs":1,"node":2,"forMs":1}', "no fault of 2 nodes"],
  ['{"seed":1,"nodes":2}\n{"fault":"flap","atMs":-1,"node":0,"forMs":1}', "line 2: this is no fault"],
])("what is no schedule is refused: %j", (text, message) => {
  expect(() => parseSchedule(text)).toThrow(message);
});
