import { expect, test } from "vitest";
import type { LiveSocket, SocketListener } from "../socket.ts";
import { createLeader } from "./leader.ts";

/** A socket that does what the test says, and keeps what it was asked to send. */
class ScriptedSocket implements LiveSocket {
  connected = false;
  active = true;
  readonly sent: { readonly frame: string; readonly body: unknown; answer(reply: unknown): void }[] = [];
  attempts = 0;
  readonly #listeners = new Map<string, SocketListener>();

  on(event: string, listener: SocketListener): void {
    this.#listeners.set(event, listener);
  }
  off(): void {}
  onAny(listener: SocketListener): void {
    this.on("*", listener);
  }
  offAny(): void {}
  timeout() {
    return {
      emit: (frame: string, body: unknown, done: (error: unknown, reply: unknown) => void) => {
        this.sent.push({ frame, body, answer: (reply) => done(undefined, reply) });
      },
    };
  }
  connect(): void {
    this.attempts++;
  }
  disconnect(): void {}
  fire(event: string, ...args: readonly unknown[]): void {
    this.#listeners.get(event)?.(...args);
  }
  up(): void {
    this.connected = true;
    this.fire("connect");
  }
}

function leading() {
  const socket = new ScriptedSocket();
  const told: unknown[] = [];
  const leader = createLeader(
    { makeSocket: () => socket, prepare: async () => {}, renew: async () => undefined },
    {
      up: () => told.push("up"),
      down: (reason) => told.push(`down ${reason}`),
      failed: ({ message, active }) => told.push(`failed ${message} ${active}`),
      arrived: (args) => told.push(args),
    },
  );
  const ask = (from: string, frame: string, body: object) => {
    const replies: unknown[] = [];
    leader.request({ from, frame, body, timeoutMs: 5 }, (reply) => replies.push(reply));
    return replies;
  };
  return { socket, told, leader, ask, frames: () => socket.sent.map(({ frame }) => frame) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("one attempt at a time; after each way to fail there may be another", async () => {
  const { socket, told, leader } = leading();
  for (const fail of [
    () => socket.fire("connect_error", new Error("no server")),
    () => socket.fire("disconnect", "transport close"),
  ]) {
    leader.attempt();
    leader.attempt();
    await settled();
    fail();
  }
  expect(socket.attempts).toBe(2);
  leader.attempt();
  await settled();
  socket.up();
  leader.attempt();
  await settled();
  expect(socket.attempts).toBe(3);
  socket.connected = false;
  socket.fire("disconnect", "ping timeout");
  expect(told).toEqual(["failed no server true", "failed transport close true", "up", "down ping timeout"]);
});

test("a channel is left when the last tab leaves it, and so is one of a tab that is gone", () => {
  const { socket, leader, ask, frames } = leading();
  socket.up();
  for (const tab of ["a", "b", "c"]) {
    ask(tab, "join", { channel: "room/1" });
    socket.sent.at(-1)!.answer({ ok: true });
  }
  expect(ask("a", "leave", { channel: "room/1" })).toEqual([{ ok: true }]);
  leader.drop("b");
  expect(frames()).toEqual(["join", "join", "join"]);
  leader.drop("c");
  expect(frames()).toEqual(["join", "join", "join", "leave"]);
});

test("the watches of a tab that is gone are given up, those of others are not", () => {
  const { socket, leader, ask } = leading();
  socket.up();
  for (const [tab, id] of [
    ["a", "w1"],
    ["a", "w2"],
    ["b", "w3"],
  ] as const) {
    ask(tab, "watch", { token: "t" });
    socket.sent.at(-1)!.answer({ ok: true, id });
  }
  ask("a", "unwatch", { id: "w1" });
  leader.drop("a");
  expect(socket.sent.filter(({ frame }) => frame === "unwatch").map(({ body }) => body)).toEqual([
    { id: "w1" },
    { id: "w2" },
  ]);
});

test("when one tab is refused on joining, the others are told that they are out, too", () => {
  const { socket, told, ask } = leading();
  socket.up();
  const replies = ask("a", "join", { channel: "room/1" });
  const refusal = { ok: false, code: "LIVE_CHANNEL_REFUSED", message: "no", retryable: false };
  socket.sent[0]!.answer(refusal);
  expect(replies).toEqual([refusal]);
  expect(told.at(-1)).toEqual(["left", { ...refusal, channel: "room/1" }]);
});

test("while the socket is down nothing is sent and everybody is answered", () => {
  const { ask, frames, leader } = leading();
  expect(ask("a", "join", { channel: "room/1" })).toEqual([undefined]);
  leader.drop("a");
  expect(frames()).toEqual([]);
});
