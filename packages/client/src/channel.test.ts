import type { Contract } from "@livecache/wire";
import { expect, test, vi } from "vitest";
import { refusal } from "../test/scripted-server.ts";
import { clientOf, openServer, roundTrips, soon } from "../test/rig.ts";
import type { LiveClient } from "./client.ts";

const HOSTEL = "hostel/7";

/** Listens to the hostel's channel and writes down all that is heard. */
function hear(client: LiveClient<Contract>) {
  const heard: unknown[] = [];
  const subscription = client.channel(
    "hostel/:hostelId",
    { hostelId: 7 },
    {
      new_issue: (issue) => heard.push(issue),
      onResync: (reason) => heard.push(`resync ${reason}`),
      onError: (error) => heard.push(error.code),
    },
  );
  return { heard, subscription };
}

/** A client that has joined the hostel's channel at `e-0`. */
async function joined() {
  const server = await openServer();
  const client = clientOf(server);
  const hearing = hear(client);
  await soon(() => expect(server.framesNamed("join")).toEqual([{ channel: HOSTEL }]));
  return { server, client, ...hearing };
}

test("events of the channel reach the handler of their name, with where they stand", async () => {
  const { server, client } = await joined();
  const handler = vi.fn();
  client.channel("hostel/:hostelId", { hostelId: 7 }, { new_issue: handler });
  server.event("new_issue", "other", { channel: "hostel/8", cursor: "e-1" });
  server.event("unknown", "other", { channel: HOSTEL, cursor: "e-1" });
  server.event("new_issue", { id: 1 }, { channel: HOSTEL, cursor: "e-2", position: "a.5" });
  await soon(() => expect(handler).toHaveBeenCalledOnce());
  expect(handler.mock.calls[0]).toEqual([
    { id: 1 },
    { channel: HOSTEL, cursor: "e-2", position: "a.5", changeId: "c" },
  ]);
});

test("a fetch made in a handler presents the event's position", async () => {
  const { server, client } = await joined();
  client.channel("hostel/:hostelId", { hostelId: 7 }, { new_issue: () => void client.fetch("/issues") });
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "e-1", position: "a.33" });
  await soon(() => expect(server.requests[0]?.headers["live-position"]).toBe("a.33"));
});

test("an event named like something every object has finds no handler", async () => {
  const { server, heard } = await joined();
  server.event("constructor", 0, { channel: HOSTEL, cursor: "e-1" });
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "e-2" });
  await soon(() => expect(heard).toEqual([1]));
});

test("all subscribers share one join, and the last to go leaves", async () => {
  const { server, client, heard, subscription } = await joined();
  const other = hear(client);
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "e-1" });
  await soon(() => expect([heard, other.heard]).toEqual([[1], [1]]));
  subscription.close();
  subscription.close();
  server.event("new_issue", 2, { channel: HOSTEL, cursor: "e-2" });
  await soon(() => expect(other.heard).toEqual([1, 2]));
  expect(heard).toEqual([1]);
  expect(server.frames).toHaveLength(1);
  other.subscription.close();
  await soon(() => expect(server.framesNamed("leave")).toEqual([{ channel: HOSTEL }]));
  expect(server.framesNamed("join")).toHaveLength(1);
});

test("leaving and coming back at once makes no traffic", async () => {
  const { server, client, subscription } = await joined();
  subscription.close();
  const other = hear(client);
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "e-1" });
  await soon(() => expect(other.heard).toEqual([1]));
  expect(server.frames).toHaveLength(1);
});

test("coming back while the leave is under way joins again where the client stood", async () => {
  const { server, client, subscription } = await joined();
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "e-4" });
  subscription.close();
  const back = new Promise<void>((resolve) => {
    const once = setInterval(() => {
      if (server.framesNamed("leave").length === 0) return;
      clearInterval(once);
      hear(client);
      resolve();
    }, 0);
  });
  await back;
  await soon(() => expect(server.frames.map(({ name }) => name)).toEqual(["join", "leave", "join"]));
});

test("after a reconnect the channel is joined again where the client stood", async () => {
  const { server, heard } = await joined();
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "e-1" });
  await soon(() => expect(heard).toEqual([1]));
  server.join = ({ cursor }, socket) => {
    const meta = { channel: HOSTEL, cursor: "e-2", position: "a.2", changeId: "c" };
    queueMicrotask(() => socket.emit("new_issue", 2, meta));
    return { ok: true, cursor: cursor!, position: "a.2", resumed: true };
  };
  server.cut();
  await soon(() => expect(server.framesNamed("join").at(-1)).toEqual({ channel: HOSTEL, cursor: "e-1" }));
  server.event("new_issue", 3, { channel: HOSTEL, cursor: "e-3" });
  await soon(() => expect(heard).toEqual([1, 2, 3]));
});

test("an event that comes twice is heard once", async () => {
  const { server, heard } = await joined();
  for (const offset of [1, 2, 1, 2, 3]) {
    server.event("new_issue", offset, { channel: HOSTEL, cursor: `e-${offset}` });
  }
  await soon(() => expect(heard).toEqual([1, 2, 3]));
});

