import { LiveError } from "@livecache/wire";
import { ErrorReply } from "redis";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { createTasks } from "../base/tasks.ts";
import { createGuard } from "./guard.ts";
import type { Send } from "./wire.ts";

/** A guard before a connection that this test answers for; time is moved by hand. */
function openGuard(answer: () => Promise<{ readonly tookMs: number; readonly error?: LiveError }>) {
  let nowMs = 0;
  const pauses: number[] = [];
  const closing = new AbortController();
  const told: string[] = [];
  const unexpected: unknown[] = [];
  const tasks = createTasks((error) => unexpected.push(error));
  let sent = 0;
  const send: Send = async () => {
    sent++;
    const { tookMs, error } = await answer();
    nowMs += tookMs;
    if (error) throw error;
    return "OK";
  };
  const guard = createGuard({
    name: "commands",
    clock: {
      ...systemClock,
      now: () => nowMs,
      after(delayMs, task) {
        pauses.push(delayMs);
        nowMs += delayMs;
        queueMicrotask(task);
        return () => undefined;
      },
    },
    ...{ tasks, signal: closing.signal, commandTimeoutMs: 250, send },
    beat: (given) => given(["PING"]),
    chance: () => 1,
    onOpen: ({ message }) => told.push(message),
    onClose: () => told.push("closed"),
  });
  onTestFinished(async () => {
    closing.abort();
    await tasks.settled();
    expect(unexpected).toEqual([]);
  });
  return { guard, told, pauses, tasks, sent: () => sent };
}

/** A promise that a test keeps until it lets it go. */
function latch(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

const SILENCE = {
  tookMs: 250,
  error: new LiveError("LIVE_GROUND_TIMEOUT", "no answer", { details: { limitMs: 250 } }),
};

async function ask({ guard }: ReturnType<typeof openGuard>, times: number): Promise<unknown[]> {
  const codes: unknown[] = [];
  for (let count = 0; count < times; count++) {
    codes.push(await guard.send(["GET", "k"]).catch((error: LiveError) => error.code));
  }
  return codes;
}

test("after five commands without an answer the sixth is not sent, and two good probes let the next through", async () => {
  let isSilent = true;
  const probing = latch();
  const opened = openGuard(async () => {
    if (opened.sent() > 5) await probing.promise;
    return isSilent ? SILENCE : { tookMs: 1 };
  });
  expect(await ask(opened, 6)).toEqual([
    ...Array.from({ length: 5 }, () => "LIVE_GROUND_TIMEOUT"),
    "LIVE_GROUND_AWAY",
  ]);
  expect(opened.guard.state()).toMatchObject({ state: "half-open", reason: { type: "timeouts", calls: 5 } });
  expect(opened.told).toEqual([
    "commands: Redis is too slow: 5 commands in a row were not answered in time, over 1250 ms",
  ]);
  isSilent = false;
  probing.resolve();
  await opened.tasks.settled();
  expect(opened.told.at(-1)).toBe("closed");
  expect(opened.pauses).toEqual([250, 250]);
  expect(await ask(opened, 1)).toEqual(["OK"]);
});

test("answers count as such, also bad ones; what was never sent, or whose connection ended, does not", async () => {
  const refused = new LiveError("LIVE_GROUND_AWAY", "full", { cause: new ErrorReply("OOM") });
  const outcomes = [
    { tookMs: 1, error: refused },
    { tookMs: 1, error: new LiveError("LIVE_GROUND_BUSY", "busy") },
    { tookMs: 1_000, error: new LiveError("LIVE_GROUND_TIMEOUT", "the connection was lost") },
  ];
  let count = 0;
  const opened = openGuard(async () => outcomes[count++ % outcomes.length]!);
  await ask(opened, 60);
  expect(opened.guard.state()).toEqual({ state: "closed" });
  let turn = 0;
  const busy = openGuard(async () => (turn++ % 2 ? SILENCE : outcomes[1]!));
  await ask(busy, 10);
  expect(busy.guard.state().state).not.toBe("closed");
});

test("a deadline of one's own says nothing; a heartbeat that was answered after the deadline of commands does", async () => {
  const opened = openGuard(async () => ({ tookMs: 300 }));
  for (let count = 0; count < 10; count++) await opened.guard.send(["SCAN"], { limitMs: 1_000 });
  expect(opened.guard.state()).toEqual({ state: "closed" });
  const watched = opened.guard.watch(async () => void (await ask(opened, 1)));
  for (let count = 0; count < 6; count++) await watched(["TIME"], { limitMs: 450 }).catch(() => undefined);
  expect(opened.told[0]).toContain("commands in a row were not answered in time");
});

test("when the connection ends, probing ends, and nobody is told that it is well", async () => {
  const probing = latch();
  const opened = openGuard(async () => {
    if (opened.sent() > 5) await probing.promise;
    return opened.sent() > 5 ? { tookMs: 1 } : SILENCE;
  });
  await ask(opened, 5);
  await new Promise((resolve) => setImmediate(resolve));
  opened.guard.reset();
  probing.resolve();
  await opened.tasks.settled();
  expect(opened.guard.state()).toEqual({ state: "closed" });
  expect(opened.told).toHaveLength(1);
});

test("a connection that began slowly is probed before anybody may use it", async () => {
  const opened = openGuard(async () => ({ tookMs: 1 }));
  opened.guard.begin(-300);
  expect(await ask(opened, 1)).toEqual(["LIVE_GROUND_AWAY"]);
  expect(opened.told).toEqual(["commands: Redis is too slow: its first answer took 300 ms"]);
  await opened.tasks.settled();
  expect(opened.told.at(-1)).toBe("closed");
  expect(await ask(opened, 1)).toEqual(["OK"]);
});
