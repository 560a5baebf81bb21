import { expect, test } from "vitest";
import { LiveError } from "@livecache/wire";
import { systemClock } from "../base/clock.ts";
import { createStatusBoard } from "./status.ts";

const cause = (text: string) => new LiveError("LIVE_GROUND_AWAY", text);

test("it is away until it is told otherwise, and tells changes alone, with the time of each", () => {
  let nowMs = 5;
  const board = createStatusBoard({ ...systemClock, now: () => nowMs }, () => undefined);
  const told: unknown[] = [];
  const stop = board.onChange((status) => told.push(status));
  expect(board.now()).toEqual({ state: "away", sinceMs: 5, cause: "not connected yet" });
  nowMs = 10;
  board.away(cause("refused"));
  expect(board.now()).toEqual({ state: "away", sinceMs: 5, cause: "refused" });
  board.here();
  board.here();
  nowMs = 20;
  board.away(cause("killed"));
  expect(told).toEqual([
    { state: "here", sinceMs: 10 },
    { state: "away", sinceMs: 20, cause: "killed" },
  ]);
  stop();
  board.here();
  expect(told).toHaveLength(2);
});

test("a listener that throws keeps the others from nothing", () => {
  const thrown: unknown[] = [];
  const board = createStatusBoard(systemClock, (error) => thrown.push(error));
  const told: string[] = [];
  board.onChange(() => {
    throw new Error("broken");
  });
  board.onChange(({ state }) => told.push(state));
  board.here();
  expect([thrown, told]).toEqual([[new Error("broken")], ["here"]]);
});
