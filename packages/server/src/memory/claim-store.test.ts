import { expect, test } from "vitest";
import { createManualClock } from "../../test/socketio/manual-clock.ts";
import { createMemoryClaimStore } from "./claim-store.ts";

const MAX_BYTES = 9_500;

function start() {
  const clock = createManualClock();
  const store = createMemoryClaimStore({ clock, maxBytes: MAX_BYTES }, () => undefined);
  const done = async (name: string, keepMs = 60_000) => {
    await store.claim({ name, owner: "me", holdMs: 60_000 });
    await store.settle({ name, owner: "me", result: "x".repeat(400), keepMs });
  };
  const stateOf = async (name: string) => {
    const { state } = await store.claim({ name, owner: "probe", holdMs: 60_000 });
    if (state === "granted") await store.release(name, "probe");
    return state;
  };
  return { clock, done, stateOf };
}

test("results are forgotten, the oldest first, when they take more than the store may hold", async () => {
  const { done, stateOf } = start();
  // Each takes about 910 bytes.
  for (let index = 0; index < 10; index++) await done(`n${index}`);
  expect(await stateOf("n0")).toBe("done");
  await done("n10");
  expect([await stateOf("n0"), await stateOf("n1"), await stateOf("n10")]).toEqual([
    "granted",
    "done",
    "done",
  ]);
});

test("what is over makes room before anything that is not", async () => {
  const { clock, done, stateOf } = start();
  for (let index = 0; index < 5; index++) await done(`short ${index}`, 1_000);
  for (let index = 0; index < 5; index++) await done(`long ${index}`);
  clock.advance(1_000);
  for (let index = 5; index < 10; index++) await done(`long ${index}`);
  for (let index = 0; index < 10; index++) expect(await stateOf(`long ${index}`)).toBe("done");
});