test("an event told without a place is handed on once, and the place is kept for the next join", async () => {
  const { server, heard } = await joined();
  const told = { channel: HOSTEL, changeId: "early" };
  server.event("new_issue", 1, { ...told, cursor: "e-1", changeId: "before" });
  server.event("new_issue", 3, told);
  server.event("new_issue", 4, told);
  server.event("new_issue", 2, { ...told, cursor: "e-2", changeId: "elsewhere" });
  server.event("new_issue", 3, { ...told, cursor: "e-3" });
  server.event("new_issue", 4, { ...told, cursor: "e-4" });
  server.event("new_issue", 5, { ...told, cursor: "e-5" });
  await soon(() => expect(heard).toEqual([1, 3, 4, 2, 5]));
  server.cut();
  await soon(() => expect(server.framesNamed("join").at(-1)).toEqual({ channel: HOSTEL, cursor: "e-5" }));
});

test("a gap in the offsets is told before the event after it", async () => {
  const { server, heard } = await joined();
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "e-1" });
  server.event("new_issue", 4, { channel: HOSTEL, cursor: "e-4" });
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "f-1" });
  await soon(() => expect(heard).toEqual([1, "resync lost", 4, "resync epoch", 1]));
});

test("a join that could not be resumed is told once, with the server's reason", async () => {
  const { server, heard } = await joined();
  server.event("new_issue", 9, { channel: HOSTEL, cursor: "e-1" });
  await soon(() => expect(heard).toEqual([9]));
  server.join = () => ({ ok: true, cursor: "f-0", position: "a.2", resumed: false, reason: "epoch" });
  server.cut();
  await soon(() => expect(heard).toEqual([9, "resync epoch"]));
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "f-1" });
  await soon(() => expect(heard).toEqual([9, "resync epoch", 1]));
});

test("a resync from the server is told, and moves the place to resume from", async () => {
  const { server, heard } = await joined();
  server.resync(HOSTEL, "e-40", "a.40");
  await soon(() => expect(heard).toEqual(["resync trimmed"]));
  server.cut();
  await soon(() => expect(server.framesNamed("join").at(-1)).toEqual({ channel: HOSTEL, cursor: "e-40" }));
});

test("a refused channel is told as an error, and asked for again after a reconnect", async () => {
  const server = await openServer();
  server.join = () => refusal("LIVE_CHANNEL_REFUSED");
  const client = clientOf(server);
  const { heard } = hear(client);
  await soon(() => expect(heard).toEqual(["LIVE_CHANNEL_REFUSED"]));
  await roundTrips(client, 20);
  expect(server.framesNamed("join")).toHaveLength(1);
  server.join = () => ({ ok: true, cursor: "e-0", position: "a.2", resumed: false });
  server.cut();
  await soon(() => expect(server.framesNamed("join")).toHaveLength(2));
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "e-1" });
  await soon(() => expect(heard).toEqual(["LIVE_CHANNEL_REFUSED", 1]));
});

test("who comes to a refused channel learns of the refusal too", async () => {
  const server = await openServer();
  server.join = () => refusal("LIVE_CHANNEL_REFUSED");
  const client = clientOf(server);
  const first = hear(client);
  await soon(() => expect(first.heard).toHaveLength(1));
  const second = hear(client);
  await soon(() => expect(second.heard).toEqual(["LIVE_CHANNEL_REFUSED"]));
});

test("a refusal that nobody handles is reported", async () => {
  const server = await openServer();
  server.join = () => refusal("LIVE_CHANNEL_UNKNOWN");
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
  clientOf(server).channel("hostel/:hostelId", { hostelId: 7 }, {});
  await soon(() => expect(reported).toMatchObject([{ code: "LIVE_CHANNEL_UNKNOWN" }]));
  vi.unstubAllGlobals();
});

test("a join refused for a while is tried again", async () => {
  const server = await openServer();
  server.join = () =>
    server.framesNamed("join").length < 3
      ? refusal("LIVE_GROUND_AWAY", true)
      : { ok: true, cursor: "e-0", position: "a.2", resumed: false };
  const { heard } = hear(clientOf(server));
  await soon(() => expect(server.framesNamed("join")).toHaveLength(3));
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "e-1" });
  await soon(() => expect(heard).toEqual([1]));
});

test("a code of a newer server is an error all the same", async () => {
  const server = await openServer();
  server.join = () => refusal("LIVE_FROM_TOMORROW");
  const { heard } = hear(clientOf(server));
  await soon(() => expect(heard).toEqual(["LIVE_FROM_TOMORROW"]));
});

test("a handler that throws does not keep the others from hearing", async () => {
  const { server, client, heard } = await joined();
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
  const throwing = () => {
    throw new Error("in a handler");
  };
  client.channel("hostel/:hostelId", { hostelId: 7 }, { new_issue: throwing });
  const last = hear(client);
  server.event("new_issue", 1, { channel: HOSTEL, cursor: "e-1" });
  await soon(() => expect([heard, last.heard, reported.length]).toEqual([[1], [1], 1]));
  vi.unstubAllGlobals();
});

test("a missing parameter is refused at once", async () => {
  const client = clientOf(await openServer());
  expect(() => client.channel("hostel/:hostelId", {} as never, {})).toThrow(/parameter "hostelId"/);
});
