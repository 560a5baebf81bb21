import { expect, test } from "vitest";
import { createFrameGate } from "../../src/socketio/frame-gate.ts";
import { createManualClock } from "./manual-clock.ts";
import { serve } from "./serve.ts";

test("the gate lets a burst pass, refills with the rate, and ends who goes on", () => {
  const clock = createManualClock();
  const gate = createFrameGate(clock, { perSecond: 50, burst: 100, maxRefused: 3 });
  const take = (count: number) => Array.from({ length: count }, gate);
  expect(new Set(take(100))).toEqual(new Set(["handle"]));
  expect(take(2)).toEqual(["refuse", "refuse"]);
  clock.advance(19);
  expect(gate()).toBe("refuse");
  clock.advance(1);
  expect(gate()).toBe("handle");
  expect(take(1)).toEqual(["end"]);
});

test("a gate forgives what it refused once the client has paused", () => {
  const clock = createManualClock();
  const gate = createFrameGate(clock, { perSecond: 50, burst: 100, maxRefused: 3 });
  const take = (count: number) => Array.from({ length: count }, gate);
  take(103);
  clock.advance(1_999);
  take(99);
  expect(take(1)).toEqual(["end"]);
  clock.advance(2_000);
  take(100);
  expect(take(4)).toEqual(["refuse", "refuse", "refuse", "end"]);
});

test("a socket that sends too many frames is refused by name, and ended when it goes on; others notice nothing", async () => {
  const site = await serve();
  const [flooder, other] = [await site.connect(), await site.connect()];
  const ended = new Promise((resolve) => flooder.socket.once("disconnect", resolve));
  const answers = Array.from({ length: 1_300 }, () =>
    flooder.ask("leave", { channel: "news" }).catch(() => undefined),
  );
  expect(await ended).toBe("io server disconnect");
  expect(await other.ask("leave", { channel: "news" })).toEqual({ ok: true });
  const refused = (await Promise.all(answers)).find((answer) => answer && !answer.ok);
  expect(refused).toMatchObject({ code: "LIVE_LIMIT_REACHED", retryable: true });
  expect(site.attached.figures()).toMatchObject({ floodersEnded: 1 });
  expect(site.attached.figures().framesRefused).toBeGreaterThan(500);
});

test("a client that holds all it may can ask for everything at once when it comes back", async () => {
  const site = await serve();
  const token = await site.respond({ key: "dashboard" });
  const visitor = await site.connect();
  const watches = Array.from({ length: 500 }, () => visitor.ask("watch", { token }));
  const joins = Array.from({ length: 100 }, () => visitor.ask("join", { channel: "news" }));
  const answers = await Promise.all([...watches, ...joins]);
  expect(answers.filter((answer) => !answer.ok)).toEqual([]);
});

test("a socket that does not read is ended once more than 1 MiB waits for it; others get everything", async () => {
  const site = await serve();
  const [stuck, reader] = [await site.connect(), await site.connect()];
  for (const visitor of [stuck, reader]) await visitor.ask("join", { channel: "news" });
  const { ws } = stuck.socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } };
  ws.pause();
  const item = site.live.event("news", {}, "item", "x".repeat(60_000));
  let published = 0;
  await expect
    .poll(
      async () => {
        for (let round = 0; round < 20; round++) await site.live.change({ emit: [item] });
        published += 20;
        return site.attached.figures().slowReadersEnded;
      },
      { timeout: 20_000, interval: 50 },
    )
    .toBe(1);
  expect((await reader.names(published)).length).toBe(published);
  expect(site.io.sockets.sockets.size).toBe(1);
  ws.resume();
});
