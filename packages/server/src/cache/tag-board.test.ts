import { expect, test } from "vitest";
import type { ChangeRecord } from "../ports/change-log.ts";
import { createTagBoard } from "./tag-board.ts";

const at = (seq: number, epoch = "e") => ({ epoch, seq });

function record(seq: number, previous: number, ...tags: string[]): ChangeRecord {
  return {
    position: at(seq),
    previous,
    changeId: `c${seq}`,
    origin: "n",
    tags,
    mode: "purge" as const,
    channels: [],
  };
}

test("a board that stands nowhere takes nothing and knows nothing", () => {
  const board = createTagBoard(10);
  expect(board.position()).toBeUndefined();
  expect(board.apply(record(5, 0, "a"))).toBe("hole");
  expect(board.judge({ position: at(5), tags: ["a"] })).toBe("unknown");
});

test("a tag that moved past the claim is changed; one that moved up to it is valid", () => {
  const board = createTagBoard(10);
  board.reset(at(1));
  board.apply(record(5, 1, "a"));
  expect(board.judge({ position: at(4), tags: ["b", "a"] })).toBe("changed");
  expect(board.judge({ position: at(5), tags: ["a"] })).toBe("valid");
  expect(board.judge({ position: at(1), tags: ["b"] })).toBe("valid");
});

test("what was before the floor is unknown, unless it is known to have moved since", () => {
  const board = createTagBoard(10);
  board.reset(at(5));
  board.apply(record(7, 5, "a"));
  expect(board.judge({ position: at(4), tags: ["b"] })).toBe("unknown");
  expect(board.judge({ position: at(4), tags: ["a"] })).toBe("changed");
});

test("a head beyond the board is unknown, unless the claim is already there", () => {
  const board = createTagBoard(10);
  board.reset(at(5));
  expect(board.judge({ position: at(5), tags: ["a"] }, at(6))).toBe("unknown");
  expect(board.judge({ position: at(6), tags: ["a"] }, at(6))).toBe("valid");
  expect(board.judge({ position: at(7), tags: ["a"] }, at(6))).toBe("valid");
});

test("a claim of another epoch is changed; a head of another epoch makes everything unknown", () => {
  const board = createTagBoard(10);
  board.reset(at(5));
  expect(board.judge({ position: at(9, "old"), tags: [] })).toBe("changed");
  expect(board.judge({ position: at(5), tags: [] }, at(5, "new"))).toBe("unknown");
});

test("a record that does not follow on, or is of another epoch, is a hole and is not taken", () => {
  const board = createTagBoard(10);
  board.reset(at(5));
  expect(board.apply(record(9, 7, "a"))).toBe("hole");
  expect(board.apply({ ...record(9, 5, "a"), position: at(9, "new") })).toBe("hole");
  expect(board.position()).toEqual(at(5));
  expect(board.judge({ position: at(5), tags: ["a"] })).toBe("valid");
});

test("a record told twice is taken once", () => {
  const board = createTagBoard(10);
  board.reset(at(5));
  expect(board.apply(record(6, 5, "a"))).toBe("applied");
  expect(board.apply(record(6, 5, "a"))).toBe("known");
  expect(board.position()).toEqual(at(6));
});

test("beyond its bound the board forgets the oldest move and raises its floor to it", () => {
  const board = createTagBoard(2);
  board.reset(at(1));
  board.apply(record(2, 1, "a"));
  board.apply(record(3, 2, "b"));
  expect(board.judge({ position: at(1), tags: ["x"] })).toBe("valid");
  board.apply(record(4, 3, "c"));
  expect(board.judge({ position: at(1), tags: ["x"] })).toBe("unknown");
  expect(board.judge({ position: at(1), tags: ["a"] })).toBe("unknown");
  expect(board.judge({ position: at(1), tags: ["b"] })).toBe("changed");
  expect(board.judge({ position: at(2), tags: ["x"] })).toBe("valid");
});
