import { expect, test } from "vitest";
import { RESERVED_EVENTS, defineContract } from "./contract.ts";
import { ERRORS, LiveError, isLiveError } from "./errors.ts";
import { describeIssues } from "./standard-schema.ts";

const schema = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;

test("a well-formed contract is returned as it is", () => {
  const contract = { channels: { "hostel/:hostelId": { events: { new_issue: schema } } } } as const;
  expect(defineContract(contract)).toBe(contract);
});

test.each(RESERVED_EVENTS)("the event name %s is refused as reserved", (name) => {
  expect(() => defineContract({ channels: { a: { events: { [name]: schema } } } })).toThrow(
    expect.objectContaining({ code: "LIVE_CONTRACT_INVALID", message: expect.stringContaining("reserved") }),
  );
});

test("malformed patterns, event names and schemas are refused by name", () => {
  const define = (pattern: string, event: string, value: unknown) => () =>
    defineContract({ channels: { [pattern]: { events: { [event]: value as typeof schema } } } });
  expect(define("a b", "x", schema)).toThrow(/Channel "a b"/);
  expect(define("a", "1x", schema)).toThrow(/event name "1x"/);
  expect(define("a", "x".repeat(65), schema)).toThrow(/at most 64/);
  expect(define("a", "x".repeat(64), schema)).not.toThrow();
  for (const value of [undefined, null, {}, "string", { "~standard": {} }]) {
    expect(define("a", "x", value)).toThrow(/expected a Standard Schema/);
  }
});

test("an error is recognised by its brand and carries its registry entry", () => {
  const cause = new Error("below");
  const error = new LiveError("LIVE_GROUND_AWAY", "away", { cause, details: { port: 1 } });
  expect(error).toMatchObject({ code: "LIVE_GROUND_AWAY", retryable: true, details: { port: 1 }, cause });
  expect(ERRORS[error.code].status).toBe(503);
  expect(isLiveError(error)).toBe(true);
  for (const other of [new Error("x"), null, undefined, "LIVE_GROUND_AWAY", {}])
    expect(isLiveError(other)).toBe(false);
});

test("issues of a schema are told in one line, at most five", () => {
  expect(describeIssues([{ message: "required", path: ["a", { key: 0 }] }, { message: "odd" }])).toBe(
    "a.0: required; odd",
  );
  expect(describeIssues(Array.from({ length: 9 }, () => ({ message: "x" }))).split(";")).toHaveLength(5);
});
