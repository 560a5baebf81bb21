import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import type { Clock } from "../../src/base/clock.ts";
import type { Socket as ServerSocket } from "socket.io";
import { openRawSocket } from "@livecache/rig";
import type { RawClient } from "@livecache/rig";
import { serve } from "./serve.ts";
import type { Site } from "./serve.ts";

const KIB = 1024;
const BODY = "x".repeat(8 * KIB);

/** A client spoken by hand, in channel `news`. */
async function joinRaw(site: Site): Promise<RawClient> {
  const raw = await openRawSocket(site.url);
  await expect.poll(() => raw.texts.some((text) => text.startsWith("40"))).toBe(true);
  raw.send('420["join",{"channel":"news"}]');
  await expect.poll(() => raw.texts.some((text) => text.startsWith("430"))).toBe(true);
  return raw;
}

interface Seen {
  readonly number: number;
  readonly offset: number;
}

/** The events of `news` that a raw client has read. */
function eventsOf(raw: RawClient): Seen[] {
  return raw.texts
    .filter((text) => text.startsWith('42["item"'))
    .map((text) => JSON.parse(text.slice(2)) as [string, { number: number }, { cursor: string }])
    .map(([, { number }, { cursor }]) => ({ number, offset: Number(cursor.split("-").at(-1)) }));
}

function framesOf(raw: RawClient, name: string): unknown[] {
  return raw.texts
    .filter((text) => text.startsWith(`42["${name}"`))
    .map((text) => (JSON.parse(text.slice(2)) as unknown[])[1]);
}

/** What waits on the server for one socket: in the engine's list, and in the socket below. */
function waitingFor(socket: ServerSocket): number {
  const { writeBuffer, transport } = socket.conn as unknown as {
    writeBuffer: { data?: string }[];
    transport: { socket: { bufferedAmount: number } };
  };
  return writeBuffer.reduce((sum, { data = "" }) => sum + data.length, 0) + transport.socket.bufferedAmount;
}

/** Publishes items to `news` until `done`, and answers how many; `most` bytes waited for one socket meanwhile. */
async function publish(site: Site, done: (published: number) => boolean, from = 0) {
  let published = from;
  let most = 0;
  while (!done(published)) {
    const emit = [site.live.event("news", {}, "item", { number: published, pad: BODY })];
    await site.live.change({ emit });
    published++;
    // The sockets get their turn.
    await new Promise((resolve) => setImmediate(resolve));
    for (const socket of site.io.sockets.sockets.values()) most = Math.max(most, waitingFor(socket));
  }
  return { published, most };
}

const isRow = (seen: readonly Seen[]): boolean =>
  seen.every(({ number, offset }, index) => number === index && offset === seen[0]!.offset + index);

test("a stuck reader takes at most 1 MiB; once it reads again it gets what it missed from the history, in order and once; others get all of it at once", async () => {
  const site = await serve();
  const [stuck, reader] = [await joinRaw(site), await joinRaw(site)];
  stuck.stopReading();
  const socket = [...site.io.sockets.sockets.values()][0]!;
  const { published: full, most } = await publish(
    site,
    (count) => waitingFor(socket) > 850 * KIB || count > 3_000,
  );
  expect(waitingFor(socket)).toBeGreaterThan(850 * KIB);
  // Behind by fewer events, and fewer bytes, than the history sends again.
  const { published, most: mostLater } = await publish(site, (count) => count === full + 20, full);
  expect(Math.max(most, mostLater)).toBeLessThanOrEqual(1_024 * KIB);
  await expect.poll(() => eventsOf(reader).length).toBe(published);
  stuck.readAgain();
  await expect.poll(() => eventsOf(stuck).length, { timeout: 10_000 }).toBe(published);
  for (const raw of [stuck, reader]) expect(isRow(eventsOf(raw))).toBe(true);
  expect(framesOf(stuck, "resync")).toEqual([]);
  expect(site.attached.figures()).toMatchObject({ caughtUp: 1, slowReadersEnded: 0 });
  const { published: after } = await publish(site, (count) => count === published + 3, published);
  await expect.poll(() => eventsOf(stuck).length).toBe(after);
  expect(isRow(eventsOf(stuck))).toBe(true);
  for (const raw of [stuck, reader]) raw.destroy();
});

test("a reader that missed more than the history sends again is told so, and goes on from there", async () => {
  const site = await serve();
  const stuck = await joinRaw(site);
  stuck.stopReading();
  const socket = [...site.io.sockets.sockets.values()][0]!;
  const { published: full } = await publish(site, (count) => waitingFor(socket) > 850 * KIB || count > 3_000);
  const { published, most } = await publish(site, (count) => count === full + 300, full);
  expect(most).toBeLessThanOrEqual(1_024 * KIB);
  stuck.readAgain();
  await expect.poll(() => framesOf(stuck, "resync").length, { timeout: 10_000 }).toBe(1);
  expect(framesOf(stuck, "resync")).toEqual([
    expect.objectContaining({
      channel: "news",
      reason: expect.stringMatching(/overflow|trimmed/) as unknown,
    }),
  ]);
  await publish(site, (count) => count === published + 1, published);
  await expect.poll(() => eventsOf(stuck).at(-1)?.number).toBe(published);
  const seen = eventsOf(stuck);
  expect(isRow(seen.slice(0, -1))).toBe(true);
  stuck.destroy();
});

