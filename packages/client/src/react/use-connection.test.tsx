import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { mount } from "../../test/mount.tsx";
import { clientOf, openServer, soon } from "../../test/rig.ts";
import { LiveProvider } from "./live-provider.ts";
import { useConnection } from "./use-connection.ts";
import { useLive } from "./use-live.ts";

function Badge() {
  return useConnection().status;
}

function Page() {
  useLive("/a");
  return <Badge />;
}

test("a badge follows the connection", async () => {
  const server = await openServer();
  const client = clientOf(server);
  const { text } = mount(client, <Page />);
  await soon(() => expect(text()).toBe("online"));
  await server.stop();
  await soon(() => expect(text()).toBe("offline"));
  await server.start();
  await soon(() => expect(text()).toBe("online"));
  client.close();
  await soon(() => expect(text()).toBe("closed"));
});

test("a badge alone does not connect", async () => {
  const server = await openServer();
  const { text } = mount(clientOf(server), <Badge />);
  await soon(() => expect(text()).toBe("connecting"));
  expect(server.handshakes).toEqual([]);
});

test("on the server a badge renders as connecting", async () => {
  const client = clientOf(await openServer());
  const html = renderToString(
    <LiveProvider client={client}>
      <Badge />
    </LiveProvider>,
  );
  expect(html).toBe("connecting");
});
