import { expect, test } from "vitest";
import { mergeResults } from "./keep.ts";
import type { QuestionResult, Results } from "./results.ts";

const question = (name: string, date: string): QuestionResult => ({
  name,
  question: `${name}?`,
  tookS: 10.4,
  date,
  load: 0.1,
  figures: [],
  failures: [],
  notes: [],
});

const results = (date: string, ...names: readonly string[]): Results => ({
  topic: "cache",
  quick: false,
  seed: 1,
  machine: { cpu: "x", cores: 2, memoryGb: 4, node: "v20", redis: "7", date, loadAtStart: 0.1 },
  tookS: 10,
  questions: names.map((name) => question(name, date)),
});

test("answers take the place of those to the same questions, the others stay, and new ones come last", () => {
  const merged = mergeResults(results("old", "a", "b", "c"), results("new", "d", "b"));
  expect(merged.questions.map(({ name, date }) => [name, date])).toEqual([
    ["a", "old"],
    ["b", "new"],
    ["c", "old"],
    ["d", "new"],
  ]);
  expect([merged.machine.date, merged.tookS]).toEqual(["new", 42]);
});
