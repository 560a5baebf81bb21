import { LiveError } from "@livecache/wire";
import { ErrorReply } from "redis";
import { expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { createTasks } from "../base/tasks.ts";
import { answersOf } from "./ask-several.ts";
import { toLiveError } from "./failure.ts";
import { askSentinel, newestOf } from "./sentinel-answer.ts";
import type { Send } from "./wire.ts";

/** A Sentinel that answers so; a text is an error. */
function sentinel(address: unknown, details: unknown = {}): Send {
  return async ([, question]) => {
    const reply = question === "MASTER" ? details : address;
    if (typeof reply === "string") throw toLiveError("Sentinel", new ErrorReply(reply));
    return reply;
  };
}

test.each([
  [{ "config-epoch": "7" }, 7],
  [["name", "n", "config-epoch", "7"], 7],
  [{}, 0],
  ["NOPERM this user has no permissions", 0],
])("the primary is told with its epoch, as far as we may know it (%j)", async (details, configEpoch) => {
  const answer = await askSentinel(sentinel(["10.0.0.1", "6379"], details), "n");
  expect(answer).toEqual({ primary: { host: "10.0.0.1", port: 6379 }, configEpoch });
});

test.each([
  [null, 'knows no primary "n"'],
  ["ERR unknown command 'SENTINEL'", "is no Sentinel"],
  ["NOAUTH Authentication required.", "NOAUTH"],
  [["10.0.0.1"], "not ours"],
  [["", "6379"], "not ours"],
])("%j is refused", async (address, text) => {
  await expect(askSentinel(sentinel(address), "n")).rejects.toMatchObject({
    code: "LIVE_GROUND_REFUSED",
    message: expect.stringContaining(text),
  });
});

test("the answer that knows of the latest failover counts", () => {
  const at = (port: number, configEpoch: number) => ({ primary: { host: "h", port }, configEpoch });
  expect(newestOf([at(1, 3), at(2, 5), at(3, 4)])).toEqual(at(2, 5));
  expect(newestOf([])).toBeUndefined();
});

test("after one good answer the others are waited for a moment, and no longer; failures alone are all waited for", async () => {
  const pauses: number[] = [];
  const closing = new AbortController();
  const clock = {
    ...systemClock,
    after(ms: number, task: () => void) {
      pauses.push(ms);
      return systemClock.after(1, task);
    },
  };
  const asking = { clock, signal: closing.signal, tasks: createTasks(() => undefined) };
  const fails = () => Promise.reject(new LiveError("LIVE_GROUND_AWAY", "away"));
  const never = new Promise<number>(() => undefined);
  expect(await answersOf(asking, [fails(), Promise.resolve(1), never])).toMatchObject({
    answers: [1],
    failures: [{ code: "LIVE_GROUND_AWAY" }],
  });
  expect(pauses).toEqual([100]);
  expect((await answersOf(asking, [fails(), fails()])).failures).toHaveLength(2);
  expect(await answersOf(asking, [])).toEqual({ answers: [], failures: [] });
});
