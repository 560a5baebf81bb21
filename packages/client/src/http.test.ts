import { expect, test } from "vitest";
import { clientOf, openServer } from "../test/rig.ts";

test("a read after a write presents the write's position", async () => {
  const server = await openServer();
  server.routes.set("/issues", () => ({ headers: { "live-position": "a.7" } }));
  const client = clientOf(server);
  await client.fetch("/issues", { method: "POST" });
  await client.fetch("/summary");
  expect(
    server.requests.map(({ method, path, headers }) => [method, path, headers["live-position"]]),
  ).toEqual([
    ["POST", "/issues", undefined],
    ["GET", "/summary", "a.7"],
  ]);
});

test("positions are learnt from refusals as well", async () => {
  const server = await openServer();
  server.routes.set("/issues", () => ({ status: 409, headers: { "live-position": "a.9" } }));
  const client = clientOf(server);
  await client.fetch("/issues");
  await client.fetch("/issues");
  expect(server.requests[1]!.headers["live-position"]).toBe("a.9");
});

test("the client's headers are asked for with each request, and the call's own win", async () => {
  const server = await openServer();
  let calls = 0;
  const client = clientOf(server, {
    headers: async () => ({ authorization: `Bearer ${++calls}`, "x-from": "client" }),
  });
  await client.fetch("/one");
  await client.fetch("/two", { headers: { "X-From": "call" } });
  expect(server.requests.map(({ headers }) => [headers.authorization, headers["x-from"]])).toEqual([
    ["Bearer 1", "client"],
    ["Bearer 2", "call"],
  ]);
});

test("a path of another server is refused before anything is sent", async () => {
  const client = clientOf(await openServer(), { fetch: () => expect.unreachable() });
  await expect(client.fetch("https://elsewhere.test/")).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  await expect(client.fetch("//elsewhere.test/")).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
});

test("outside a page a client without an address says so", async () => {
  const client = clientOf({ url: undefined as never });
  await expect(client.fetch("/")).rejects.toMatchObject({ code: "LIVE_OPTIONS_INVALID" });
});

test("credentials are passed on, and the call's own win", async () => {
  const seen: unknown[] = [];
  const client = clientOf(await openServer(), {
    credentials: "include",
    fetch: async (_, init) => {
      seen.push(init?.credentials);
      return new Response();
    },
  });
  await client.fetch("/");
  await client.fetch("/", { credentials: "omit" });
  expect(seen).toEqual(["include", "omit"]);
});
