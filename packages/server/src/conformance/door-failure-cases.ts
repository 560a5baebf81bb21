import assert from "node:assert/strict";
import { LiveError } from "@livecache/wire";
import { counted, createGate } from "./door-site.ts";
import type { DoorCase } from "./door-site.ts";
import { eventually } from "./eventually.ts";

const TTL = { ttl: "5m" } as const;

/** Handlers that fail, are slow, or lose their client. */
export const doorFailureCases: readonly DoorCase[] = [
  [
    "what a handler throws reaches the framework's error handling, and nothing is stored",
    async (open) => {
      const handler = counted((run) => {
        if (run === 1) throw new Error("broken");
        return { body: String(run) };
      });
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      const [failed, next] = [await get("/a"), await get("/a")];
      assert.equal(failed.status, 500);
      assert.equal(failed.detail, "not-storable:status");
      assert.deepEqual([next.status, next.text, next.detail], [200, "2", "absent"]);
    },
  ],
  [
    "those who wait for a handler that fails are answered by runs of their own",
    async (open) => {
      const gate = createGate();
      const handler = counted(async (run) => {
        if (run > 1) return { body: "fine" };
        await gate.opened;
        throw new Error("broken");
      });
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: handler.handle }] });
      const first = get("/a");
      await eventually("the handler runs", () => handler.runs() === 1);
      const others = [get("/a"), get("/a"), get("/a")];
      gate.open();
      assert.equal((await first).status, 500);
      for (const { status, text } of await Promise.all(others))
        assert.deepEqual([status, text], [200, "fine"]);
    },
  ],
  [
    "an error of Livecache is answered as application/problem+json",
    async (open) => {
      const { get } = await open({
        routes: [
          {
            path: "/a",
            cached: TTL,
            handle() {
              throw new LiveError("LIVE_INPUT_INVALID", "key: expected a word, received nothing.");
            },
          },
        ],
      });
      const { status, headers, text } = await get("/a");
      assert.equal(status, 400);
      assert.match(String(headers["content-type"]), /^application\/problem\+json\b/);
      assert.equal((JSON.parse(text) as { code: string }).code, "LIVE_INPUT_INVALID");
      assert.equal(headers["cache-control"], "no-store");
    },
  ],
  [
    "a route that varies by what an identity does not have is an error, not a shared response",
    async (open) => {
      const cached = { ...TTL, vary: ["tenant"] };
      const handler = counted();
      const { get } = await open({ routes: [{ path: "/a", cached, handle: handler.handle }] });
      const { status, text } = await get("/a", { authorization: "Bearer ana:student" });
      assert.equal(status, 500);
      assert.match(text, /LIVE_OPTIONS_INVALID/);
      assert.equal(handler.runs(), 0);
    },
  ],
  [
    "a client that leaves does not end the handler's run for those who wait",
    async (open) => {
      const gate = createGate();
      const handler = counted(async (run) => {
        await gate.opened;
        return { body: String(run) };
      });
      const { get, askAndLeave } = await open({
        routes: [{ path: "/a", cached: TTL, handle: handler.handle }],
      });
      const leave = askAndLeave("/a");
      await eventually("the handler runs", () => handler.runs() === 1);
      const other = get("/a");
      leave();
      gate.open();
      const { status, text } = await other;
      assert.deepEqual([status, text], [200, "1"]);
      assert.equal((await get("/a")).text, "1");
    },
  ],
  [
    "a handler that never answers does not keep others from being answered",
    async (open) => {
      const never = createGate();
      const handler = counted(async (run) => {
        if (run === 1) await never.opened;
        return { body: String(run) };
      });
      const { get, askAndLeave } = await open({
        routes: [{ path: "/a", cached: TTL, handle: handler.handle }],
      });
      const leave = askAndLeave("/a");
      await eventually("the handler runs", () => handler.runs() === 1);
      leave();
      // Longer than a handler is waited for (10 s, unless the clock of the door under test makes less of it): the client waits with us, and nobody sleeps.
      const { status, text } = await get("/a");
      assert.deepEqual([status, text], [200, "2"]);
      never.open();
    },
  ],
  [
    "a client that leaves an event stream ends it",
    async (open) => {
      const ended = createGate();
      async function* ticks(): AsyncIterable<Uint8Array> {
        try {
          for (;;) {
            yield Buffer.from("data: tick\n\n");
            await new Promise((resolve) => setImmediate(resolve));
          }
        } finally {
          ended.open();
        }
      }
      const { stream } = await open({
        routes: [
          {
            path: "/a",
            cached: TTL,
            handle: () => ({ body: ticks(), headers: { "content-type": "text/event-stream" } }),
          },
        ],
      });
      const reading = await stream("/a");
      assert.match(String(await reading.next()), /^data: tick/);
      reading.leave();
      await ended.opened;
    },
  ],
  [
    "a target that is badly encoded passes the cache",
    async (open) => {
      const { get } = await open({ routes: [{ path: "/a", cached: TTL, handle: counted().handle }] });
      const replies = [await get("/a?x=%E0%A4%A"), await get("/a?x=%E0%A4%A")];
      for (const { status, detail } of replies) assert.deepEqual([status, detail], [200, "bypass:target"]);
    },
  ],
];
