import { expect, test } from "vitest";
import { createBreaker, describeReason } from "./breaker.ts";
import type { Breaker } from "./breaker.ts";

const LIMIT_MS = 250;

/** Notes a command that was sent at `atMs` and answered after `tookMs`. */
function note(breaker: Breaker, atMs: number, tookMs: number): void {
  breaker.note({ sentAtMs: atMs, endedAtMs: atMs + tookMs, limitMs: LIMIT_MS, isAnswered: true });
}

/** The same without an answer. */
function noteSilence(breaker: Breaker, atMs: number, tookMs: number = LIMIT_MS): void {
  breaker.note({ sentAtMs: atMs, endedAtMs: atMs + tookMs, limitMs: LIMIT_MS, isAnswered: false });
}

function opened(): Breaker {
  const breaker = createBreaker();
  for (let count = 0; count < 5; count++) noteSilence(breaker, count * 250);
  return breaker;
}

test("five commands in a row without an answer open it, and four do not", () => {
  const breaker = createBreaker();
  for (let count = 0; count < 4; count++) noteSilence(breaker, count * 250);
  expect(breaker.state()).toEqual({ state: "closed" });
  noteSilence(breaker, 1_000);
  expect(breaker.state()).toMatchObject({
    state: "open",
    sinceMs: 1_250,
    reason: { type: "timeouts", calls: 5, overMs: 1_250 },
  });
});

test("a hundred at once are one hiccup: they open nothing before a second of it", () => {
  const breaker = createBreaker();
  for (let count = 0; count < 100; count++) noteSilence(breaker, 0);
  expect(breaker.state().state).toBe("closed");
  noteSilence(breaker, 749);
  expect(breaker.state().state).toBe("closed");
  noteSilence(breaker, 750);
  expect(breaker.state()).toMatchObject({ state: "open", reason: { calls: 102, overMs: 1_000 } });
});

test("one answer in between begins the row anew; an answer after the limit is none", () => {
  const breaker = createBreaker();
  for (let count = 0; count < 12; count++) (count % 4 === 3 ? note : noteSilence)(breaker, count * 250, 250);
  expect(breaker.state().state).toBe("open");
  const answered = createBreaker();
  for (let count = 0; count < 12; count++) {
    if (count % 4 === 3) note(answered, count * 250, 249);
    else noteSilence(answered, count * 250);
  }
  expect(answered.state().state).toBe("closed");
});

test("what ended long after its limit says nothing of Redis: this process was busy", () => {
  const breaker = createBreaker();
  for (let count = 0; count < 50; count++) noteSilence(breaker, 0, 5_000);
  expect(breaker.state().state).toBe("closed");
  for (let count = 0; count < 5; count++) noteSilence(breaker, count * 250, 350);
  expect(breaker.state().state).toBe("open");
});

/** Notes commands, `ofTen` of ten of which are answered in time. */
function noteMixed(
  breaker: Breaker,
  { from, calls, ofTen }: { from: number; calls: number; ofTen: number },
): void {
  for (let count = 0; count < calls; count++) {
    if (count % 10 < ofTen) note(breaker, from + count * 50, 220);
    else noteSilence(breaker, from + count * 50);
  }
}

test("half of at least twenty commands without an answer in time open it, and nothing that was answered", () => {
  const breaker = createBreaker();
  // Four in a row at most, so that it is not for that.
  for (let count = 0; count < 19; count++) (count % 4 === 0 ? note : noteSilence)(breaker, count * 50, 220);
  expect(breaker.state().state).toBe("closed");
  noteSilence(breaker, 980);
  expect(breaker.state()).toMatchObject({ state: "open", reason: { type: "slow", calls: 20, slow: 15 } });
  const mostly = createBreaker();
  noteMixed(mostly, { from: 0, calls: 100, ofTen: 6 });
  expect(mostly.state().state).toBe("closed");
  const late = createBreaker();
  for (let count = 0; count < 100; count++) note(late, count * 50, 249);
  expect(late.state().state).toBe("closed");
});

test("what was long ago does not count", () => {
  const breaker = createBreaker();
  for (let count = 0; count < 19; count++) (count % 4 === 0 ? note : noteSilence)(breaker, 0, 220);
  for (let count = 0; count < 15; count++) (count % 4 === 0 ? note : noteSilence)(breaker, 4_300, 220);
  expect(breaker.state().state).toBe("closed");
  for (let count = 0; count < 5; count++) (count % 4 === 0 ? note : noteSilence)(breaker, 6_200, 220);
  expect(breaker.state()).toMatchObject({ state: "open", reason: { type: "slow", calls: 20 } });
});

test("two good probes in a row close it, and nothing else does", () => {
  const breaker = opened();
  note(breaker, 2_000, 1);
  breaker.probed(true);
  expect(breaker.state()).toMatchObject({ state: "open", passed: 0, failed: 0 });
  breaker.probe();
  expect(breaker.state()).toMatchObject({ state: "half-open", sinceMs: 1_250 });
  breaker.probed(true);
  expect(breaker.state()).toMatchObject({ state: "open", passed: 1 });
  breaker.probe();
  breaker.probed(false);
  expect(breaker.state()).toMatchObject({ state: "open", passed: 0, failed: 1 });
  for (const passed of [1, 2]) {
    expect(breaker.state()).toMatchObject({ passed: passed - 1 });
    breaker.probe();
    breaker.probed(true);
  }
  expect(breaker.state()).toEqual({ state: "closed" });
  noteSilence(breaker, 5_000);
  expect(breaker.state()).toEqual({ state: "closed" });
});

test("pauses grow from 250 ms to a second, half of them by chance, and are short again after a good probe", () => {
  const breaker = opened();
  const pauses: number[][] = [];
  for (let failed = 0; failed < 4; failed++) {
    pauses.push([breaker.pauseMs(0), breaker.pauseMs(1)]);
    breaker.probe();
    breaker.probed(false);
  }
  expect(pauses).toEqual([
    [125, 250],
    [250, 500],
    [500, 1_000],
    [500, 1_000],
  ]);
  breaker.probe();
  breaker.probed(true);
  expect(breaker.pauseMs(1)).toBe(250);
});

test("a new connection begins closed", () => {
  const breaker = opened();
  breaker.reset();
  breaker.probe();
  expect(breaker.state()).toEqual({ state: "closed" });
});

test("a new connection whose first answer took the whole time that a command has is open from its beginning", () => {
  const breaker = opened();
  const begin = (tookMs: number) =>
    breaker.begin({ sentAtMs: 0, endedAtMs: tookMs, limitMs: LIMIT_MS, isAnswered: true });
  begin(249.9);
  expect(breaker.state()).toEqual({ state: "closed" });
  begin(250);
  expect(breaker.state()).toMatchObject({ state: "open", reason: { type: "beginning", tookMs: 250 } });
});

test("the reason is told in words", () => {
  expect(describeReason({ type: "timeouts", calls: 5, overMs: 1_250.4 })).toBe(
    "5 commands in a row were not answered in time, over 1250 ms",
  );
  expect(describeReason({ type: "beginning", tookMs: 300.2 })).toBe("its first answer took 300 ms");
  expect(describeReason({ type: "slow", calls: 20, slow: 11 })).toBe(
    "11 of the last 20 commands were not answered in time",
  );
});
