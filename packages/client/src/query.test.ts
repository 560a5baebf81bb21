import { expect, test } from "vitest";
import { refusal } from "../test/scripted-server.ts";
import type { ScriptedServer } from "../test/scripted-server.ts";
import { QUICK, clientOf, gate, openServer, roundTrips, soon } from "../test/rig.ts";
import type { LiveClient } from "./client.ts";
import type { LiveQuery } from "./query-store.ts";
import type { QuerySnapshot } from "./query-snapshot.ts";

/** Subscribes to `/issues` and records every snapshot. */
function show(client: LiveClient<any>, path = "/issues") {
  const query: LiveQuery<any> = client.query(path);
  const snapshots: QuerySnapshot<any>[] = [];
  const leave = query.subscribe(() => snapshots.push(query.getSnapshot()));
  return { query, snapshots, leave };
}

/** A route that counts up: its body and its token name the number of the request. */
function counting(server: ScriptedServer, path = "/issues"): void {
  let count = 0;
  server.routes.set(path, () => ({ body: ++count, headers: { "live-query": `t${count}` } }));
}

/** A client that shows `/issues` and has been told that it is fresh. */
async function shown() {
  const server = await openServer();
  counting(server);
  const client = clientOf(server);
  const shown = show(client);
  await soon(() => expect(server.framesNamed("watch")).toEqual([{ token: "t1" }]));
  await soon(() => expect(shown.query.getSnapshot().data).toBe(1));
  return { server, client, ...shown };
}

test("a subscriber gets loading, then the data, and the response's token is watched", async () => {
  const { server, snapshots } = await shown();
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
  const { server, client, query } = await shown();
  const other = show(client);
  expect(other.query.getSnapshot()).toBe(query.getSnapshot());
  await roundTrips(client);
  expect([server.gets("/issues"), server.framesNamed("watch").length]).toEqual([1, 1]);
});

test("a stale notice leads to a refetch that presents its position, and the new token is watched", async () => {
  const { server, query, snapshots } = await shown();
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
  const { server, query } = await shown();
  await query.refetch();
  expect(query.getSnapshot().data).toBe(2);
  await soon(() => expect(server.framesNamed("unwatch")).toEqual([{ id: "w1" }]));
  server.stale("w1", "a.9");
  server.stale("w2", "a.9");
  await soon(() => expect(query.getSnapshot().data).toBe(3));
});

test("many notices in a short time lead to one refetch", async () => {
  const { server, client, query } = await shown();
  for (const position of ["a.7", "a.8", "a.9"]) server.stale("w1", position);
  await soon(() => expect(query.getSnapshot()).toMatchObject({ data: 2, isStale: false }));
  await roundTrips(client, 10);
  expect(server.gets("/issues")).toBe(2);
  expect(server.requests[1]!.headers["live-position"]).toBe("a.9");
});

