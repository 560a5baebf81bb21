import { memo } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { mount } from "../../test/mount.tsx";
import { QUICK, clientOf, openServer, roundTrips, soon } from "../../test/rig.ts";
import { LiveProvider } from "./live-provider.ts";
import { useLive } from "./use-live.ts";
import type { LiveResult } from "./use-live.ts";

/** Shows one path, and keeps every result it was rendered with. */
function Show({ path, seen = [] }: { readonly path: string | null; readonly seen?: LiveResult<unknown>[] }) {
  const result = useLive(path);
  seen.push(result);
  return `${result.status} ${JSON.stringify(result.data)};`;
}

async function serving() {
  const server = await openServer();
  let version = 1;
  for (const path of ["/a", "/b"]) {
    server.routes.set(path, () => ({
      body: `${path}${version}`,
      headers: { "live-query": `${path}${version}` },
    }));
  }
  return { server, client: clientOf(server), change: () => void version++ };
}

test("mounted twice by strict mode, a component makes one request and one watch, and updates itself", async () => {
  const { server, client, change } = await serving();
  const { text } = mount(client, <Show path="/a" />);
  await soon(() => expect(text()).toBe('ready "/a1";'));
  await soon(() => expect(server.framesNamed("watch")).toEqual([{ token: "/a1" }]));
  await roundTrips(client, 10);
  expect(server.gets("/a")).toBe(1);
  change();
  server.stale("w1", "a.9");
  await soon(() => expect(text()).toBe('ready "/a2";'));
  expect(server.gets("/a")).toBe(2);
});

test("the first render is loading, and the data follows", async () => {
  const { client } = await serving();
  const seen: LiveResult<unknown>[] = [];
  const { text } = mount(client, <Show path="/a" seen={seen} />);
  await soon(() => expect(text()).toBe('ready "/a1";'));
  expect(seen[0]).toMatchObject({ status: "loading", data: undefined });
});

test("after unmounting, the watch is given up and no listener is left", async () => {
  const { server } = await serving();
  const client = clientOf(server, { timing: { ...QUICK, lingerMs: 1 } });
  const { text, unmount } = mount(client, <Show path="/a" />);
  await soon(() => expect(server.framesNamed("watch")).toHaveLength(1));
  await soon(() => expect(text()).toBe('ready "/a1";'));
  unmount();
  await soon(() => expect(server.framesNamed("unwatch")).toEqual([{ id: "w1" }]));
});

test("another path shows its own data only, and coming back shows what is there at once", async () => {
  const { client } = await serving();
  const seen: LiveResult<unknown>[] = [];
  const { text, render } = mount(client, <Show path="/a" seen={seen} />);
  await soon(() => expect(text()).toBe('ready "/a1";'));
  const before = seen.length;
  render(<Show path="/b" seen={seen} />);
  await soon(() => expect(text()).toBe('ready "/b1";'));
  expect(seen.slice(before).map(({ data }) => data)).not.toContain("/a1");
  render(<Show path="/a" seen={seen} />);
  await soon(() => expect(text()).toBe('ready "/a1";'));
  expect(seen.at(-1)).toMatchObject({ status: "ready", data: "/a1" });
});

test("with null nothing is fetched until there is a path", async () => {
  const { server, client } = await serving();
  const { text, render } = mount(client, <Show path={null} />);
  await soon(() => expect(text()).toBe("loading undefined;"));
  await roundTrips(client);
  expect(server.handshakes).toEqual([]);
  render(<Show path="/a" />);
  await soon(() => expect(text()).toBe('ready "/a1";'));
});

test("a failed refetch keeps the data and tells the error", async () => {
  const { server, client } = await serving();
  const seen: LiveResult<unknown>[] = [];
  const { text } = mount(client, <Show path="/a" seen={seen} />);
  await soon(() => expect(text()).toBe('ready "/a1";'));
  server.routes.set("/a", () => ({ status: 500 }));
  await seen.at(-1)!.refetch();
  await soon(() => expect(text()).toBe('error "/a1";'));
  expect(seen.at(-1)!.error).toMatchObject({ code: "LIVE_REQUEST_FAILED", details: { status: 500 } });
});

test("all components that show a path show the same of it in every commit", async () => {
  const { server, client, change } = await serving();
  const { text } = mount(
    client,
    <>
      <Show path="/a" />
      <Show path="/a" />
      <Show path="/a" />
    </>,
  );
  await soon(() => expect(text()).toContain("ready"));
  for (let round = 1; round <= 5; round++) {
    await soon(() => expect(server.framesNamed("watch")).toHaveLength(round));
    change();
    server.stale(`w${round}`, `a.${round + 1}`);
    await soon(() => {
      const parts = text().split(";").slice(0, 3);
      expect(new Set(parts).size).toBe(1);
      expect(parts[0]).toBe(`ready "/a${round + 1}"`);
    });
  }
});

test("the result keeps its identity while nothing changes", async () => {
  const { client } = await serving();
  const renders: unknown[] = [];
  const Child = memo(function Child({ result }: { readonly result: LiveResult<unknown> }) {
    renders.push(result);
    return null;
  });
  function Parent({ turn }: { readonly turn: number }) {
    const result = useLive("/a");
    return (
      <>
        {turn} {result.status}
        <Child result={result} />
      </>
    );
  }
  const { text, render } = mount(client, <Parent turn={1} />);
  await soon(() => expect(text()).toBe("1 ready"));
  const before = renders.length;
  render(<Parent turn={2} />);
  await soon(() => expect(text()).toBe("2 ready"));
  expect(renders.length).toBe(before);
});

test("on the server a component renders as loading and fetches nothing", async () => {
  const { server, client } = await serving();
  const html = renderToString(
    <LiveProvider client={client}>
      <Show path="/a" />
    </LiveProvider>,
  );
  expect(html).toBe("loading undefined;");
  await roundTrips(client);
  expect([server.gets("/a"), server.handshakes.length]).toEqual([0, 0]);
});

test("without a provider the hook says what to do", () => {
  expect(() => renderToString(<Show path="/a" />)).toThrow(/wrap the application in <LiveProvider/);
});
