import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Peer } from "../../src/base/conversation.ts";
import { createTasks } from "../../src/base/tasks.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { SocketRecord, SocketStore } from "../../src/ports/socket-store.ts";
import { createSocketSessions } from "../../src/presence/socket-sessions.ts";
import { createManualClock } from "../socketio/manual-clock.ts";

function peerOf(id: string, userId: string | null = "u"): Peer {
  return {
    id,
    address: undefined,
    userAgent: "app/1.0",
    identity: () => (userId === null ? undefined : { userId }),
    emit: () => undefined,
    enter: () => undefined,
    exit: () => undefined,
    end: () => undefined,
  };
}

/** Sessions over a memory store whose time, faults and calls are in the test's hands. */
function start() {
  const clock = createManualClock();
  const { socketStore } = createMemoryGround({ clock }).realm("main");
  const puts: SocketRecord[][] = [];
  const state = { isHere: true, isFailing: false };
  const failing = <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) => {
    return (...args: A): Promise<R> => (state.isFailing ? Promise.reject(new Error("no")) : call(...args));
  };
  const store: SocketStore = {
    ...socketStore,
    put: failing(async (records) => {
      puts.push([...records]);
      await socketStore.put(records);
    }),
    remove: failing(socketStore.remove),
    beat: failing(socketStore.beat),
  };
  const tasks = createTasks(() => undefined);
  const sessions = createSocketSessions({ store, isHere: () => state.isHere, clock, track: tasks.track });
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 50) {
      clock.advance(Math.min(50, left));
      for (let i = 0; i < 4; i++) await turn();
    }
  };
  return { sessions, store: socketStore, puts, state, pass };
}

test("sockets that come together are written together, at most 50 at a time, and removed when they go", async () => {
  const { sessions, store, puts, pass } = start();
  const talks = Array.from({ length: 51 }, (_, index) => sessions.conversation(peerOf(`s${index}`)));
  await pass(200);
  expect(puts.map((records) => records.length)).toEqual([50, 1]);
  expect(await store.of("u")).toHaveLength(51);
  for (const talk of talks) talk.close();
  talks[0]!.close();
  await pass(200);
  expect(await store.of("u")).toEqual([]);
});

test("activity is written sparingly: once in half a minute, however much there is", async () => {
  const { sessions, store, puts, pass } = start();
  sessions.conversation(peerOf("s1"));
  sessions.conversation(peerOf("quiet"));
  await pass(200);
  const first = (await store.get("s1"))!;
  for (let second = 0; second < 90; second++) {
    sessions.heard({ id: "s1" });
    await pass(1_000);
  }
  expect(puts.slice(1).map((records) => records.map(({ socketId }) => socketId))).toEqual([
    ["s1"],
    ["s1"],
    ["s1"],
  ]);
  const last = (await store.get("s1"))!;
  expect(last).toEqual({ ...first, lastActivityAt: expect.any(String) });
  sessions.heard({ id: "never" });
});

test("a record never ends while its socket is connected", async () => {
  const { sessions, store, pass } = start();
  sessions.conversation(peerOf("s1"));
  for (let minute = 0; minute < 75; minute++) {
    await pass(500);
    // Half a minute and more, without a single frame.
    await pass(59_500);
  }
  expect(await store.get("s1")).toBeDefined();
  expect(await store.of("u")).toHaveLength(1);
}, 60_000);

test("a place is written at once, and again at the earliest after 5 s", async () => {
  const { sessions, store, puts, pass } = start();
  sessions.conversation(peerOf("s1"));
  await pass(6_000);
  const places = [1, 2, 3].map((latitude) => ({
    regionId: `r${latitude}`,
    location: { latitude, longitude: 0 },
  }));
  sessions.located({ id: "s1" }, places[0]!);
  await pass(200);
  expect(await store.get("s1")).toMatchObject({ currentRegionId: "r1", lastLocation: { latitude: 1 } });
  sessions.located({ id: "s1" }, places[1]!);
  sessions.located({ id: "s1" }, places[2]!);
  await pass(1_000);
  expect(await store.get("s1")).toMatchObject({ currentRegionId: "r1" });
  await pass(5_000);
  expect(await store.get("s1")).toMatchObject({ currentRegionId: "r3", lastLocation: { latitude: 3 } });
  expect(puts).toHaveLength(3);
  sessions.located({ id: "never" }, places[0]!);
});

test("a heartbeat is answered with its time, and kept for 5 minutes", async () => {
  const { sessions, store, pass } = start();
  const talk = sessions.conversation(peerOf("s1"));
  let answered: object = {};
  await talk.frames["heartbeat"]!(undefined, (reply) => (answered = reply));
  await pass(200);
  expect(answered).toEqual({ at: await store.heartbeat("s1") });
  await pass(1_000);
  talk.close();
  await pass(200);
  expect(await store.heartbeat("s1")).toBeUndefined();
});

test("what could not be written is written later, unless its socket has gone", async () => {
  const { sessions, store, state, pass } = start();
  state.isFailing = true;
  sessions.conversation(peerOf("s1"));
  const gone = sessions.conversation(peerOf("s2"));
  await pass(1_000);
  gone.close();
  await pass(1_000);
  state.isFailing = false;
  await pass(10_000);
  expect((await store.of("u")).map(({ socketId }) => socketId)).toEqual(["s1"]);
});

test("while the ground is away nothing is written, and afterwards everything", async () => {
  const { sessions, store, puts, state, pass } = start();
  sessions.conversation(peerOf("s1"));
  await pass(200);
  const other = sessions.conversation(peerOf("s2"));
  await pass(200);
  state.isHere = false;
  sessions.conversation(peerOf("s3", null));
  other.close();
  await pass(60_000);
  expect(puts).toHaveLength(2);
  await store.remove([{ socketId: "s1", userId: "u" }]);
  state.isHere = true;
  sessions.recover();
  await pass(200);
  expect((await store.of("u")).map(({ socketId }) => socketId)).toEqual(["s1"]);
  expect(await store.get("s3")).toMatchObject({ socketId: "s3", userId: null });
});

test("closing removes what this node has written, and writes nothing after it", async () => {
  const { sessions, store, puts, pass } = start();
  sessions.conversation(peerOf("s1"));
  await pass(200);
  await sessions.close();
  expect(await store.get("s1")).toBeUndefined();
  sessions.conversation(peerOf("s2"));
  await pass(60_000);
  expect(puts).toHaveLength(1);
});
