import { expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { createTasks } from "../base/tasks.ts";
import type { GroundAdvice, GroundStatus } from "../ports/ground.ts";
import { tellAdvice } from "./tell-advice.ts";

const ADVICE: GroundAdvice = { code: "full", isWarning: true, what: "what", why: "why", fix: "fix" };

test("a warning is told once, once more when it was mended in between, and a note never; closing ends it", async () => {
  const closing = new AbortController();
  const warned: string[] = [];
  let advice: readonly GroundAdvice[] = [];
  let minutes = 0;
  const listeners = new Set<(status: GroundStatus) => void>();
  const tasks = createTasks((error) => warned.push(String(error)));
  const steps = [
    [],
    [ADVICE],
    [ADVICE, { ...ADVICE, code: "version", isWarning: false }],
    [],
    [ADVICE],
  ] as const;
  tellAdvice({
    ground: {
      kind: "redis",
      advice: () => advice,
      onStatus(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    clock: {
      ...systemClock,
      after(delayMs, task) {
        expect(delayMs).toBe(60_000);
        advice = steps[++minutes] ?? advice;
        if (minutes >= steps.length) closing.abort();
        queueMicrotask(task);
        return () => undefined;
      },
    },
    tasks,
    signal: closing.signal,
    warn: (message) => void warned.push(message),
  });
  await tasks.settled();
  const line = "about the redis ground: what; why. To mend it: fix";
  expect(warned).toEqual([line, line]);
  expect(listeners.size).toBe(0);
});
