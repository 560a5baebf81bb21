import { expect, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import { createSaying } from "./saying.ts";

/** What is said, as `at: for how long`. */
function start() {
  const clock = createManualClock();
  const said: string[] = [];
  const over: number[] = [];
  const saying = createSaying({
    clock,
    say: (ttlMs) => said.push(`${clock.now()}: ${ttlMs}`),
    onOver: () => over.push(clock.now()),
  });
  return { clock, said, over, saying };
}

test("the first word is said at once, and who says nothing more is over without another", () => {
  const { clock, said, over, saying } = start();
  saying.note("s1", true);
  expect(said).toEqual(["0: 5000"]);
  clock.advance(1_000);
  clock.advance(3_999);
  expect(over).toEqual([]);
  clock.advance(1);
  expect(over).toEqual([5_000]);
  expect(said).toEqual(["0: 5000"]);
});

test("renewals are said once a second at most, with what is left of the last one", () => {
  const { clock, said, saying } = start();
  for (let round = 0; round < 40; round++) {
    saying.note("s1", true);
    clock.advance(100);
  }
  expect(said).toEqual(["0: 5000", "1000: 4900", "2000: 4900", "3000: 4900", "4000: 4900"]);
});

test("an end within the second is said at the end of it, and is the last word", () => {
  const { clock, said, over, saying } = start();
  saying.note("s1", true);
  clock.advance(300);
  saying.note("s1", false);
  clock.advance(699);
  expect(said).toEqual(["0: 5000"]);
  clock.advance(1);
  expect(said).toEqual(["0: 5000", "1000: 0"]);
  expect(over).toEqual([]);
  clock.advance(1_000);
  expect(over).toEqual([2_000]);
});

test("an end after a late renewal is said within a second", () => {
  const { clock, said, saying } = start();
  saying.note("s1", true);
  clock.advance(1_000);
  clock.advance(2_000);
  saying.note("s1", true);
  clock.advance(500);
  saying.note("s1", false);
  clock.advance(500);
  expect(said).toEqual(["0: 5000", "3000: 5000", "4000: 0"]);
});

test("on and off and on again within a second is one message", () => {
  const { clock, said, saying } = start();
  saying.note("s1", true);
  saying.note("s1", false);
  saying.note("s1", true);
  clock.advance(1_000);
  expect(said).toEqual(["0: 5000"]);
});

test("a user types as long as one of their sockets does", () => {
  const { clock, said, saying } = start();
  saying.note("s1", true);
  clock.advance(1_000);
  saying.note("s2", true);
  saying.note("s1", false);
  clock.advance(1_000);
  expect(said).toEqual(["0: 5000", "1000: 5000"]);
  saying.note("s2", false);
  expect(said).toEqual(["0: 5000", "1000: 5000", "2000: 0"]);
});

test("who does not type and says so says nothing new", () => {
  const { clock, said, over, saying } = start();
  saying.note("s1", false);
  clock.advance(10_000);
  expect(said).toEqual([]);
  expect(over).toEqual([0]);
});

test("after closing nothing is said", () => {
  const { clock, said, saying } = start();
  saying.note("s1", true);
  saying.note("s1", false);
  saying.close();
  clock.advance(10_000);
  expect(said).toEqual(["0: 5000"]);
});
