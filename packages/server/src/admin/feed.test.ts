import { FEED_KINDS } from "@livecache/wire";
import { expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { createSignals } from "../base/signals.ts";
import { createFeed } from "./feed.ts";

const ALL = { limit: 1_000, kinds: FEED_KINDS };

function openFeed(clock = systemClock) {
  const signals = createSignals("n");
  return { signals, feed: createFeed({ node: "n", signals, clock, date: () => 7 }) };
}

test("lines that were forgotten are counted", () => {
  const { signals, feed } = openFeed();
  for (let index = 1; index <= 2_500; index++) {
    signals.tell("event", { changeId: "c", channel: "a", name: `e${index}`, members: index });
  }
  const page = feed.read({ after: 100, ...ALL });
  expect([page.dropped, page.lines.length, page.last]).toEqual([400, 1_000, 1_500]);
  expect(page.lines[0]?.words).toBe("e501 reached 501 members of a");
  expect(feed.read({ after: null, ...ALL, limit: 1 }).lines[0]?.words).toBe(
    "e2500 reached 2500 members of a",
  );
});

test("at most a hundred reads a second are told, and none once nobody has asked for a while", () => {
  let nowMs = 5_000;
  const { signals, feed } = openFeed({ ...systemClock, now: () => nowMs });
  const read = (): void => signals.tell("cache", { type: "answered", key: "k", reason: "hit-far", ms: 0.25 });
  read();
  expect(feed.read({ after: 0, ...ALL }).lines).toEqual([]);
  for (let count = 0; count < 150; count++) read();
  const told = feed.read({ after: 0, ...ALL });
  expect(told.lines).toHaveLength(100);
  expect(told.lines[0]).toMatchObject({ kind: "hit", details: { key: "k", reason: "hit-far", ms: 0.25 } });
  nowMs += 16_000;
  read();
  expect(feed.read({ after: told.last, limit: 10, kinds: ["change"] }).last).toBe(100);
});

test("nothing stands in it twice or is lost when it is asked for in steps", () => {
  const { signals, feed } = openFeed();
  for (const state of ["away", "here", "away"] as const) signals.tell("ground", { state, cause: "cut" });
  const first = feed.read({ after: 0, limit: 2, kinds: ["ground"] });
  const second = feed.read({ after: first.last, limit: 2, kinds: ["ground"] });
  expect([...first.lines, ...second.lines].map(({ words }) => words)).toEqual([
    "the ground is away: cut",
    "the ground answers",
    "the ground is away: cut",
  ]);
});
