import { expect, test } from "vitest";
import { createTypists, shownTo } from "./typists.ts";

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `u${String(index).padStart(4, "0")}`);
}

test("somebody types as long as was said, or until it is said that they do not", () => {
  const typists = createTypists();
  typists.hear({ node: "n1", userId: "ben", ttlMs: 5_000 }, 0);
  typists.hear({ node: "n1", userId: "ana", ttlMs: 5_000 }, 1_000);
  expect(typists.users()).toEqual(["ana", "ben"]);
  expect(typists.nextEndMs()).toBe(5_000);
  typists.sweep(4_999);
  expect(typists.users()).toEqual(["ana", "ben"]);
  typists.sweep(5_000);
  expect(typists.users()).toEqual(["ana"]);
  typists.hear({ node: "n1", userId: "ana", ttlMs: 0 }, 5_500);
  expect(typists.users()).toEqual([]);
  expect(typists.nextEndMs()).toBeUndefined();
});

test("who types by way of two nodes types until both have said that it is over", () => {
  const typists = createTypists();
  typists.hear({ node: "n1", userId: "ana", ttlMs: 5_000 }, 0);
  typists.hear({ node: "n2", userId: "ana", ttlMs: 5_000 }, 0);
  typists.hear({ node: "n1", userId: "ana", ttlMs: 0 }, 10);
  expect(typists.users()).toEqual(["ana"]);
  typists.hear({ node: "n2", userId: "ana", ttlMs: 0 }, 20);
  expect(typists.users()).toEqual([]);
});

test("50 are shown by name, the 51st is counted, and nobody is shown to themselves", () => {
  const fifty = names(50);
  expect(shownTo(undefined, fifty)).toEqual({ users: fifty });
  expect(shownTo("another", [...fifty, "z"])).toEqual({ users: fifty, more: 1 });
  expect(shownTo("z", [...fifty, "z"])).toEqual({ users: fifty });
  expect(shownTo("u0000", [...fifty, "z"])).toEqual({ users: [...fifty.slice(1), "z"] });
});

test("500 are remembered in one channel; the 501st is not heard, those who are renew their time", () => {
  const typists = createTypists();
  for (const userId of names(501)) typists.hear({ node: "n1", userId, ttlMs: 5_000 }, 0);
  expect(typists.users()).toEqual(names(500));
  typists.hear({ node: "n1", userId: "u0000", ttlMs: 5_000 }, 1_000);
  typists.sweep(5_000);
  expect(typists.users()).toEqual(["u0000"]);
  typists.hear({ node: "n1", userId: "u0500", ttlMs: 5_000 }, 5_000);
  expect(typists.users()).toEqual(["u0000", "u0500"]);
});
