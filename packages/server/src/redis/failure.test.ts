import { ErrorReply } from "redis";
import { expect, test } from "vitest";
import { LiveError } from "@livecache/wire";
import { damaged, isReplicaReply, toLiveError } from "./failure.ts";

test.each([
  "LOADING Redis is loading the dataset in memory",
  "BUSY Redis is busy running a script",
  "READONLY You can't write against a read only replica.",
  "MASTERDOWN Link with MASTER is down",
  "CLUSTERDOWN The cluster is down",
  "NOREPLICAS Not enough good replicas to write.",
  "OOM command not allowed when used memory > 'maxmemory'.",
  "MISCONF Redis is configured to save RDB snapshots",
  "ERR max number of clients reached",
])("%s: away, and may be tried again", (text) => {
  const error = toLiveError("commands: GET", new ErrorReply(text), true);
  expect(error).toMatchObject({ code: "LIVE_GROUND_AWAY", retryable: true });
  expect(error.message).toBe(`commands: GET: Redis cannot serve now: ${text}`);
});

test.each([
  "WRONGPASS invalid username-password pair or user is disabled.",
  "NOAUTH Authentication required.",
  "NOPERM this user has no permissions to run the 'evalsha' command",
  "ERR unknown command 'SPUBLISH'",
  "WRONGTYPE Operation against a key holding the wrong kind of value",
])("%s: refused, and trying again is of no use", (text) => {
  const error = toLiveError("commands: GET", new ErrorReply(text), true);
  expect(error).toMatchObject({ code: "LIVE_GROUND_REFUSED", retryable: false });
  expect(error.message).toContain(text);
});

test("a script that met a moving slot may have done something, and may be tried again", () => {
  const reply = new ErrorReply(
    "ERR Script attempted to access a non local key in a cluster node script: 6c86",
  );
  const error = toLiveError("commands: EVALSHA", reply, true);
  expect(error).toMatchObject({ code: "LIVE_GROUND_TIMEOUT", retryable: true });
  expect(error.message).toContain("it may have happened in part");
});

test("a broken connection says nothing of a command that was sent, and everything of one that was not", () => {
  const broken = new Error("Socket closed unexpectedly");
  expect(toLiveError("GET", broken, true).code).toBe("LIVE_GROUND_TIMEOUT");
  expect(toLiveError("GET", broken).code).toBe("LIVE_GROUND_AWAY");
});

test("an error of ours stays as it is, and every other one is kept as the cause", () => {
  const ours = new LiveError("LIVE_CLOSED", "closed");
  expect(toLiveError("GET", ours, true)).toBe(ours);
  const broken = new Error("broken");
  expect(toLiveError("GET", broken).cause).toBe(broken);
});

test.each([
  [Object.assign(new Error(""), { code: "ECONNREFUSED" }), "ECONNREFUSED"],
  [new AggregateError([new Error("connect ECONNREFUSED ::1"), new Error("other")]), "ECONNREFUSED ::1"],
  ["a text", "a text"],
  [undefined, "undefined"],
])("the reason is told, whatever its form", (cause, text) => {
  expect(toLiveError("connecting", cause).message).toContain(text);
});

test.each([
  ["redis://:secret@host:1/2", "redis://***@host:1/2"],
  ["redis://user:se%40cret@host", "redis://***@host"],
  ["redis://user:se@cret@host", "redis://***@host"],
  ["rediss://secret@a and redis://x:secret@b", "rediss://***@a and redis://***@b"],
  ["redis://host:6379", "redis://host:6379"],
])("%s is shown as %s", (text, shown) => {
  const { message } = toLiveError("connecting", new Error(text));
  expect(message).toContain(shown);
  expect(message).not.toContain("secret");
});

test("a replica is told by its replies alone", () => {
  expect(isReplicaReply(new ErrorReply("READONLY You can't write"))).toBe(true);
  expect(isReplicaReply(new ErrorReply("MASTERDOWN Link"))).toBe(true);
  expect(isReplicaReply(new ErrorReply("LOADING"))).toBe(false);
  expect(isReplicaReply(new Error("READONLY"))).toBe(false);
});

test("a reply that is not ours is shown, but never at length", () => {
  const error = damaged("head", "x".repeat(10_000));
  expect(error.code).toBe("LIVE_GROUND_REFUSED");
  expect(error.message.length).toBeLessThan(200);
  expect(damaged("head", undefined).message).toContain("undefined");
});