test("a refetch that began before a notice does not satisfy it", async () => {
  const { server, query } = await shown();
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
  const { server, query } = await shown();
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

test("after a reconnect a fresh answer costs no request", async () => {
  const { server, client, query } = await shown();
  server.cut();
  await soon(() => expect(server.framesNamed("watch")).toEqual([{ token: "t1" }, { token: "t1" }]));
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  await roundTrips(client, 10);
  expect([server.gets("/issues"), query.getSnapshot().data]).toEqual([1, 1]);
  server.stale("w2", "a.9");
  await soon(() => expect(query.getSnapshot().data).toBe(2));
});

test("after a reconnect a stale answer costs one", async () => {
  const { server, client, query } = await shown();
  server.watch = ({ token }) => ({ ok: true, state: token === "t1" ? "stale" : "fresh", position: "a.9" });
  server.cut();
  await soon(() => expect(query.getSnapshot().data).toBe(2));
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(3));
  await roundTrips(client, 10);
  expect(server.gets("/issues")).toBe(2);
});

test("screens converge after a server restart that came with another secret", async () => {
  const { server, query } = await shown();
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
  const { server, query } = await shown();
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

test("a failing server is asked again until it answers, and the error is shown meanwhile", async () => {
  const server = await openServer();
  server.routes.set("/issues", () =>
    server.gets("/issues") < 3 ? { status: 500, body: { title: "broken" } } : { body: "well" },
  );
  const { query, snapshots } = show(clientOf(server));
  await soon(() =>
    expect(query.getSnapshot()).toMatchObject({ status: "ready", data: "well", error: undefined }),
  );
  const shownError = snapshots.find(({ status }) => status === "error")?.error;
  expect(shownError).toMatchObject({
    code: "LIVE_REQUEST_FAILED",
    details: { path: "/issues", status: 500, body: { title: "broken" } },
  });
  expect(server.gets("/issues")).toBe(3);
});

test("a failed refetch keeps the data on screen", async () => {
  const { server, query } = await shown();
  server.routes.set("/issues", () => ({ status: 503 }));
  await query.refetch();
  expect(query.getSnapshot()).toMatchObject({ status: "error", data: 1, updatedAt: expect.any(Number) });
});

test.each([401, 403, 404])("%i is not asked again until the next reconnect", async (status) => {
  const server = await openServer();
  server.routes.set("/issues", () => ({ status }));
  const client = clientOf(server);
  const { query } = show(client);
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  await soon(() => expect(query.getSnapshot().status).toBe("error"));
  await soon(() => expect(query.getSnapshot().isFetching).toBe(false));
  const asked = server.gets("/issues");
  await roundTrips(client, 60);
  expect(server.gets("/issues")).toBe(asked);
  server.serve("/issues", "let in");
  server.cut();
  await soon(() => expect(query.getSnapshot().data).toBe("let in"));
});

test("a body that is no JSON is an error that says so", async () => {
  const server = await openServer();
  server.routes.set("/issues", () => ({ text: "<html>" }));
  const { query } = show(clientOf(server));
  await soon(() => expect(query.getSnapshot().error?.message).toMatch(/expected JSON, received "<html>"/));
});

test("a server that is down at the start is found, and the data comes", async () => {
  const server = await openServer();
  await server.stop();
  counting(server);
  const { query } = show(clientOf(server));
  await soon(() => expect(query.getSnapshot()).toMatchObject({ status: "error", data: undefined }));
  await server.start();
  await soon(() => expect(query.getSnapshot().status).toBe("ready"));
  await soon(() => expect(server.framesNamed("watch")).not.toEqual([]));
});

test("a request that hangs counts as failed after its time", async () => {
  const server = await openServer();
  server.routes.set("/issues", () =>
    server.gets("/issues") === 1 ? new Promise(() => {}) : { body: "here" },
  );
  const { query, snapshots } = show(clientOf(server, { timing: { ...QUICK, requestTimeoutMs: 100 } }));
  await soon(() => expect(query.getSnapshot().data).toBe("here"));
  expect(snapshots.find(({ error }) => error)?.error?.message).toMatch(/no answer within 100 ms/);
});

test("a request that hangs over a reconnect is begun anew at once", async () => {
  const { server, query } = await shown();
  server.routes.set("/issues", () =>
    server.gets("/issues") === 2 ? new Promise(() => {}) : { body: "here" },
  );
  const refetched = query.refetch();
  await soon(() => expect(server.gets("/issues")).toBe(2));
  server.cut();
  await refetched;
  expect(query.getSnapshot()).toMatchObject({ data: "here", status: "ready" });
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

test("leaving and coming back within the linger time makes no traffic", async () => {
  const { server, client, leave, query } = await shown();
  leave();
  const again = show(client);
  expect(again.query.getSnapshot()).toBe(query.getSnapshot());
  await roundTrips(client, 10);
  expect(server.frames.map(({ name }) => name)).toEqual(["watch"]);
  expect(server.gets("/issues")).toBe(1);
});

test("what changed while nobody looked is fetched when somebody looks again", async () => {
  const { server, client, leave, query } = await shown();
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

test("a listener that throws does not keep the others from hearing", async () => {
  const { server, client, query } = await shown();
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
