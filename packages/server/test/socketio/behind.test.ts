import type { Cursor } from "@livecache/wire";
import { Server } from "socket.io";
import type { Socket } from "socket.io";
import { expect, onTestFinished, test } from "vitest";
import type { SocketConversation } from "../../src/assembly/converse.ts";
import { createTasks } from "../../src/base/tasks.ts";
import { createDelivery } from "../../src/socketio/delivery.ts";
import type { Delivery } from "../../src/socketio/delivery.ts";
import { createFigures } from "../../src/socketio/figures.ts";
import { createReader, waitingBytes } from "../../src/socketio/reader.ts";
import type { Reader } from "../../src/socketio/reader.ts";
import { createSlowReaders } from "../../src/socketio/slow-readers.ts";
import { createManualClock } from "./manual-clock.ts";

const LIMIT = 128 * 1024;
const KIB = 1024;

/** A connection that keeps what is sent to it until it reads. */
function slowSocket(id: string, onWrite: () => void) {
  const read: string[] = [];
  const conn = {
    readyState: "open",
    writeBuffer: [] as { data: string }[],
    transport: { writable: false, name: "polling" },
    write(data: string) {
      conn.writeBuffer.push({ data });
      onWrite();
    },
  };
  const socket = { id, conn, connected: true, listenersAnyOutgoing: () => [] };
  return {
    socket: socket as unknown as Socket,
    read,
    readAll() {
      read.push(...conn.writeBuffer.map(({ data }) => data));
      conn.writeBuffer = [];
    },
    /** The numbers of the events it has read. */
    numbers: () => read.map((text) => (JSON.parse(text.slice(1)) as [string, { number: number }])[1].number),
  };
}

