import { expect, test } from "vitest";
import { QUICK, clientOf, gate, openServer, roundTrips, soon } from "../test/rig.ts";
import { counting, show, showFresh } from "../test/shown-query.ts";

test("a subscriber gets loading, then the data, and the response's token is watched", async () => {
  const { server, snapshots } = await showFresh();
  expect(snapshots.map(({ status, data, isFetching }) => [status, data, isFetching])).toEqual([
    ["loading", undefined, true],
    ["ready", 1, false],
  ]);
  expect(server.requests[0]!.headers).toMatchObject({
    accept: "application/json",
    "cache-control": "max-age=0",
  });
});

test("all subscribers of a path share one request and one watch", async () => {
  const { server, client, query } = await showFresh();
  const other = show(client);
  expect(other.query.getSnapshot()).toBe(query.getSnapshot());
  await roundTrips(client);
  expect([server.gets("/issues"), server.framesNamed("watch").length]).toEqual([1, 1]);
});

test("a stale notice leads to a refetch that presents its position, and the new token is watched", async () => {
  const { server, query, snapshots } = await showFresh();
  server.stale("w1", "a.9");
  await soon(() => expect(query.getSnapshot()).toMatchObject({ data: 2, isStale: false }));
  expect(server.requests[1]!.headers["live-position"]).toBe("a.9");
  await soon(() => expect(server.framesNamed("watch")).toEqual([{ token: "t1" }, { token: "t2" }]));
  expect(snapshots.some(({ data, isStale }) => data === 1 && isStale)).toBe(true);
  expect(server.framesNamed("unwatch")).toEqual([]);
});

test("a stale answer to the first watch leads to a refetch with the position of the judgement", async () => {
  const server = await openServer();
  counting(server);
  server.watch = ({ token }) => ({ ok: true, state: token === "t1" ? "stale" : "fresh", position: "a.5" });
  const { query } = show(clientOf(server));
  await soon(() => expect(query.getSnapshot()).toMatchObject({ data: 2, isStale: false }));
  expect(server.requests[1]!.headers["live-position"]).toBe("a.5");
});

test("a refetch on demand watches the new token and gives up the old watch", async () => {
  const { server, query } = await showFresh();
  await query.refetch();
  expect(query.getSnapshot().data).toBe(2);
  await soon(() => expect(server.framesNamed("unwatch")).toEqual([{ id: "w1" }]));
  server.stale("w1", "a.9");
  server.stale("w2", "a.9");
  await soon(() => expect(query.getSnapshot().data).toBe(3));
});

test("many notices in a short time lead to one refetch", async () => {
  const { server, client, query } = await showFresh();
  for (const position of ["a.7", "a.8", "a.9"]) server.stale("w1", position);
  await soon(() => expect(query.getSnapshot()).toMatchObject({ data: 2, isStale: false }));
  await roundTrips(client, 10);
  expect(server.gets("/issues")).toBe(2);
});

test("a refetch that began before a notice does not satisfy it", async () => {
  const { server, query } = await showFresh();
  const slow = gate();
  server.routes.set("/issues", async () => {
    await slow.passed;
    counting(server);
    return { body: "old", headers: { "live-query": "t-old" } };
  });
  const refetched = query.refetch();
  await soon(() => expect(server.gets("/issues")).toBe(2));
  server.stale("w1", "a.9");
  await soon(() => expect(query.getSnapshot().isStale).toBe(true));
  slow.open();
  await refetched;
  expect(query.getSnapshot()).toMatchObject({ data: "old", isStale: true });
  await soon(() => expect(query.getSnapshot()).toMatchObject({ data: 1, isStale: false }));
  expect(server.framesNamed("watch").map(({ token }) => token)).not.toContain("t-old");
});

test("only one request of a path is under way at a time", async () => {
  const { server, query } = await showFresh();
  let underWay = 0;
  let most = 0;
  server.routes.set("/issues", async () => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    return { body: server.gets("/issues") };
  });
  await Promise.all([query.refetch(), query.refetch(), query.refetch()]);
  expect(most).toBe(1);
  expect(query.getSnapshot().data).toBe(server.gets("/issues"));
});

test("equal bytes keep the data's identity", async () => {
  const server = await openServer();
  server.serve("/issues", [{ id: 1 }], "t1");
  const { query } = show(clientOf(server));
  await soon(() => expect(query.getSnapshot().status).toBe("ready"));
  const before = query.getSnapshot();
  await query.refetch();
  expect(query.getSnapshot()).not.toBe(before);
  expect(query.getSnapshot().data).toBe(before.data);
});

test("responses that are out of date on arrival are chased at a growing interval", async () => {
  const server = await openServer();
  counting(server);
  server.watch = () => ({ ok: true, state: "stale", position: "a.1" });
  const client = clientOf(server, { timing: { ...QUICK, jitterMs: 100 } });
  const { query } = show(client);
  await soon(() => expect(query.getSnapshot().data).toBeGreaterThanOrEqual(3));
  server.watch = () => ({ ok: true, state: "fresh", position: "a.1" });
  await soon(() => expect(query.getSnapshot().isStale).toBe(false));
});

test("a listener that throws does not keep the others from hearing", async () => {
  const { server, client, query } = await showFresh();
  const reported: unknown[] = [];
  const before = console.error;
  console.error = (error: unknown) => reported.push(error);
  try {
    query.subscribe(() => {
      throw new Error("in a listener");
    });
    const other = show(client);
    server.stale("w1", "a.9");
    await soon(() => expect(other.snapshots.at(-1)?.data).toBe(2));
  } finally {
    console.error = before;
  }
  expect(reported).not.toEqual([]);
});
