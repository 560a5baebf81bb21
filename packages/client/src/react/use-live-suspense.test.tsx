import { Component, Suspense } from "react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import { mount } from "../../test/mount.tsx";
import { clientOf, openServer, roundTrips, soon } from "../../test/rig.ts";
import { useLiveSuspense } from "./use-live-suspense.ts";

function Show({ path }: { readonly path: string }) {
  const { data, status } = useLiveSuspense<string>(path);
  return `${status} ${data}`;
}

/** Shows what was thrown below it. */
class Catch extends Component<{ readonly children: ReactNode }, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error ? `caught ${this.state.error.message}` : this.props.children;
  }
}

function page(path: string): ReactNode {
  return (
    <Catch>
      <Suspense fallback="waiting">
        <Show path={path} />
      </Suspense>
    </Catch>
  );
}

test("it waits for the data with one request, and updates itself without waiting again", async () => {
  const server = await openServer();
  server.serve("/a", "one", "t1");
  const client = clientOf(server);
  const { text } = mount(client, page("/a"));
  await soon(() => expect(text()).toBe("waiting"));
  await soon(() => expect(text()).toBe("ready one"));
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  await roundTrips(client);
  expect(server.gets("/a")).toBe(1);
  server.serve("/a", "two", "t2");
  server.stale("w1", "a.2");
  await soon(() => expect(text()).toBe("ready two"));
});

test("a first request that fails is thrown to the error boundary; a later failure comes beside the data", async () => {
  const server = await openServer();
  server.routes.set("/bad", () => ({ status: 404 }));
  const client = clientOf(server);
  const bad = mount(client, page("/bad"));
  await soon(() => expect(bad.text()).toBe("caught GET /bad answered 404 Not Found."));
  server.serve("/a", "one");
  const good = mount(client, page("/a"));
  await soon(() => expect(good.text()).toBe("ready one"));
  server.routes.set("/a", () => ({ status: 400 }));
  await client.query("/a").refetch();
  await soon(() => expect(good.text()).toBe("error one"));
});
