import { expect, test } from "vitest";
import { createTasks } from "../base/tasks.ts";
import { createNodeCount } from "./node-count.ts";

/** A count of nodes that is asked once for each answer, or failure, every so often. */
async function ask(answers: readonly (number | "fails")[], everyMs = 10_000) {
  let nowMs = 0;
  let asked = 0;
  const tasks = createTasks((error) => {
    throw error;
  });
  const lagging = async (): Promise<number> => {
    const answer = answers[asked++];
    if (typeof answer === "number") return answer;
    throw new Error("no answer");
  };
  const nodes = createNodeCount({ changeLog: { lagging }, clock: { now: () => nowMs }, tasks });
  for (let turn = 0; turn < answers.length; turn++) {
    nodes.refresh();
    await tasks.settled();
    nowMs += everyMs;
  }
  return { known: nodes.known(), asked };
}

test.each([
  ["nothing", [], 4],
  ["no answer", ["fails"], 4],
  ["1 at first", [1], 4],
  ["1 five times", [1, 1, 1, 1, 1], 4],
  ["1 six times", [1, 1, 1, 1, 1, 1], 1],
  ["more than is assumed", [9], 9],
  ["more, and five answers ago", [9, 2, 2, 2, 2, 2], 9],
  ["more, and six answers ago", [9, 2, 2, 2, 2, 2, 2], 2],
  ["nobody at all", [0, 0, 0, 0, 0, 0], 1],
] as const)("after %s there are %j: %i", async (_what, answers, known) => {
  expect((await ask(answers)).known).toBe(known);
});

test("it is asked every 10 s, and half a second after a failure", async () => {
  const failures = ["fails", "fails", "fails", "fails"] as const;
  expect((await ask([3, 3, 3, 3], 9_999)).asked).toBe(2);
  expect((await ask([3, 3, 3, 3], 10_000)).asked).toBe(4);
  expect((await ask(failures, 499)).asked).toBe(2);
  expect((await ask(failures, 500)).asked).toBe(4);
});
