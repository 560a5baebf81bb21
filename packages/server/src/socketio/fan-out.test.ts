import { expect, test } from "vitest";
import { createFanOut } from "./fan-out.ts";
import type { Told } from "./fan-out.ts";

interface Note extends Told {
  readonly text: string;
}

/** A fan-out whose clock moves by `costMs` with each delivery, and whose turns begin by hand. */
function rig({ turnMs = 8, costMs = 1, maxItems = 100 } = {}) {
  let nowMs = 0;
  const turns: (() => void)[] = [];
  const got: string[] = [];
  const missed: string[] = [];
  const perTurn: number[] = [];
  let inTurn = 0;
  const fanOut = createFanOut<string, Note>({
    now: () => nowMs,
    later: (task) => turns.push(task),
    deliver(member, { text }) {
      nowMs += costMs;
      inTurn++;
      got.push(`${member}:${text}`);
    },
    miss: (member, { text }) => missed.push(`${member}:${text}`),
    limits: { turnMs, maxItems },
  });
  return {
    fanOut,
    got,
    missed,
    perTurn,
    tell: (channel: string, text: string, more: Partial<Note> = {}) =>
      fanOut.tell({ channel, text, isDroppable: false, ...more }),
    /** Runs the next turn; `false` when none is due. */
    turn(): boolean {
      perTurn.push(inTurn);
      inTurn = 0;
      const task = turns.shift();
      task?.();
      return task !== undefined;
    },
    of: (member: string) =>
      got.filter((line) => line.startsWith(`${member}:`)).map((line) => line.split(":")[1]),
  };
}

function enterAll(fanOut: { enter(channel: string, member: string): void }, channel: string, count: number) {
  for (let index = 0; index < count; index++) fanOut.enter(channel, `${channel}${index}`);
}

test("a small channel is told in the same turn", () => {
  const { fanOut, tell, got } = rig();
  enterAll(fanOut, "a", 3);
  tell("a", "x");
  expect(got).toEqual(["a0:x", "a1:x", "a2:x"]);
  expect(fanOut.waiting()).toBe(0);
});

test("a large channel is served over several turns, none of which takes much longer than its time", () => {
  const { fanOut, tell, got, turn, perTurn } = rig({ turnMs: 8, costMs: 0.1 });
  enterAll(fanOut, "a", 1_000);
  tell("a", "x");
  expect(got.length).toBeLessThan(200);
  while (turn());
  expect(got.length).toBe(1_000);
  expect(new Set(got).size).toBe(1_000);
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(80 + 32);
  expect(perTurn.length).toBeGreaterThan(8);
});

test("many small events of one turn share its time", () => {
  const { fanOut, tell, got, turn } = rig({ turnMs: 8, costMs: 1 });
  enterAll(fanOut, "a", 4);
  for (let number = 0; number < 10; number++) tell("a", String(number));
  expect(got.length).toBe(8);
  while (turn());
  expect(got.length).toBe(40);
});

test("each member gets a channel's events in order, over all turns", () => {
  const { fanOut, tell, turn, of } = rig({ turnMs: 4, costMs: 0.3 });
  enterAll(fanOut, "a", 50);
  const texts = Array.from({ length: 12 }, (_, index) => String(index));
  for (const text of texts) {
    tell("a", text);
    turn();
  }
  while (turn());
  for (let index = 0; index < 50; index++) expect(of(`a${index}`)).toEqual(texts);
});

test("a small channel does not wait for a large one", () => {
  const { fanOut, tell, got, turn } = rig({ turnMs: 8, costMs: 0.1 });
  enterAll(fanOut, "large", 10_000);
  enterAll(fanOut, "small", 2);
  tell("large", "x");
  tell("small", "y");
  turn();
  expect(got).toContain("small1:y");
  expect(got.length).toBeLessThan(400);
});

test("whoever leaves meanwhile is skipped; whoever enters meanwhile gets nothing from before, and nothing twice", () => {
  const { fanOut, tell, turn, of } = rig({ turnMs: 8, costMs: 1 });
  enterAll(fanOut, "a", 100);
  tell("a", "1");
  tell("a", "2");
  fanOut.exit("a", "a99");
  fanOut.enter("a", "late");
  // Out and in again, before and after its turn.
  for (const member of ["a0", "a98"]) {
    fanOut.exit("a", member);
    fanOut.enter("a", member);
  }
  tell("a", "3");
  while (turn());
  expect(of("a99")).toEqual([]);
  expect(of("late")).toEqual(["3"]);
  expect(of("a0")).toEqual(["1", "3"]);
  expect(of("a98")).toEqual(["3"]);
  expect(of("a50")).toEqual(["1", "2", "3"]);
});

test("entering again drops what still waits for that member only", () => {
  const { fanOut, tell, turn, of } = rig({ turnMs: 1, costMs: 1 });
  enterAll(fanOut, "a", 80);
  tell("a", "1");
  fanOut.enter("a", "a79");
  tell("a", "2");
  while (turn());
  expect(of("a79")).toEqual(["2"]);
  expect(of("a78")).toEqual(["1", "2"]);
});

test("of several under one key that have not begun, only the last is told", () => {
  const { fanOut, tell, turn, of } = rig({ turnMs: 1, costMs: 1 });
  enterAll(fanOut, "a", 40);
  tell("a", "busy");
  for (const text of ["p1", "p2", "p3"]) tell("a", text, { key: "a progress", isDroppable: true });
  tell("a", "q1", { key: "a other", isDroppable: true });
  while (turn());
  expect(of("a0")).toEqual(["busy", "p3", "q1"]);
  tell("a", "p4", { key: "a progress", isDroppable: true });
  expect(of("a39")).not.toContain("p4");
  while (turn());
  expect(of("a39")).toEqual(["busy", "p3", "q1", "p4"]);
});

test("as many items wait as fit: below and at the bound all are told; above it members miss reliable ones, and others are dropped", () => {
  const { fanOut, tell, turn, got, missed } = rig({ turnMs: 1, costMs: 1, maxItems: 3 });
  enterAll(fanOut, "a", 40);
  for (const text of ["1", "2", "3"]) tell("a", text);
  expect(fanOut.waiting()).toBe(3);
  expect(missed).toEqual([]);
  tell("a", "4", { isDroppable: true });
  expect(missed).toEqual([]);
  tell("a", "5");
  expect(missed.length).toBe(40);
  while (turn());
  expect(got.length).toBe(120);
  expect(fanOut.waiting()).toBe(0);
});

test("a channel that nobody is in costs nothing", () => {
  const { fanOut, tell, got } = rig();
  tell("a", "x");
  fanOut.enter("a", "a0");
  fanOut.exit("a", "a0");
  tell("a", "x");
  expect(got).toEqual([]);
  expect(fanOut.waiting()).toBe(0);
});

test("what is told while something is delivered comes behind it, to everybody", () => {
  const got: string[] = [];
  let answered = false;
  const fanOut = createFanOut<string, Note>({
    now: () => 0,
    later: () => undefined,
    deliver(member, { channel, text }) {
      got.push(`${member}:${text}`);
      if (answered) return;
      answered = true;
      fanOut.tell({ channel, text: "answer", isDroppable: false });
      fanOut.exit(channel, "a1");
    },
    miss: () => undefined,
    limits: { turnMs: 8, maxItems: 10 },
  });
  enterAll(fanOut, "a", 3);
  fanOut.tell({ channel: "a", text: "question", isDroppable: false });
  expect(got).toEqual(["a0:question", "a2:question", "a0:answer", "a2:answer"]);
});
