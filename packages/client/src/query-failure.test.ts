import { expect, test } from "vitest";
import { QUICK, clientOf, openServer, roundTrips, soon } from "../test/rig.ts";
import { counting, show, showFresh } from "../test/shown-query.ts";

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
  const { server, query } = await showFresh();
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
