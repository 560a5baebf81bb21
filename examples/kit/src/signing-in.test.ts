import type { Request } from "express";
import { LiveError } from "livecache";
import { expect, test } from "vitest";
import { emailOf, givenBack } from "./signing-in.ts";

const sent = (body: unknown) => emailOf({ body } as Request);

test("an account is counted as one, however its address is written", () => {
  expect(sent({ email: "Asha@Demo.test", password: "x" })).toBe("asha@demo.test");
  expect(sent({ email: "  asha@demo.test " })).toBe("asha@demo.test");
});

test("what is no address is nobody's account", () => {
  for (const body of [undefined, {}, { email: 7 }, { email: "" }, { email: "a".repeat(201) }]) {
    expect(sent(body)).toBeUndefined();
  }
});

test("a revocation that waits for Redis is as good as done; any other failure is told", async () => {
  const pending = new LiveError("LIVE_REVOCATION_PENDING", "Redis is away.");
  await expect(givenBack(Promise.reject(pending))).resolves.toBeUndefined();
  await expect(givenBack(Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});
