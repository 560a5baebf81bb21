import type { Contract } from "@livecache/wire";
import { io } from "socket.io-client";
import { expect, test } from "vitest";
import { ScriptedServer } from "../test/scripted-server.ts";
import { clientOf, openServer, soon } from "../test/rig.ts";
import type { LiveClient } from "./client.ts";

/** Makes the client need its connection. */
function connect(client: LiveClient<Contract>): void {
  client.listen("hostel/7", { event: () => {} });
}

function statuses(client: LiveClient<Contract>): string[] {
  const seen = [client.connection.getSnapshot().status as string];
  client.connection.subscribe(() => {
    const state = client.connection.getSnapshot();
    seen.push(state.status === "offline" ? `${state.status} ${state.reason}` : state.status);
  });
  return seen;
}

test("the state goes from connecting to online, and keeps its identity meanwhile", async () => {
  const client = clientOf(await openServer());
  const seen = statuses(client);
  const before = client.connection.getSnapshot();
  connect(client);
  expect(client.connection.getSnapshot()).toBe(before);
  await soon(() => expect(seen).toEqual(["connecting", "online"]));
  expect(client.connection.getSnapshot().since).toBeGreaterThanOrEqual(before.since);
});

test("a server that is down at the start is found when it comes up", async () => {
  const server = await new ScriptedServer().reserve();
  const client = clientOf(server);
  const seen = statuses(client);
  connect(client);
  await soon(() => expect(seen).toEqual(["connecting", "offline unreachable"]));
  await server.start();
  await soon(() => expect(seen.at(-1)).toBe("online"));
  await server.stop();
});

test("a cut connection is made again", async () => {
  const server = await openServer();
  const client = clientOf(server);
  const seen = statuses(client);
  connect(client);
  await soon(() => expect(seen.at(-1)).toBe("online"));
  server.cut();
  await soon(() => expect(seen).toEqual(["connecting", "online", "offline dropped", "online"]));
});

test("a server that ends the socket on purpose is asked again", async () => {
  const server = await openServer();
  const client = clientOf(server);
  const seen = statuses(client);
  connect(client);
  await soon(() => expect(seen.at(-1)).toBe("online"));
  server.dismiss();
  await soon(() => expect(seen).toEqual(["connecting", "online", "offline refused", "online"]));
});

test("a refused handshake is tried again with what the client is by then", async () => {
  const server = await openServer();
  const tokens = ["old", "new"];
  server.admit = () => (server.handshakes.length < 1 ? "expired" : undefined);
  const client = clientOf(server, { socket: { auth: async () => ({ token: tokens.shift() }) } });
  const seen = statuses(client);
  connect(client);
  await soon(() => expect(seen).toEqual(["connecting", "offline refused", "online"]));
  expect(server.handshakes.map(({ auth }) => auth)).toEqual([{ token: "old" }, { token: "new" }]);
});

/** A client whose token the server accepts or not, and how often it was asked for one. */
async function withToken() {
  const server = await openServer();
  const own = { token: "old", looks: 0 };
  const client = clientOf(server, {
    headers() {
      own.looks++;
      return { authorization: `Bearer ${own.token}` };
    },
  });
  const shown = () => server.handshakes.map(({ headers }) => headers["authorization"]);
  const isOnline = () => soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  /** The client has looked for another token at least once since, and shown none. */
  async function looksInVain(): Promise<void> {
    await soon(() => expect(client.connection.getSnapshot()).toMatchObject({ code: "LIVE_BEARER_REFUSED" }));
    const before = own.looks;
    await soon(() => expect(own.looks).toBeGreaterThan(before));
    expect(shown()).toEqual(["Bearer old"]);
  }
  return { server, client, own, shown, isOnline, looksInVain };
}

