import assert from "node:assert/strict";
import { isLiveError } from "@livecache/wire";
import type { ConformanceGround } from "./run-cases.ts";

/**
 * Closes a ground while all of `calls` are on their way, and once more. Those calls answer or reject with `LIVE_CLOSED`; every
 * call after it rejects so.
 */
export async function afterClosing(
  ground: ConformanceGround,
  calls: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const onTheWay = Object.values(calls).map((call) => call());
  const ended = Promise.allSettled(onTheWay);
  await Promise.all([ground.close(), ground.close()]);
  for (const outcome of await ended) {
    if (outcome.status === "rejected") assert.equal(codeOf(outcome.reason), "LIVE_CLOSED");
  }
  for (const [name, call] of Object.entries(calls)) {
    const outcome = await call().then(
      () => "an answer",
      (error: unknown) => codeOf(error),
    );
    assert.equal(outcome, "LIVE_CLOSED", `${name} after closing`);
  }
}

function codeOf(error: unknown): string {
  return isLiveError(error) ? error.code : String(error);
}
