import { mount } from "../../test/mount.tsx";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { clientOf, openServer, roundTrips, soon } from "../../test/rig.ts";
import { useLiveClient } from "../react/index.ts";
import { connectQueryClient, liveQueryOptions } from "./query-bridge.ts";

function Count() {
  const { status, data, error } = useQuery(liveQueryOptions<number>(useLiveClient(), "/count"));
  return status === "error" ? error.message : `${status} ${data}`;
}

async function bridged() {
  const server = await openServer();
  server.serve("/count", 1, "t1");
  const client = clientOf(server);
  const queries = new QueryClient();
  const disconnect = connectQueryClient(client, queries);
  const page = mount(
    client,
    <QueryClientProvider client={queries}>
      <Count />
    </QueryClientProvider>,
  );
  return { server, client, queries, disconnect, ...page };
}

test("a change of the server reaches TanStack's cache and its screens, with one request each", async () => {
  const { server, client, queries, text } = await bridged();
  await soon(() => expect(text()).toBe("success 1"));
  await soon(() => expect(server.framesNamed("watch")).toEqual([{ token: "t1" }]));
  await roundTrips(client);
  expect(server.gets("/count")).toBe(1);
  server.serve("/count", 2, "t2");
  server.stale("w1", "a.2");
  await soon(() => expect(text()).toBe("success 2"));
  expect(queries.getQueryData(["livecache", "/count"])).toBe(2);
  expect(server.gets("/count")).toBe(2);
});

test("invalidating fetches anew", async () => {
  const { server, queries, text } = await bridged();
  await soon(() => expect(text()).toBe("success 1"));
  server.serve("/count", 2, "t2");
  await queries.invalidateQueries({ queryKey: ["livecache"] });
  await soon(() => expect(text()).toBe("success 2"));
});

test("a failure is TanStack's error, and what the client loads after it ends it", async () => {
  const { server, client, queries, text } = await bridged();
  await soon(() => expect(text()).toBe("success 1"));
  server.routes.set("/count", () => ({ status: 500 }));
  await queries.invalidateQueries({ queryKey: ["livecache"] });
  await soon(() => expect(text()).toBe("GET /count answered 500 Internal Server Error."));
  server.serve("/count", 3, "t3");
  await client.query("/count").refetch();
  await soon(() => expect(text()).toBe("success 3"));
});

test("only observed paths of its own keys are followed, and disconnecting ends that", async () => {
  const { server, client, queries, text, disconnect, unmount } = await bridged();
  queries.setQueryData(["livecache", 7], "other");
  queries.setQueryData(["other", "/count"], "other");
  await soon(() => expect(text()).toBe("success 1"));
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  disconnect();
  server.serve("/count", 2, "t2");
  await client.query("/count").refetch();
  expect(text()).toBe("success 1");
  unmount();
  expect(queries.getQueryData(["livecache", 7])).toBe("other");
  expect(server.gets("/count")).toBe(2);
});