test("a token that is turned away is shown once; another one is tried as soon as there is one", async () => {
  const { server, client, own, shown, isOnline, looksInVain } = await withToken();
  server.refusalData = { code: "LIVE_BEARER_REFUSED", retryable: false };
  server.admit = () => (own.token === "old" ? "not accepted" : undefined);
  connect(client);
  await looksInVain();
  own.token = "new";
  await isOnline();
  expect(shown()).toEqual(["Bearer old", "Bearer new"]);
});

test("so is one that is not accepted any more", async () => {
  const { server, client, own, shown, isOnline, looksInVain } = await withToken();
  connect(client);
  await isOnline();
  server.frame("ended", { code: "LIVE_BEARER_REFUSED", message: "not any more", retryable: false });
  server.cut();
  await looksInVain();
  own.token = "new";
  await isOnline();
  expect(shown()).toEqual(["Bearer old", "Bearer new"]);
});

test("a page that the server does not want tries no more", async () => {
  const server = await openServer();
  server.admit = () => "origin refused";
  server.refusalData = { code: "LIVE_ORIGIN_REFUSED", retryable: false };
  const client = clientOf(server);
  connect(client);
  await soon(() =>
    expect(client.connection.getSnapshot()).toMatchObject({ status: "offline", message: "origin refused" }),
  );
  const other = clientOf(server, { socket: { auth: () => ({ other: true }) } });
  server.admit = () =>
    server.handshakes.filter(({ auth }) => auth["other"]).length < 2 ? "again" : undefined;
  server.refusalData = undefined;
  connect(other);
  await soon(() => expect(other.connection.getSnapshot().status).toBe("online"));
  expect(server.handshakes.filter(({ auth }) => !auth["other"])).toHaveLength(1);
});

test("a failing auth function counts as a failed attempt", async () => {
  const server = await openServer();
  let calls = 0;
  const auth = async () => {
    if (++calls === 1) throw new Error("no token today");
    return {};
  };
  const client = clientOf(server, { socket: { auth } });
  connect(client);
  await soon(() =>
    expect(client.connection.getSnapshot()).toMatchObject({ status: "offline", message: "no token today" }),
  );
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
});

test("in Node the client's headers travel with the handshake", async () => {
  const server = await openServer();
  connect(clientOf(server, { headers: () => ({ cookie: "session=7" }) }));
  await soon(() => expect(server.handshakes).toHaveLength(1));
  expect(server.handshakes[0]!.headers).toMatchObject({ cookie: "session=7", origin: server.url });
});

test("the application's own socket can be used", async () => {
  const server = await openServer();
  const socket = io(server.url, { autoConnect: false, transports: ["websocket"], auth: { mine: true } });
  const client = clientOf(server, { socket: () => socket });
  connect(client);
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  expect(server.handshakes[0]!.auth).toEqual({ mine: true });
  server.cut();
  await soon(() => expect(server.handshakes).toHaveLength(2));
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  client.close();
  await soon(() => expect(socket.disconnected).toBe(true));
});

test("reconnecting many times leaves one listener per event on the socket", async () => {
  const server = await openServer();
  const socket = io(server.url, { autoConnect: false, transports: ["websocket"], reconnection: false });
  const client = clientOf(server, { socket: () => socket });
  connect(client);
  for (let round = 1; round <= 3; round++) {
    await soon(() => expect(server.framesNamed("join")).toHaveLength(round));
    server.cut();
    await soon(() => expect(socket.connected).toBe(false));
  }
  const counts = ["connect", "connect_error", "disconnect"].map(
    (event) => socket.listeners(event as never).length,
  );
  expect([...counts, socket.listenersAny().length]).toEqual([1, 1, 1, 1]);
});

test("closing while connecting connects no more", async () => {
  const server = await openServer();
  const client = clientOf(server, { socket: { auth: async () => ({}) } });
  const seen = statuses(client);
  connect(client);
  client.close();
  const other = clientOf(server);
  connect(other);
  await soon(() => expect(other.connection.getSnapshot().status).toBe("online"));
  expect(seen).toEqual(["connecting", "closed"]);
  expect(server.handshakes).toHaveLength(1);
});
