import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { GROUNDS } from "./grounds.ts";
import { faultsOf, kindOf, parseKinds } from "./kinds.ts";
import { drawSchedule, formatSchedule, parseSchedule } from "./schedule.ts";

const FAULTS = faultsOf("single");

function draw(seed: number) {
  const what = { seed, nodes: 4, ground: "single", forMs: 600_000 } as const;
  return drawSchedule({ ...what, kinds: FAULTS, random: seededRandom(seed) });
}

test("equal seeds draw equal schedules, others do not", () => {
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("each kind comes as often as any other, for as long as it may, with calm in between", () => {
  const { steps } = draw(3);
  const counts = FAULTS.map((name) => steps.filter(({ fault }) => fault === name).length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  expect(steps.filter(({ fault }) => fault === "calm").length).toBeGreaterThan(5);
  for (const { fault, forMs } of steps) {
    const [from, to] = fault === "calm" ? [10_000, 10_000] : kindOf(fault).forMs;
    expect(forMs).toBeGreaterThanOrEqual(from);
    expect(forMs).toBeLessThanOrEqual(to);
  }
});

test("there are at least 25 kinds, and those that are unknown are named", () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(25);
  for (const ground of GROUNDS) expect(parseKinds(undefined, ground)).toEqual(faultsOf(ground));
  expect(parseKinds("flap,oom", "single")).toEqual(["flap", "oom"]);
  expect(() => parseKinds("flap,flop", "single")).toThrow('no fault "flop" of single; there are kill-empty,');
  expect(() => parseKinds("oom", "cluster")).toThrow('no fault "oom" of cluster');
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
