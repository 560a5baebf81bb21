import { expect, test } from "vitest";
import { createHappenings } from "../stage/happenings.ts";
import { createMoves } from "./moves.ts";

function follow() {
  const happenings = createHappenings(() => undefined);
  return { moves: createMoves(happenings), words: () => happenings.list().map((one) => one.words) };
}

test("it is told when the last visitor of a killed node has a socket elsewhere", () => {
  const { moves, words } = follow();
  const ends = [
    moves.opened("Node 1", "asha"),
    moves.opened("Node 1", "grace"),
    moves.opened("Node 2", "mei"),
  ];
  moves.cut("Node 1");
  for (const end of ends) end();
  moves.opened("Node 2", "asha");
  moves.opened("Node 3", "asha");
  moves.opened("Node 3", "mei");
  expect(words()).toEqual([]);
  moves.opened("Node 2", "grace");
  expect(words()).toEqual([expect.stringMatching(/^All 2 visitors of Node 1 went on .* after \d+ ms$/)]);
});

test("who had left before, and who nobody knows, is not waited for", () => {
  const { moves, words } = follow();
  moves.opened("Node 1", "asha")();
  moves.opened("Node 1", undefined);
  moves.opened("Node 1", "grace");
  moves.cut("Node 1");
  moves.opened("Node 2", undefined);
  moves.opened("Node 2", "grace");
  expect(words()).toEqual([expect.stringMatching(/^The visitor of Node 1 went on/)]);
});
