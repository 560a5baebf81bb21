import { expect, test } from "vitest";
import { until } from "./until.ts";

test("until answers the first thing that is true, also when it comes as a promise", async () => {
  let asked = 0;
  const answer = await until(() => Promise.resolve(++asked === 3 && "there"), {
    what: "it",
    withinMs: 1_000,
  });
  expect([answer, asked]).toEqual(["there", 3]);
});

test("until rejects with what did not happen, and with why the last try failed", async () => {
  const failing = until(() => Promise.reject(new Error("no door")), { what: "the door opens", withinMs: 30 });
  await expect(failing).rejects.toThrow("not within 30 ms: the door opens");
  await expect(failing).rejects.toMatchObject({ cause: new Error("no door") });
});
