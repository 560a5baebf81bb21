import { LiveError } from "@livecache/wire";
import { expect, test } from "vitest";
import type { Clock } from "../base/clock.ts";
import type { SourceNews } from "../ports/change-source.ts";
import { keepRunning } from "./keep-running.ts";

/** A clock that does at once what is to be done later, and notes how much later. */
function hastyClock(): Clock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  return {
    pauses,
    now: () => 0,
    wall: () => 0,
    after(delayMs, task) {
      pauses.push(delayMs);
      queueMicrotask(task);
      return () => undefined;
    },
  };
}

/** Runs sessions that end as they are told, the last for good. */
async function run(endings: readonly (Error | "fine" | "settled")[]) {
  const clock = hastyClock();
  const news: SourceNews[] = [];
  let sessions = 0;
  await new Promise<void>((resolve) => {
    keepRunning({
      clock,
      sink: {
        tell(told) {
          news.push(told);
          if (told.state === "stopped") resolve();
        },
      },
      async session(_, settled) {
        const ending = endings[sessions++] ?? new LiveError("LIVE_SOURCE_STOPPED", "enough");
        if (ending === "settled") settled();
        if (ending instanceof Error) throw ending;
      },
    });
  });
  return { sessions, news: news.map(({ state }) => state), pauses: clock.pauses };
}

test("sessions follow one another, and what went wrong is told", async () => {
  const { sessions, news } = await run([
    new Error("gone"),
    "fine",
    new LiveError("LIVE_SOURCE_MOVED", "moved"),
  ]);
  expect(sessions).toBe(4);
  expect(news).toEqual(["away", "stopped"]);
});

test("pauses are of random length, up to 5 s while sessions fail, and short again once one has worked", async () => {
  const gone = new Error("gone");
  const { pauses } = await run([...Array.from({ length: 200 }, () => gone), "settled", gone]);
  expect(Math.max(...pauses)).toBeGreaterThan(2_500);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(5_000);
  expect(new Set(pauses.slice(10)).size).toBeGreaterThan(100);
  expect(pauses.at(-1)).toBeLessThanOrEqual(400);
});

test("a set-up that is wrong, and poison that stops, are not tried again", async () => {
  for (const code of ["LIVE_SOURCE_REFUSED", "LIVE_SOURCE_STOPPED", "LIVE_OPTIONS_INVALID"] as const) {
    const { sessions, news } = await run([new LiveError(code, "no")]);
    expect(sessions).toBe(1);
    expect(news).toEqual(["stopped"]);
  }
});

test("closing ends the running session, and there is no other; nothing is told of that", async () => {
  const news: SourceNews[] = [];
  let sessions = 0;
  const running = keepRunning({
    clock: hastyClock(),
    sink: { tell: (told) => void news.push(told) },
    session(signal) {
      sessions++;
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("ended"))));
    },
  });
  await Promise.all([running.close(), running.close()]);
  expect({ sessions, news }).toEqual({ sessions: 1, news: [] });
});