/** The machine's time, ten times as fast. */
const FAST: Clock = {
  now: () => systemClock.now() * 10,
  wall: systemClock.wall,
  after: (delayMs, task) => systemClock.after(delayMs / 10, task),
};

test("a reader that stays stuck is ended after 15 s, and its memory is free soon after", async () => {
  const site = await serve({ clock: FAST });
  const stuck = await joinRaw(site);
  stuck.stopReading();
  const socket = [...site.io.sockets.sockets.values()][0]!;
  await publish(site, (count) => waitingFor(socket) > 850 * KIB || count > 3_000);
  const fullAt = FAST.now();
  const ended = await new Promise<number>((resolve) => {
    socket.once("disconnect", () => resolve(FAST.now() - fullAt));
    void publish(site, (count) => count > 20 || !socket.connected);
  });
  expect(ended).toBeGreaterThan(14_000);
  expect(ended).toBeLessThan(30_000);
  expect(site.attached.figures()).toMatchObject({ slowReadersEnded: 1 });
  expect(site.io.engine.clientsCount).toBe(0);
  expect(site.live.door.hub.figures()).toMatchObject({ connections: 0 });
  stuck.destroy();
});

test("a slow reader that is ended while it still reads learns why, and a stock client comes back by itself", async () => {
  const site = await serve();
  const visitor = await site.connect({ reconnection: true, reconnectionDelay: 10 });
  const [socket] = [...site.io.sockets.sockets.values()];
  // The application sends without looking: more than may wait.
  const back = new Promise((resolve) =>
    visitor.socket.once("disconnect", (reason) => visitor.socket.once("connect", () => resolve(reason))),
  );
  const { ws } = visitor.socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } };
  ws.pause();
  await expect
    .poll(
      () => {
        if (socket!.connected) for (let number = 0; number < 40; number++) socket!.emit("own", BODY);
        return site.attached.figures().slowReadersEnded;
      },
      { timeout: 10_000 },
    )
    .toBe(1);
  ws.resume();
  expect(await back).toBe("transport close");
  expect(visitor.got.filter(({ name }) => name === "ended").map(({ body }) => body)).toEqual([
    expect.objectContaining({ code: "LIVE_SLOW_READER", retryable: true }),
  ]);
});

test("of what is only the latest value, a slow reader gets the last once it reads; others get each", async () => {
  const site = await serve();
  const [stuck, reader] = [await joinRaw(site), await joinRaw(site)];
  stuck.stopReading();
  const socket = [...site.io.sockets.sockets.values()][0]!;
  await publish(site, (count) => waitingFor(socket) > 200 * KIB || count > 3_000);
  for (let number = 1; number <= 50; number++) {
    await site.live.whisper("news", {}, "progress", number);
    await expect.poll(() => framesOf(reader, "progress").at(-1), { interval: 1 }).toBe(number);
  }
  expect(framesOf(reader, "progress").length).toBe(50);
  stuck.readAgain();
  await expect.poll(() => framesOf(stuck, "progress").at(-1), { timeout: 10_000 }).toBe(50);
  expect(framesOf(stuck, "progress").length).toBeLessThan(50);
  expect(site.attached.figures().framesDropped).toBeGreaterThan(0);
  for (const raw of [stuck, reader]) raw.destroy();
});

test("others get their events as quickly beside a stuck reader as without one", async () => {
  const site = await serve();
  const reader = await joinRaw(site);
  const median = async (rounds: number): Promise<number> => {
    const delays: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = eventsOf(reader).length;
      const startedAt = performance.now();
      await publish(site, (count) => count === 1);
      while (eventsOf(reader).length === before) await new Promise((resolve) => setImmediate(resolve));
      delays.push(performance.now() - startedAt);
      reader.texts.length = 0;
    }
    return delays.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
  };
  await median(50);
  const without = await median(100);
  const stuck = await joinRaw(site);
  stuck.stopReading();
  const socket = [...site.io.sockets.sockets.values()].at(-1)!;
  await publish(site, (count) => waitingFor(socket) > 850 * KIB || count > 3_000);
  reader.texts.length = 0;
  const beside = await median(100);
  expect(beside).toBeLessThan(Math.max(without * 3, without + 5));
  for (const raw of [stuck, reader]) raw.destroy();
});
