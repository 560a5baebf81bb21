import { expect, test } from "vitest";
import { createLocalUsers } from "./local-users.ts";
import type { LocalUsers } from "./local-users.ts";

function start(given: { graceMs?: number; maxUsers?: number } = {}) {
  const time = { nowMs: 0 };
  const changes: string[] = [];
  const counts = { graces: 0, refused: 0 };
  const users: LocalUsers = createLocalUsers({
    graceMs: given.graceMs ?? 3_000,
    maxUsers: given.maxUsers ?? 100,
    now: () => time.nowMs,
    onChange: (channel, userId) => changes.push(`${channel} ${userId}`),
    onGrace: () => counts.graces++,
    onLimit: () => counts.refused++,
  });
  return { users, time, changes, counts };
}

test("a connection is online until it says something else, here or everywhere", () => {
  const { users } = start();
  const a = users.connect("a");
  for (const channel of ["x", "y"]) a.enter(channel);
  expect(users.spoken("x", "a")).toEqual({ state: "online", meta: undefined });
  a.say({ state: "away", meta: "1" }, "x");
  expect(users.spoken("x", "a")).toEqual({ state: "away", meta: "1" });
  expect(users.spoken("y", "a")).toEqual({ state: "online", meta: undefined });
  a.say({ meta: "2" });
  expect(users.spoken("x", "a")).toEqual({ state: "away", meta: "2" });
  a.say({ state: "online" });
  expect(users.spoken("x", "a")).toEqual({ state: "online", meta: "2" });
  a.say({ state: "away", meta: null });
  a.enter("z");
  expect(users.spoken("z", "a")).toEqual({ state: "away", meta: undefined });
  a.say({ state: "online" }, "elsewhere");
  expect(users.spoken("z", "a")).toEqual({ state: "away", meta: undefined });
});

test("of several connections the online ones count, and the meta that was said last", () => {
  const { users } = start();
  const [one, two] = [users.connect("a"), users.connect("a")];
  for (const connection of [one, two]) connection.enter("x");
  one.say({ state: "away", meta: "1" });
  expect(users.spoken("x", "a")).toEqual({ state: "online", meta: "1" });
  two.say({ state: "away", meta: "2" });
  one.say({ state: "away" });
  expect(users.spoken("x", "a")).toEqual({ state: "away", meta: "2" });
  two.say({ meta: null });
  expect(users.spoken("x", "a")).toEqual({ state: "away", meta: "1" });
});

test("who leaves is there for the grace, as they were; at its end they are not", () => {
  const { users, time, changes } = start();
  const a = users.connect("a");
  a.enter("x");
  a.say({ state: "away", meta: "1" });
  a.close();
  expect(users.spoken("x", "a")).toEqual({ state: "away", meta: "1" });
  time.nowMs = 2_999;
  expect(users.expire(2_999)).toBe(3_000);
  expect(users.spoken("x", "a")).toBeDefined();
  changes.length = 0;
  expect(users.expire(3_000)).toBeUndefined();
  expect(users.spoken("x", "a")).toBeUndefined();
  expect(changes).toEqual(["x a"]);
  expect(users.size()).toBe(0);
});

test("who comes back and leaves again has another grace", () => {
  const { users, time, counts } = start();
  const first = users.connect("a");
  first.enter("x");
  first.leave("x");
  time.nowMs = 2_000;
  const second = users.connect("a");
  second.enter("x");
  second.leave("x");
  expect(users.expire(3_000)).toBe(5_000);
  expect(users.spoken("x", "a")).toBeDefined();
  expect(users.expire(5_000)).toBeUndefined();
  expect(users.spoken("x", "a")).toBeUndefined();
  expect(counts.graces).toBe(1);
});

test("without a grace who leaves is gone at once", () => {
  const { users, counts } = start({ graceMs: 0 });
  const a = users.connect("a");
  a.enter("x");
  a.leave("x");
  expect(users.spoken("x", "a")).toBeUndefined();
  expect(counts.graces).toBe(0);
});

test("at the bound another user is refused, another connection of one who is there is not", () => {
  const { users, counts } = start({ maxUsers: 2 });
  const [a, b, c] = ["a", "b", "c"].map((userId) => users.connect(userId));
  for (const connection of [a, b]) connection!.enter("x");
  expect(counts.refused).toBe(0);
  users.connect("a").enter("x");
  expect(counts.refused).toBe(0);
  c!.enter("x");
  expect([counts.refused, users.size()]).toEqual([1, 2]);
  c!.leave("x");
  c!.close();
  expect([...users.all()]).toEqual([
    ["x", "a"],
    ["x", "b"],
  ]);
});

test("entering and leaving twice is doing so once", () => {
  const { users } = start();
  const a = users.connect("a");
  a.enter("x");
  a.enter("x");
  a.leave("x");
  a.leave("x");
  a.leave("never");
  a.close();
  expect(users.expire(10_000)).toBeUndefined();
  expect([users.size(), [...users.channels()]]).toEqual([0, []]);
});
