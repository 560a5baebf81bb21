import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openGate } from "./gate.ts";
import { until } from "./until.ts";

/** A server that answers every text with the same in capitals, a gate before it, and one connection through the gate. */
async function setUp() {
  const arrived: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      arrived.push(String(chunk));
      socket.write(String(chunk).toUpperCase());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const gate = await openGate((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    await gate.close();
    await gate.close();
    await new Promise((resolve) => server.close(resolve));
  });
  return { gate, arrived, open: () => open(gate.port) };
}

function open(port: number) {
  const socket: Socket = connect(port, "127.0.0.1");
  const seen = { text: "", ended: false };
  socket.on("data", (chunk) => (seen.text += String(chunk)));
  socket.on("error", () => undefined);
  socket.on("close", () => (seen.ended = true));
  onTestFinished(() => void socket.destroy());
  return { seen, write: (text: string) => socket.write(text) };
}

const soon = (what: string, condition: () => unknown) => until(condition, { what, withinMs: 5_000 });

test("an open gate passes bytes on in both directions", async () => {
  const { open: openConnection } = await setUp();
  const { seen, write } = openConnection();
  write("hello");
  await soon("the answer arrives", () => seen.text.length === 5);
  expect(seen.text).toBe("HELLO");
});

test("a hanging gate swallows both directions, and afterwards resets what has a hole", async () => {
  const { gate, arrived, open: openConnection } = await setUp();
  const connection = openConnection();
  const idle = openConnection();
  connection.write("a");
  await soon("the first answer", () => connection.seen.text === "A");
  gate.hang();
  connection.write("b");
  const hangsUntil = performance.now() + 50;
  await soon("the byte has had its chance", () => performance.now() > hangsUntil);
  expect(connection.seen).toEqual({ text: "A", ended: false });
  gate.pass();
  await soon("the connection with the hole is reset", () => connection.seen.ended);
  idle.write("c");
  await soon("the other connection works", () => idle.seen.text === "C");
  expect(arrived).toEqual(["a", "c"]);
});

test("with hanging replies a command arrives and its answer does not", async () => {
  const { gate, arrived, open: openConnection } = await setUp();
  const connection = openConnection();
  gate.hangReplies();
  connection.write("b");
  await soon("the command arrives", () => arrived.length === 1);
  // The gate has read the first reply before it hands a second command on.
  connection.write("d");
  await soon("so does the next", () => arrived.length === 2);
  const other = openConnection();
  gate.pass();
  other.write("c");
  await soon("another connection works", () => other.seen.text === "C");
  await soon("the connection with the hole is reset", () => connection.seen.ended);
  expect(connection.seen.text).toBe("");
});

test("a cut gate resets connections old and new, until it passes again", async () => {
  const { gate, open: openConnection } = await setUp();
  const old = openConnection();
  old.write("a");
  await soon("the first answer", () => old.seen.text === "A");
  gate.cut();
  await soon("the old one is reset", () => old.seen.ended);
  const refused = openConnection();
  await soon("a new one is reset", () => refused.seen.ended);
  gate.pass();
  const fresh = openConnection();
  fresh.write("b");
  await soon("it works again", () => fresh.seen.text);
  expect(fresh.seen).toEqual({ text: "B", ended: false });
});

test("a delay holds bytes back in both directions, in order", async () => {
  const { gate, open: openConnection } = await setUp();
  const { seen, write } = openConnection();
  gate.delay(40);
  const sentAt = performance.now();
  write("a");
  await soon("the answer arrives late", () => seen.text === "A");
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(78);
});

test("bytes keep their order when a delay ends", async () => {
  const { gate, arrived, open: openConnection } = await setUp();
  const { seen, write } = openConnection();
  write("a");
  await soon("the first answer", () => seen.text === "A");
  gate.delay(60);
  write("b");
  const heldUntil = performance.now() + 20;
  await soon("the gate holds it", () => performance.now() > heldUntil);
  gate.pass();
  write("c");
  await soon("all answers", () => seen.text.length === 3);
  expect([seen.text, arrived.join("")]).toEqual(["ABC", "abc"]);
});

test("a gate asks for each connection where it leads", async () => {
  const [one, other] = [await setUp(), await setUp()];
  let target = one.gate.port;
  const gate = await openGate(() => target);
  onTestFinished(() => gate.close());
  open(gate.port).write("a");
  await soon("the first server hears", () => one.arrived.length === 1);
  target = other.gate.port;
  open(gate.port).write("b");
  await soon("the second server hears", () => other.arrived.length === 1);
  expect([one.arrived, other.arrived]).toEqual([["a"], ["b"]]);
});

test("a gate that hangs for new ones lets the others go on", async () => {
  const { gate, arrived, open: openConnection } = await setUp();
  const old = openConnection();
  old.write("a");
  await soon("the first answer", () => old.seen.text === "A");
  gate.hangNew();
  const fresh = openConnection();
  fresh.write("b");
  old.write("c");
  await soon("the old one works", () => old.seen.text === "AC");
  expect([fresh.seen.text, fresh.seen.ended, arrived.join("")]).toEqual(["", false, "ac"]);
  gate.pass();
  await soon("the one with the hole is reset", () => fresh.seen.ended);
});

test("the reply of one command is lost after it took effect, and its connection with it", async () => {
  const { gate, arrived, open: openConnection } = await setUp();
  const [one, other] = [openConnection(), openConnection()];
  const dropped = gate.dropReplies(1, "set");
  for (const text of ["set1", "get1"]) {
    const before = one.seen.text.length;
    one.write(text);
    await soon("an answer", () => one.seen.text.length > before);
  }
  one.write("set2");
  await dropped;
  await soon("the connection is reset", () => one.seen.ended);
  other.write("set3");
  await soon("the next one is answered", () => other.seen.text === "SET3");
  expect([one.seen.text, arrived]).toEqual(["SET1GET1", ["set1", "get1", "set2", "set3"]]);
});

test("a throttled gate lets bytes through at its pace, in order, and nothing of them is lost", async () => {
  const { gate, open: openConnection } = await setUp();
  const { seen, write } = openConnection();
  gate.throttle(100_000);
  const text = "0123456789".repeat(1_000);
  const sentAt = performance.now();
  write(text);
  await soon("a part of it arrives", () => seen.text.length > 0);
  expect(seen.text.length).toBeLessThan(text.length);
  await soon("all of it arrives", () => seen.text.length === text.length);
  expect(performance.now() - sentAt).toBeGreaterThan(95);
  expect(seen.text).toBe(text);
  gate.pass();
  write("again");
  await soon("it passes again", () => seen.text.endsWith("AGAIN"));
});
