import { expect, test } from "vitest";
import { QUICK, clientOf, gate, openServer, roundTrips, soon } from "../test/rig.ts";
import { show } from "../test/shown-query.ts";

const FIRST = { count: 1, names: ["a"] };

/** A client that shows `/issues`, watched as `w1`, under the entity tag `"v1"`. */
async function showing(etag: string | undefined = '"v1"') {
  const server = await openServer();
  server.routes.set("/issues", () => ({
    body: FIRST,
    headers: { "live-query": "t1", "live-position": "a.10", etag },
  }));
  const client = clientOf(server);
  const shown = show(client);
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  await soon(() => expect(shown.query.getSnapshot().data).toEqual(FIRST));
  await roundTrips(client);
  const push = (frame: object) =>
    server.frame("body", { id: "w1", position: "a.11", token: "t2", etag: '"v2"', ...frame });
  return { server, client, push, ...shown };
}

const ADD = [{ op: "add", path: "/names/1", value: "b" }];

test("a pushed body is shown without a request, and its token is what is watched from then on", async () => {
  const { server, query, push } = await showing();
  push({ body: { count: 2 } });
  await soon(() => expect(query.getSnapshot()).toMatchObject({ status: "ready", data: { count: 2 } }));
  expect(server.gets("/issues")).toBe(1);
  server.cut();
  await soon(() => expect(server.framesNamed("watch")[1]).toEqual({ token: "t2" }));
});

test("what is fetched after a pushed body is at least as new", async () => {
  const { server, client, query, push } = await showing();
  push({ body: { count: 2 }, position: "a.12" });
  await soon(() => expect(query.getSnapshot().data).toEqual({ count: 2 }));
  await client.fetch("/other");
  expect(server.requests.at(-1)?.headers["live-position"]).toBe("a.12");
});

test.each(['"v1"', 'W/"v1"', '"v1-br"', '"v1-gzip"'])(
  "a difference to what is shown is applied; what has not changed keeps its identity: %s",
  async (etag) => {
    const { server, query, push } = await showing(etag);
    push({ from: '"v1"', delta: [{ op: "replace", path: "/count", value: 2 }] });
    await soon(() => expect(query.getSnapshot().data).toEqual({ count: 2, names: ["a"] }));
    const { names } = query.getSnapshot().data;
    push({
      position: "a.12",
      from: '"v2"',
      etag: '"v3"',
      delta: [{ op: "replace", path: "/count", value: 3 }],
    });
    push({
      position: "a.13",
      from: '"v3"',
      etag: '"v4"',
      delta: [{ op: "replace", path: "/count", value: 4 }],
    });
    await soon(() => expect(query.getSnapshot().data).toEqual({ count: 4, names: ["a"] }));
    expect(query.getSnapshot().data.names).toBe(names);
    expect(server.gets("/issues")).toBe(1);
  },
);

test("the first differences that come at once are applied in their order", async () => {
  const { server, query, push } = await showing();
  push({ from: '"v1"', delta: ADD });
  push({ position: "a.12", from: '"v2"', etag: '"v3"', delta: [{ op: "remove", path: "/names/0" }] });
  await soon(() => expect(query.getSnapshot().data).toEqual({ count: 1, names: ["b"] }));
  expect(server.gets("/issues")).toBe(1);
});

test.each([
  ["to another body", { from: '"v0"', delta: ADD }],
  ["that does not apply", { from: '"v1"', delta: [{ op: "remove", path: "/titles/3" }] }],
  ["that is no patch", { from: '"v1"', delta: "x" }],
  ["without a body", {}],
])("a push %s leads to a fetch", async (_, frame) => {
  const { server, query, push } = await showing();
  server.serve("/issues", { count: 9 }, "t9");
  push(frame);
  await soon(() => expect(query.getSnapshot().data).toEqual({ count: 9 }));
});

test("without an entity tag no difference is applied", async () => {
  const server = await openServer();
  server.serve("/issues", FIRST, "t1");
  const { query } = show(clientOf(server));
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  await soon(() => expect(query.getSnapshot().data).toEqual(FIRST));
  server.serve("/issues", { count: 9 }, "t9");
  server.frame("body", { id: "w1", position: "a.2", token: "t2", etag: '"v2"', from: '"v1"', delta: ADD });
  await soon(() => expect(query.getSnapshot().data).toEqual({ count: 9 }));
});

test("a body that is older than what is shown, or for another watch, is not taken", async () => {
  const { server, client, query, push } = await showing();
  const before = query.getSnapshot();
  push({ body: { count: 0 }, position: "a.9" });
  push({ body: { count: 0 }, id: "w7" });
  await roundTrips(client);
  expect(query.getSnapshot()).toBe(before);
  expect(server.gets("/issues")).toBe(1);
});

test("a body as of the position that is shown is taken: a server cut off from the others makes such after its own changes", async () => {
  const { query, push } = await showing();
  push({ body: { count: 2 }, position: "a.10" });
  await soon(() => expect(query.getSnapshot().data).toEqual({ count: 2 }));
});

test("an answer that a push has overtaken is not shown", async () => {
  const { server, query, push } = await showing();
  const held = gate();
  server.routes.set("/issues", async () => {
    await held.passed;
    return { body: FIRST, headers: { "live-query": "t1", "live-position": "a.10" } };
  });
  const done = query.refetch();
  await soon(() => expect(server.gets("/issues")).toBe(2));
  push({ body: { count: 2 } });
  await soon(() => expect(query.getSnapshot()).toMatchObject({ data: { count: 2 }, isFetching: true }));
  held.open();
  await done;
  expect(query.getSnapshot()).toMatchObject({ data: { count: 2 }, isFetching: false, isStale: false });
});

test("a pushed body ends an error", async () => {
  const { server, query, push } = await showing();
  server.routes.set("/issues", () => ({ status: 400 }));
  await query.refetch();
  expect(query.getSnapshot().status).toBe("error");
  push({ body: { count: 2 } });
  await soon(() => expect(query.getSnapshot()).toMatchObject({ status: "ready", data: { count: 2 } }));
});

test("a refetch waits a random part of what the server asks for", async () => {
  const server = await openServer();
  server.serve("/issues", 1, "t1");
  const { query } = show(clientOf(server, { timing: { ...QUICK, jitterMs: 0 } }));
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  server.serve("/issues", 2, "t2");
  const random = Math.random;
  Math.random = () => 0.5;
  try {
    const toldAt = Date.now();
    server.frame("stale", { id: "w1", position: "a.2", spreadMs: 600 });
    await soon(() => expect(query.getSnapshot()).toMatchObject({ data: 1, isStale: true }));
    await soon(() => expect(query.getSnapshot()).toMatchObject({ data: 2, isStale: false }));
    expect(Date.now() - toldAt).toBeGreaterThanOrEqual(300);
  } finally {
    Math.random = random;
  }
});
