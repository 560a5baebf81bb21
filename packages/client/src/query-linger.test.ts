import { expect, test } from "vitest";
import { QUICK, clientOf, openServer, roundTrips, soon } from "../test/rig.ts";
import { counting, show, showFresh } from "../test/shown-query.ts";

test("leaving and coming back within the linger time makes no traffic", async () => {
  const { server, client, leave, query } = await showFresh();
  leave();
  const again = show(client);
  expect(again.query.getSnapshot()).toBe(query.getSnapshot());
  await roundTrips(client, 10);
  expect(server.frames.map(({ name }) => name)).toEqual(["watch"]);
  expect(server.gets("/issues")).toBe(1);
});

test("what changed while nobody looked is fetched when somebody looks again", async () => {
  const { server, client, leave, query } = await showFresh();
  leave();
  server.stale("w1", "a.9");
  await soon(() => expect(query.getSnapshot().isStale).toBe(true));
  await roundTrips(client, 10);
  expect(server.gets("/issues")).toBe(1);
  const again = show(client);
  await soon(() => expect(again.query.getSnapshot()).toMatchObject({ data: 2, isStale: false }));
});

test("some time after the last subscriber has left, the watch is given up and the data forgotten", async () => {
  const server = await openServer();
  counting(server);
  const client = clientOf(server, { timing: { ...QUICK, lingerMs: 1 } });
  const { query, leave } = show(client);
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  await roundTrips(client);
  leave();
  leave();
  await soon(() => expect(server.framesNamed("unwatch")).toEqual([{ id: "w1" }]));
  expect(query.getSnapshot()).toMatchObject({ status: "loading", data: undefined });
});

test("a refetch without a subscriber fetches once", async () => {
  const server = await openServer();
  counting(server);
  const query = clientOf(server).query<number>("/issues");
  await query.refetch();
  expect(query.getSnapshot()).toMatchObject({ status: "ready", data: 1 });
});
