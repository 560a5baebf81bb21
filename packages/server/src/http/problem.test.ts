import { expect, test } from "vitest";
import { LiveError } from "@livecache/wire";
import { problemOf } from "./problem.ts";

test("an error of the caller says what is wrong", () => {
  const { status, headers, body } = problemOf(new LiveError("LIVE_EVENT_INVALID", "title: expected string"));
  expect(status).toBe(400);
  expect(headers).toEqual({ "content-type": "application/problem+json", "cache-control": "no-store" });
  expect(JSON.parse(body)).toEqual({
    type: "about:blank",
    title: "Bad Request",
    status: 400,
    detail: "title: expected string",
    code: "LIVE_EVENT_INVALID",
    retryable: false,
  });
});

test("an error of ours keeps its message to itself, and says when to come back", () => {
  const { status, headers, body } = problemOf(new LiveError("LIVE_GROUND_AWAY", "redis://:secret@host"));
  expect(status).toBe(503);
  expect(headers["retry-after"]).toBe("1");
  expect(body).not.toContain("secret");
  expect(JSON.parse(body)).toMatchObject({ code: "LIVE_GROUND_AWAY", retryable: true });
});
