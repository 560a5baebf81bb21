import { createServer, get } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { captureResponse } from "./capture.ts";
import type { Capture } from "./capture.ts";
import { HANDLER_LIMIT_MS } from "../http/handler-run.ts";

/** A clock whose time is up when the test says so. */
function createHandClock() {
  const due = new Set<() => void>();
  const clock = {
    ...systemClock,
    after(delayMs: number, task: () => void) {
      expect(delayMs).toBe(HANDLER_LIMIT_MS);
      due.add(task);
      return () => void due.delete(task);
    },
  };
  return { clock, due };
}

/** One captured response, and what its client receives in the end. */
async function captureOne(clock: typeof systemClock) {
  const causes: string[] = [];
  let hand: (made: { res: ServerResponse; capture: Capture }) => void;
  const captured = new Promise<{ res: ServerResponse; capture: Capture }>((resolve) => (hand = resolve));
  const server = createServer((_req, res) => {
    const onRelease = (cause: string) => void causes.push(cause);
    hand({
      res,
      capture: captureResponse(res, { maxBytes: 100, mayHold: (status) => status === 200, clock, onRelease }),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const received = new Promise<string>((resolve) => {
    get({ host: "127.0.0.1", port: (server.address() as AddressInfo).port, agent: false }, (incoming) => {
      let body = "";
      incoming.on("data", (chunk: Buffer) => (body += chunk.toString()));
      incoming.on("end", () => resolve(body));
    });
  });
  return { ...(await captured), received, causes };
}

test("when a handler takes too long, those who wait are let go, and its own client still gets everything", async () => {
  const { clock, due } = createHandClock();
  const { res, capture, received, causes } = await captureOne(clock);
  res.write("early, ");
  for (const task of due) task();
  expect(await capture.outcome).toEqual({ type: "released", cause: "slow" });
  expect(causes).toEqual(["slow"]);
  expect(due.size).toBe(0);
  res.end("late");
  expect(await received).toBe("early, late");
});

test("a handler that has ended has no time limit any more, and is sent what the cache decides", async () => {
  const { clock, due } = createHandClock();
  const { res, capture, received, causes } = await captureOne(clock);
  res.end("from the handler");
  const outcome = await capture.outcome;
  expect(outcome).toMatchObject({ type: "complete", head: { status: 200, headers: {}, outer: {} } });
  expect(due.size).toBe(0);
  expect(causes).toEqual([]);
  capture.send(Buffer.from("from the cache"));
  expect(await received).toBe("from the cache");
});

test("a complete response that is opened again can be answered by somebody else", async () => {
  const { res, capture, received } = await captureOne(createHandClock().clock);
  res.end("from the handler");
  await capture.outcome;
  expect(res.headersSent).toBe(true);
  capture.open();
  expect(res.headersSent).toBe(false);
  res.statusCode = 500;
  res.end("from error handling");
  expect(await received).toBe("from error handling");
});
