import { seededRandom } from "@livecache/rig";
import { expect, test } from "vitest";
import { runContest } from "./contest.ts";

const MEASURES = { speed: { unit: "op/s", better: "more" } } as const;

/** An entrant that answers these numbers, one a round, and notes each of its turns. */
function entrant(name: string, speeds: readonly number[], turns: string[] = []) {
  const left = [...speeds];
  return {
    name,
    async round() {
      turns.push(name);
      return { speed: left.shift() ?? Number.NaN };
    },
  };
}

const base = { case: "one", measures: MEASURES, floor: "floor" };

test("a ratio is the median of ratios to the floor in the same round, and warm-ups do not count", async () => {
  const entrants = [entrant("floor", [1, 100, 10, 50]), entrant("ours", [9, 50, 10, 5])];
  const { figures } = await runContest({ ...base, rounds: 3, warmUps: 1, entrants }, seededRandom(1));
  expect(figures).toEqual([
    expect.objectContaining({ contestant: "floor", median: 50, low: 10, high: 100, ratio: 1, rounds: 3 }),
    expect.objectContaining({ contestant: "ours", median: 10, low: 5, high: 50, ratio: 0.5, floor: "floor" }),
  ]);
});

test("every round lets everybody run once, and not always in one order", async () => {
  const turns: string[] = [];
  const names = ["a", "b", "c"];
  const entrants = names.map((name) =>
    entrant(
      name,
      Array.from({ length: 20 }, () => 1),
      turns,
    ),
  );
  await runContest({ ...base, rounds: 19, warmUps: 1, entrants }, seededRandom(1));
  const rounds = Array.from({ length: 20 }, (_, round) => turns.slice(round * 3, round * 3 + 3));
  for (const round of rounds) expect([...round].sort()).toEqual(names);
  expect(new Set(rounds.map((round) => round.join(""))).size).toBeGreaterThan(2);
});

test("an entrant that fails late has no figure, is told with its reason, and the others go on", async () => {
  let turn = 0;
  const failing = {
    name: "peer",
    async round() {
      if (++turn === 3) throw new Error("it hung\n    at some place");
      return { speed: 1 };
    },
  };
  const entrants = [failing, entrant("floor", [1, 2, 2, 2])];
  const { figures, failures } = await runContest({ ...base, rounds: 3, entrants }, seededRandom(1));
  expect(figures.map(({ contestant, rounds }) => [contestant, rounds])).toEqual([["floor", 3]]);
  expect(failures).toEqual([{ case: "one", contestant: "peer", why: "it hung" }]);
});

test("without the floor's numbers a figure has no ratio", async () => {
  const { figures } = await runContest(
    { ...base, rounds: 1, warmUps: 0, entrants: [entrant("ours", [5])] },
    seededRandom(1),
  );
  expect(figures[0]).not.toHaveProperty("ratio");
});

test("a floor may be numbers that nobody can get below", async () => {
  const floor = { name: "one call", numbers: { speed: 4 } };
  const { figures } = await runContest(
    { ...base, floor, rounds: 2, warmUps: 0, entrants: [entrant("ours", [6, 10])] },
    seededRandom(1),
  );
  expect(figures).toMatchObject([{ median: 8, floor: "one call", ratio: 2 }]);
});

test("once the budget is spent no further round begins, but two always count", async () => {
  const entrants = [entrant("ours", [1, 2, 3, 4, 5])];
  const contest = { ...base, rounds: 5, warmUps: 1, budgetMs: 0, entrants };
  const { figures } = await runContest(contest, seededRandom(1));
  expect(figures[0]).toMatchObject({ rounds: 2, median: 2.5 });
});
