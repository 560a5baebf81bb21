import { LiveError } from "@livecache/wire";
import { expect, test } from "vitest";
import { toRefusal } from "./refusal.ts";

test("a refusal that is meant for clients is told as it is", () => {
  const away = new LiveError("LIVE_GROUND_AWAY", "The ground is away.");
  expect(toRefusal(away)).toEqual({
    ok: false,
    code: "LIVE_GROUND_AWAY",
    message: "The ground is away.",
    retryable: true,
  });
});

test.each([
  new Error("password=secret"),
  new LiveError("LIVE_GROUND_REFUSED", "secret"),
  new LiveError("LIVE_OPTIONS_INVALID", "secret"),
  "secret",
  undefined,
])("a fault of the server is told as LIVE_REQUEST_FAILED, without a word of it: %s", (fault) => {
  const refusal = toRefusal(fault);
  expect(refusal).toMatchObject({ ok: false, code: "LIVE_REQUEST_FAILED", retryable: true });
  expect(refusal.message).not.toContain("secret");
});