/** One channel, `news`, with everything that it keeps; and the policy, with its clock in the test's hands. Each write takes `writeMs`. */
function rig({ writeMs = 0 } = {}) {
  const manual = createManualClock();
  let spentMs = 0;
  const clock = { ...manual, now: () => manual.now() + spentMs };
  const counts = createFigures();
  const ended: Reader[] = [];
  const kept: { cursor: Cursor; number: number; pad: string }[] = [];
  const faults: Error[] = [];
  const readers = new Set<Reader>();
  const parts = { clock, counts, maxWaitingBytes: LIMIT, warn: () => undefined };
  const delivery: Delivery = createDelivery({
    ...parts,
    io: new Server(),
    onBehind: (reader) => slow.note(reader),
    onLost: (reader) => slow.end(reader),
  });
  const conversation = (reader: Reader): Partial<SocketConversation> => ({
    async catchUp(_channel, after, goLive) {
      const fault = faults.shift();
      if (fault) throw fault;
      await Promise.resolve();
      if (!goLive()) return;
      for (const event of kept.filter(({ cursor }) => cursor.offset > after.offset)) {
        reader.conn.write(`2${JSON.stringify(["item", event])}`, {});
      }
    },
  });
  const slow = createSlowReaders({
    ...parts,
    tasks: createTasks((error) => faults.push(error as Error)),
    delivery,
    readers: () => readers,
    conversationOf: (reader) => conversation(reader) as SocketConversation,
    end(reader) {
      reader.ended = true;
      ended.push(reader);
    },
  });
  onTestFinished(slow.close);
  return {
    clock,
    counts,
    ended,
    faults,
    delivery,
    join(id: string) {
      const slowly = slowSocket(id, () => (spentMs += writeMs));
      const reader = createReader(slowly.socket);
      readers.add(reader);
      delivery.enter("news", reader);
      return { ...slowly, reader };
    },
    /** Tells events of about a KiB. */
    tell(count: number) {
      for (let told = 0; told < count; told++) {
        const number = kept.length + 1;
        const event = { cursor: { epoch: "e", offset: number }, number, pad: "x".repeat(KIB) };
        kept.push(event);
        const args = [event, { channel: "news", cursor: `e-${number}` }];
        delivery.send({ channel: "news", frame: "item", args, cursor: event.cursor, lane: "reliable" });
      }
    },
    /** Lets the policy look, and whatever that begins end. */
    async look(ms = 50) {
      clock.advance(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test("events stop at seven eighths of the limit, and what was missed comes from the history, once and in order", async () => {
  const { join, tell, look, counts } = rig();
  const one = join("one");
  tell(90);
  expect(one.reader.lags).toBeUndefined();
  tell(35);
  expect(waitingBytes(one.reader)).toBeLessThanOrEqual((LIMIT * 7) / 8);
  expect(one.reader.lags?.get("news")?.after.offset).toBeLessThan(125);
  await look();
  expect(one.reader.lags?.size).toBe(1);
  one.readAll();
  tell(5);
  await look();
  one.readAll();
  tell(5);
  one.readAll();
  expect(one.numbers()).toEqual(upTo(135));
  expect(counts.caughtUp).toBe(1);
});

test("a history that cannot be read is asked for again after half a second, and nothing is sent meanwhile", async () => {
  const { join, tell, look, faults } = rig();
  const one = join("one");
  tell(130);
  one.readAll();
  const before = one.read.length;
  faults.push(new Error("the ground is away"));
  await look();
  tell(1);
  await look(100);
  one.readAll();
  expect(one.read.length).toBe(before);
  await look(500);
  await look();
  one.readAll();
  expect(one.numbers()).toEqual(upTo(131));
});

test("whoever leaves, or joins anew, while being caught up gets nothing of it", async () => {
  const { join, tell, clock, delivery } = rig();
  const [left, again] = [join("left"), join("again")];
  tell(130);
  left.readAll();
  again.readAll();
  const before = [left.read.length, again.read.length];
  clock.advance(50);
  delivery.exit("news", left.reader);
  delivery.enter("news", again.reader);
  await new Promise((resolve) => setImmediate(resolve));
  tell(1);
  left.readAll();
  again.readAll();
  expect(left.read.length).toBe(before[0]);
  expect(again.read.length).toBe(before[1]! + 1);
  expect(again.numbers().at(-1)).toBe(131);
});

test("what is in no history is sent up to the limit itself; beyond, the socket is ended rather than left without it", () => {
  const { join, tell, delivery, ended, counts } = rig();
  const one = join("one");
  tell(130);
  const gap = { channel: "other", frame: "stale", args: ["x".repeat(KIB)], lane: "reliable" } as const;
  delivery.enter("other", one.reader);
  for (let told = 0; told < 5; told++) delivery.send(gap);
  expect(ended).toEqual([]);
  for (let told = 0; told < 30; told++) delivery.send(gap);
  expect(ended).toEqual([one.reader]);
  expect(counts.slowReadersEnded).toBe(1);
  expect(waitingBytes(one.reader)).toBeLessThanOrEqual(LIMIT);
});

test("a resync of a channel that is behind anyway is not sent: the history says it better", () => {
  const { join, tell, delivery } = rig();
  const one = join("one");
  tell(130);
  const before = waitingBytes(one.reader);
  delivery.send({ channel: "news", frame: "resync", args: [{ channel: "news" }], lane: "reliable" });
  expect(waitingBytes(one.reader)).toBe(before);
});

test("above a quarter of the limit ephemeral frames are dropped, and of latest values the last of each key waits", async () => {
  const { join, tell, look, delivery, counts } = rig();
  const one = join("one");
  const whisper = (key: string, number: number) =>
    delivery.send({ channel: "news", frame: "w", args: [{ number }], lane: "latest", key });
  const typing = (number: number) =>
    delivery.send({ channel: "news", frame: "t", args: [{ number }], lane: "ephemeral" });
  tell(10);
  whisper("a", 1_001);
  typing(1_002);
  expect(counts.framesDropped).toBe(0);
  tell(30);
  for (let number = 2_001; number <= 2_010; number++) whisper("a", number);
  whisper("b", 3_001);
  typing(1_003);
  expect(counts.framesDropped).toBe(10);
  one.readAll();
  await look();
  one.readAll();
  expect(one.numbers().filter((number) => number > 1_000)).toEqual([1_001, 1_002, 2_010, 3_001]);
});

test("values of very many keys wait only as far as there is room", () => {
  const { join, tell, delivery, counts } = rig();
  const one = join("one");
  tell(40);
  for (let number = 0; number < 1_000; number++) {
    delivery.send({ channel: "news", frame: "w", args: [{ number }], lane: "latest", key: `k${number}` });
  }
  expect(one.reader.held?.size).toBe(256);
  expect(counts.framesDropped).toBe(744);
});

test("whoever is behind and does not read for 15 s is ended; whoever reads a little sooner is not", async () => {
  const { join, tell, look, ended } = rig();
  const [stuck, slow] = [join("stuck"), join("slow")];
  tell(130);
  await look();
  await look(14_900);
  slow.readAll();
  await look();
  expect(ended).toEqual([]);
  await look(100);
  expect(ended).toEqual([stuck.reader]);
  await look(60_000);
  expect(ended).toEqual([stuck.reader]);
});

test("more than the queue holds reaches everybody in the end: what is in the queue, then the rest from the history", async () => {
  const { join, tell, look, counts } = rig({ writeMs: 1 });
  const one = join("one");
  tell(4_500);
  expect(one.reader.lags?.get("news")?.after.offset).toBeGreaterThan(4_000);
  one.readAll();
  await look();
  // The queue is not empty yet, so it is too early for the history.
  expect(counts.caughtUp).toBe(0);
  for (let turn = 0; turn < 5_000 && one.read.length < 4_500; turn++) {
    await look();
    one.readAll();
  }
  tell(1);
  for (let turn = 0; turn < 10; turn++) await look();
  one.readAll();
  expect(one.numbers()).toEqual(upTo(4_501));
  expect(counts.caughtUp).toBe(1);
});
