import { beforeEach, expect, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import type { ManualClock } from "../../test/socketio/manual-clock.ts";
import { createPasses } from "./passes.ts";
import type { Passage, Passes } from "./passes.ts";

let clock: ManualClock;
let passes: Passes<string>;

beforeEach(() => {
  clock = createManualClock();
  passes = createPasses<string>(clock, { passMs: 1_000, maxBytes: 10_000 });
});

function passage(part: Partial<Passage<string>> = {}): Passage<string> {
  return { route: "r", key: "k", digest: "d", identity: "ana", standing: { vary: "origin" }, ...part };
}

test("a request gets a pass once the framework has answered it twice alike", () => {
  passes.note("GET /", passage());
  expect(passes.find("GET /")).toBeUndefined();
  passes.note("GET /", passage());
  expect(passes.find("GET /")).toMatchObject({ key: "k" });
  expect(passes.find("GET /other")).toBeUndefined();
});

test.each([
  ["who asks", { identity: "bo" }],
  ["which response it is", { key: "l" }],
  ["a header of the application's", { standing: { vary: "origin", "x-nonce": "7" } }],
  ["the route", { route: "s" }],
  ["what it varies by", { digest: "e" }],
])("when %s is different, it has to be answered alike once more", (_, part) => {
  passes.note("GET /", passage());
  passes.note("GET /", passage());
  passes.note("GET /", passage(part));
  expect(passes.find("GET /")).toBeUndefined();
  passes.note("GET /", passage(part));
  expect(passes.find("GET /")).toMatchObject(part);
});

test("a pass ends after its time, to the millisecond, and each passage renews it", () => {
  passes.note("GET /", passage());
  passes.note("GET /", passage());
  clock.advance(999);
  expect(passes.find("GET /")).toBeDefined();
  clock.advance(1);
  expect(passes.find("GET /")).toBeUndefined();
  passes.note("GET /", passage());
  expect(passes.find("GET /")).toBeDefined();
});

test("a pass can be revoked, and all of them cleared", () => {
  for (const request of ["a", "b"]) for (let i = 0; i < 2; i++) passes.note(request, passage());
  passes.revoke("a");
  expect([passes.find("a"), passes.find("b")?.key]).toEqual([undefined, "k"]);
  passes.clear();
  expect(passes.find("b")).toBeUndefined();
});

test("passes are bounded by bytes, and the one used longest ago leaves first", () => {
  for (let i = 0; i < 10; i++) for (let time = 0; time < 2; time++) passes.note(`GET /${i}`, passage());
  const left = Array.from({ length: 10 }, (_, i) => passes.find(`GET /${i}`) !== undefined);
  expect(left.filter(Boolean).length).toBe(9);
  expect(left[0]).toBe(false);
});
