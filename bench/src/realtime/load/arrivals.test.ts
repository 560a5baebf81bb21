import { expect, test } from "vitest";
import { createTick, nowUs } from "../sites/site.ts";
import { createArrivals } from "./arrivals.ts";
import { isTick, readTick } from "./dialect.ts";

test("every arrival is counted, and what is missing, doubled or late is told apart", () => {
  const arrivals = createArrivals();
  const row = { last: 0, early: new Set<number>() };
  arrivals.note(row, { n: 1, atUs: nowUs() });
  arrivals.begin();
  for (const n of [2, 3, 6, 5, 6, 7]) arrivals.note(row, { n, atUs: nowUs() - 5_000 });
  const { received, skipped, again, p50Ms, maxMs } = arrivals.figures();
  expect([received, skipped, again]).toEqual([6, 2, 2]);
  expect(p50Ms).toBeGreaterThanOrEqual(4.9);
  expect(maxMs).toBeLessThan(1_000);
});

test("what was told early, without a place, and once more with one, has come once", () => {
  const arrivals = createArrivals();
  const row = { last: 0, early: new Set<number>() };
  arrivals.begin();
  arrivals.note(row, { n: 1, atUs: nowUs() }, false);
  arrivals.note(row, { n: 1, atUs: nowUs() });
  arrivals.note(row, { n: 2, atUs: nowUs() });
  arrivals.note(row, { n: 2, atUs: nowUs() });
  expect(arrivals.figures()).toMatchObject({ received: 3, skipped: 0, again: 1 });
});

test("number and time of an event are read where each dialect has them", () => {
  const tick = createTick(42, "x".repeat(10));
  const texts = {
    "socket.io": `42${JSON.stringify(["tick", tick, { cursor: "e-1" }])}`,
    raw: JSON.stringify(["tick", tick]),
  } as const;
  for (const dialect of ["socket.io", "raw"] as const) {
    const data = Buffer.from(texts[dialect]);
    expect(isTick(data, dialect)).toBe(true);
    expect(readTick(data, dialect)).toEqual({ n: 42, atUs: Number(tick.at) });
    expect(isTick(Buffer.from('42["stale",{}]'), dialect)).toBe(false);
    expect(isTick(Buffer.from("2"), dialect)).toBe(false);
  }
});
