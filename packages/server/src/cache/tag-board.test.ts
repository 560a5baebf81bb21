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

test("forgetting goes on in the order of the last moves, also after a reset", () => {
  const board = createTagBoard(2);
  board.reset(at(1));
  const tags = ["a", "b", "a", "c", "d", "a"];
  tags.forEach((tag, index) => board.apply(record(index + 2, index + 1, tag)));
  expect(board.judge({ position: at(5), tags: ["a"] })).toBe("changed");
  expect(board.judge({ position: at(5), tags: ["b", "c"] })).toBe("valid");
  expect(board.judge({ position: at(4), tags: ["b"] })).toBe("unknown");
  board.reset(at(20));
  tags.forEach((tag, index) => board.apply(record(index + 21, index + 20, tag)));
  expect(board.judge({ position: at(24), tags: ["b", "c"] })).toBe("valid");
  expect(board.judge({ position: at(23), tags: ["b"] })).toBe("unknown");
});

test("a full board forgets as fast as a small one", () => {
  const board = createTagBoard(100_000);
  board.reset(at(0));
  const names = Array.from({ length: 300_000 }, (_, index) => `t${index}`);
  const beganAt = performance.now();
  names.forEach((name, index) => board.apply(record(index + 1, index, name)));
  // About 0.3 s; with a walk over the places of what was forgotten it is some 8 s.
  expect(performance.now() - beganAt).toBeLessThan(3_000);
  expect(board.judge({ position: at(250_000), tags: ["t249999"] })).toBe("valid");
});
