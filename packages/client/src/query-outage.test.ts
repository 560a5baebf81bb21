import { expect, test } from "vitest";
import { QUICK, clientOf, openServer, roundTrips, soon } from "../test/rig.ts";
import { refusal } from "../test/scripted-server.ts";
import { counting, show, showFresh } from "../test/shown-query.ts";

test("G5: after a reconnect a fresh answer costs no request", async () => {
  const { server, client, query } = await showFresh();
  server.cut();
  await soon(() => expect(server.framesNamed("watch")).toEqual([{ token: "t1" }, { token: "t1" }]));
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  await roundTrips(client, 10);
  expect([server.gets("/issues"), query.getSnapshot().data]).toEqual([1, 1]);
  server.stale("w2", "a.9");
  await soon(() => expect(query.getSnapshot().data).toBe(2));
});

test("G5: after a reconnect a stale answer costs one", async () => {
  const { server, client, query } = await showFresh();
  server.watch = ({ token }) => ({ ok: true, state: token === "t1" ? "stale" : "fresh", position: "a.9" });
  server.cut();
  await soon(() => expect(query.getSnapshot().data).toBe(2));
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(3));
  await roundTrips(client, 10);
  expect(server.gets("/issues")).toBe(2);
});

test("G5: screens converge after a server restart that came with another secret", async () => {
  const { server, query } = await showFresh();
  await server.stop();
  server.watch = ({ token }) =>
    token === "t1" ? refusal("LIVE_TOKEN_INVALID") : { ok: true, state: "fresh", position: "b.1" };
  await server.start();
  await soon(() => expect(query.getSnapshot().data).toBe(2));
  await soon(() => expect(server.framesNamed("watch").at(-1)).toEqual({ token: "t2" }));
});

test("when every token is refused, the query asks once for another and then leaves it at that", async () => {
  const server = await openServer();
  counting(server);
  server.watch = () => refusal("LIVE_TOKEN_INVALID");
  const client = clientOf(server);
  const { query } = show(client);
  await soon(() => expect(server.framesNamed("watch")).toEqual([{ token: "t1" }, { token: "t2" }]));
  await roundTrips(client, 10);
  expect([server.gets("/issues"), query.getSnapshot().status]).toEqual([2, "ready"]);
});

test("a watch refused for a while is asked for again, without a request", async () => {
  const server = await openServer();
  counting(server);
  server.watch = () =>
    server.framesNamed("watch").length < 3
      ? refusal("LIVE_LIMIT_REACHED", true)
      : { ok: true, state: "fresh", position: "a.1" };
  const { query } = show(clientOf(server));
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(3));
  server.stale("w1", "a.2");
  await soon(() => expect(query.getSnapshot().data).toBe(2));
});

test("a response without a token is shown, and fetched again after a reconnect", async () => {
  const server = await openServer();
  let count = 0;
  server.routes.set("/issues", () => ({ body: ++count }));
  const client = clientOf(server);
  const { query } = show(client);
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  await soon(() => expect(query.getSnapshot().data).toBe(1));
  await roundTrips(client, 10);
  expect(server.gets("/issues")).toBe(1);
  server.cut();
  await soon(() => expect(query.getSnapshot().data).toBe(2));
  expect(server.framesNamed("watch")).toEqual([]);
});

test("an earlier watch is kept when a later response has no token", async () => {
  const { server, query } = await showFresh();
  server.serve("/issues", "uncached");
  await query.refetch();
  server.serve("/issues", "cached", "t9");
  server.stale("w1", "a.9");
  await soon(() => expect(query.getSnapshot().data).toBe("cached"));
});

test("what nobody watches is polled", async () => {
  const server = await openServer();
  let count = 0;
  server.routes.set("/issues", () => ({ body: ++count }));
  const { query } = show(clientOf(server, { timing: { ...QUICK, pollMs: 20 } }));
  await soon(() => expect(query.getSnapshot().data).toBeGreaterThanOrEqual(3));
});

test("what the server watches is not polled", async () => {
  const server = await openServer();
  counting(server);
  server.routes.set("/plain", () => ({ body: server.gets("/plain") }));
  const client = clientOf(server, { timing: { ...QUICK, pollMs: 20 } });
  show(client);
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  const plain = show(client, "/plain");
  await soon(() => expect(plain.query.getSnapshot().data).toBeGreaterThanOrEqual(4));
  expect(server.gets("/issues")).toBe(1);
});

test("a request that hangs over a reconnect is begun anew at once", async () => {
  const { server, query } = await showFresh();
  server.routes.set("/issues", () =>
    server.gets("/issues") === 2 ? new Promise(() => {}) : { body: "here" },
  );
  const refetched = query.refetch();
  await soon(() => expect(server.gets("/issues")).toBe(2));
  server.cut();
  await refetched;
  expect(query.getSnapshot()).toMatchObject({ data: "here", status: "ready" });
});
