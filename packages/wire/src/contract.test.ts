import { expect, test } from "vitest";
import { RESERVED_EVENTS, defineContract } from "./contract.ts";
import type { Schemas } from "./contract.ts";
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

test("what a channel keeps is bounded in number and age, at the bounds and beyond", () => {
  const define = (history: unknown) => () =>
    defineContract({ channels: { a: { events: {}, history: history as { events: number } } } });
  for (const good of [false, {}, { events: 1 }, { events: 10_000 }, { age: "1s" }, { age: "7d" }]) {
    expect(define(good), JSON.stringify(good)).not.toThrow();
  }
  for (const bad of [{ events: 0 }, { events: 10_001 }, { events: 1.5 }, { events: "5" }]) {
    expect(define(bad), JSON.stringify(bad)).toThrow(
      /history\.events must be a whole number from 1 to 10000/,
    );
  }
  for (const bad of [{ age: "0s" }, { age: "8d" }, { age: "604801s" }, { age: "5 minutes" }, { age: 5 }]) {
    expect(define(bad), JSON.stringify(bad)).toThrow(/history\.age must be from "1s" to "7d"/);
  }
});

test("unknown fields, wrong flags and a name that is event and whisper at once are refused", () => {
  const define = (channel: object) => () => defineContract({ channels: { a: channel as { events: {} } } });
  expect(define({ events: {}, histroy: false })).toThrow(/"histroy" is not known there; expected events/);
  expect(define({ events: {}, presence: "yes" })).toThrow(/presence must be true or false/);
  expect(define({ events: { x: schema }, whispers: { x: schema } })).toThrow(/"x" is an event and a whisper/);
  expect(define({ events: {}, whispers: { "1": schema } })).toThrow(/event name "1"/);
  expect(define({ events: {}, messages: { say: {} } })).toThrow(/expected a Standard Schema/);
});

test("regions name a channel with one parameter, and a precision from 1 to 12", () => {
  const channels = { "region/:cell": { events: {} }, plain: { events: {} }, "a/:b/:c": { events: {} } };
  const define = (channel: string, precision: number) => () =>
    defineContract({ channels, regions: { channel, precision } });
  for (const precision of [1, 12]) expect(define("region/:cell", precision)).not.toThrow();
  for (const precision of [0, 13, 1.5]) expect(define("region/:cell", precision)).toThrow(/1 to 12/);
  expect(define("plain", 6)).toThrow(/exactly one parameter/);
  expect(define("a/:b/:c", 6)).toThrow(/exactly one parameter/);
  expect(define("elsewhere/:cell", 6)).toThrow(/is not one of the contract's channels/);
});

test("kinds of notifications are named and described like events", () => {
  const define = (notifications: Schemas) => () => defineContract({ channels: {}, notifications });
  expect(define({ comment: schema })).not.toThrow();
  expect(define({ "a b": schema })).toThrow(/of notifications: event name "a b"/);
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
