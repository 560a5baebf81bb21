import { expect, test } from "vitest";
import { clientOf, openServer, roundTrips, soon } from "../test/rig.ts";
import { createLiveClient } from "./client.ts";

test("an unknown option is refused with the known ones", () => {
  expect(() => createLiveClient({ uri: "x" } as object)).toThrow(/unknown option "uri".*url/);
});

test("making a client, its views and reading them sends nothing", async () => {
  const server = await openServer();
  const client = clientOf(server);
  const query = client.query("/issues");
  expect(query.getSnapshot()).toMatchObject({ status: "loading", isFetching: false });
  client.connection.subscribe(() => {});
  expect(client.connection.getSnapshot().status).toBe("connecting");
  await roundTrips(client);
  expect([server.gets("/issues"), server.handshakes.length]).toEqual([0, 0]);
});

test("closing ends everything, and doing it twice is the same", async () => {
  const server = await openServer();
  server.serve("/issues", [1], "t1");
  const client = clientOf(server);
  const query = client.query("/issues");
  query.subscribe(() => {});
  client.listen("hostel/7", { event: () => {} });
  await soon(() => expect(server.frames.map((frame) => frame.name).sort()).toEqual(["join", "watch"]));
  client.close();
  client.close();
  await soon(() => expect(server.sockets).toBe(0));
  expect(client.connection.getSnapshot().status).toBe("closed");
  expect(query.getSnapshot()).toMatchObject({ status: "ready", data: [1] });
});

test("a closed client refuses to fetch, and its views and subscriptions stay silent", async () => {
  const server = await openServer();
  const client = clientOf(server);
  client.close();
  const query = client.query("/issues");
  const leave = query.subscribe(() => expect.unreachable());
  await query.refetch();
  leave();
  client.listen("hostel/7", { event: () => {} }).close();
  await expect(client.fetch("/issues")).rejects.toMatchObject({ code: "LIVE_CLOSED" });
  expect(query.getSnapshot().status).toBe("loading");
  expect([server.requests.length, server.handshakes.length]).toEqual([0, 0]);
});
