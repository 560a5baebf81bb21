import { io } from "socket.io-client";
import { expect, test } from "vitest";
import { clientOf, openServer, roundTrips, soon } from "../test/rig.ts";
import { refusal } from "../test/scripted-server.ts";

async function joined(options: Parameters<typeof clientOf>[1] = {}) {
  const server = await openServer();
  const client = clientOf(server, options);
  const heard: string[] = [];
  const listener = {
    event: (name: string) => void heard.push(name),
    error: ({ code }: { code: string }) => void heard.push(code),
  };
  client.listen("hostel/7", listener);
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  return { server, client, heard, listener };
}

test("what was missed is handed on after the join is answered, each once, and nothing is told as missing", async () => {
  const { server, heard } = await joined();
  server.event("a", 0, { channel: "hostel/7", cursor: "e-1" });
  await soon(() => expect(heard).toEqual(["a"]));
  server.join = ({ cursor = "" }, socket) => {
    queueMicrotask(() => {
      for (const at of [1, 2, 3]) socket.emit(`r${at}`, 0, { channel: "hostel/7", cursor: `e-${at}` });
    });
    return { ok: true, cursor, position: "a.1", resumed: true };
  };
  server.cut();
  await soon(() => expect(heard).toEqual(["a", "r2", "r3"]));
  expect(server.framesNamed("join")[1]).toEqual({ channel: "hostel/7", cursor: "e-1" });
});

test("whoever is put out of a channel is told, hears no more, and asks again after the next reconnect", async () => {
  const { server, client, heard } = await joined();
  server.frame("left", { channel: "hostel/8", code: "LIVE_CHANNEL_REFUSED", message: "other" });
  server.frame("left", { channel: "hostel/7", code: "LIVE_CHANNEL_REFUSED", message: "not any more" });
  server.event("a", 0, { channel: "hostel/7", cursor: "e-1" });
  await soon(() => expect(heard).toEqual(["LIVE_CHANNEL_REFUSED"]));
  await roundTrips(client);
  expect(heard).toEqual(["LIVE_CHANNEL_REFUSED"]);
  expect(server.framesNamed("join")).toHaveLength(1);
  server.cut();
  await soon(() => expect(server.framesNamed("join")).toHaveLength(2));
});

test("before an identity expires, the client says anew who it is", async () => {
  let given = 0;
  const { server } = await joined({ socket: { auth: async () => ({ token: ++given }) } });
  server.frame("expiring", { expiresInMs: 30_000 });
  await soon(() => expect(server.framesNamed("refresh")).toEqual([{ auth: { token: 2 } }]));
});

test("so does the application's own socket, if its auth is a function", async () => {
  const server = await openServer();
  let given = 0;
  const socket = io(server.url, {
    autoConnect: false,
    transports: ["websocket"],
    auth: (give) => give({ token: ++given }),
  });
  const client = clientOf(server, { socket: () => socket });
  client.listen("hostel/7", { event: () => {} });
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  server.frame("expiring", { expiresInMs: 30_000 });
  await soon(() => expect(server.framesNamed("refresh")).toEqual([{ auth: { token: 2 } }]));
});

test("with nothing to say anew the client waits for the end", async () => {
  const { server, client } = await joined();
  server.frame("expiring", { expiresInMs: 30_000 });
  await roundTrips(client);
  expect(server.framesNamed("refresh")).toEqual([]);
});

test("an auth function that fails is reported, and the connection stays", async () => {
  const reports: unknown[] = [];
  globalThis.reportError = (error) => void reports.push(error);
  let calls = 0;
  const auth = () => {
    if (++calls > 1) throw new Error("signed out");
    return {};
  };
  const { server, client } = await joined({ socket: { auth } });
  server.frame("expiring", { expiresInMs: 30_000 });
  await soon(() => expect(reports.map(String)).toEqual(["Error: signed out"]));
  expect(client.connection.getSnapshot().status).toBe("online");
});

test.each([
  ["LIVE_IDENTITY_ENDED", false],
  ["LIVE_ORIGIN_REFUSED", false],
])("a server that ends a connection for good is not asked again: %s", async (code, retryable) => {
  const { server, client } = await joined();
  server.frame("ended", { code, message: "sign in again", retryable });
  server.dismiss();
  await soon(() =>
    expect(client.connection.getSnapshot()).toEqual({
      status: "offline",
      since: expect.any(Number),
      reason: "refused",
      message: "sign in again",
      code,
    }),
  );
  const other = clientOf(server);
  other.listen("hostel/7", { event: () => {} });
  await soon(() => expect(other.connection.getSnapshot().status).toBe("online"));
  expect(server.handshakes).toHaveLength(2);
});

test.each([
  ["LIVE_IDENTITY_EXPIRED", false],
  ["LIVE_CLOSED", false],
  ["LIVE_LIMIT_REACHED", true],
])("one that may take the client back is asked again: %s", async (code, retryable) => {
  const { server, client } = await joined();
  const states: unknown[] = [];
  client.connection.subscribe(() => states.push(client.connection.getSnapshot()));
  server.frame("ended", { code, message: "later", retryable });
  server.dismiss();
  await soon(() => expect(states).toMatchObject([{ status: "offline", code }, { status: "online" }]));
  server.cut();
  await soon(() => expect(states[2]).toMatchObject({ status: "offline", reason: "dropped" }));
  expect(states[2]).not.toHaveProperty("code");
});

test("a server that asks for patience gets it", async () => {
  const server = await openServer();
  const startedAt = Date.now();
  server.admit = () => (server.handshakes.length < 1 ? "too many at once" : undefined);
  server.refusalData = { code: "LIVE_LIMIT_REACHED", retryable: true, retryAfterMs: 700 };
  const client = clientOf(server);
  client.listen("hostel/7", { event: () => {} });
  await soon(() => expect(client.connection.getSnapshot()).toMatchObject({ code: "LIVE_LIMIT_REACHED" }));
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(700);
});

test("a frame of one's own is answered, refused, or fails offline", async () => {
  const { server, client } = await joined();
  server.answers.set("presence", ({ channel }) => ({ ok: true, channel, count: 3 }));
  expect(await client.request("presence", { channel: "hostel/7" })).toMatchObject({ count: 3 });
  server.answers.set("presence", () => refusal("LIVE_CHANNEL_REFUSED"));
  await expect(client.request("presence", {})).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
  client.close();
  await expect(client.request("presence", {})).rejects.toMatchObject({ code: "LIVE_REQUEST_FAILED" });
});
