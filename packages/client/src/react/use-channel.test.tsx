import { useState } from "react";
import { expect, test } from "vitest";
import { mount } from "../../test/mount.tsx";
import { clientOf, openServer, soon } from "../../test/rig.ts";
import { useChannel } from "./use-channel.ts";

/** Shows the last issue heard in a hostel, after a prefix that its handlers close over. */
function Hear({ hostelId, prefix = "" }: { readonly hostelId: number | null; readonly prefix?: string }) {
  const [heard, setHeard] = useState("nothing");
  useChannel("hostel/:hostelId", hostelId === null ? null : { hostelId }, {
    new_issue: (issue) => setHeard((before) => `${before} ${prefix}${issue}`),
    onResync: (reason) => setHeard(`resync ${reason}`),
    onError: (error) => setHeard(error.code),
  });
  return `${prefix}${hostelId}: ${heard}`;
}

async function serving() {
  const server = await openServer();
  return { server, client: clientOf(server) };
}

test("mounted twice by strict mode, a component joins once and hears each event once", async () => {
  const { server, client } = await serving();
  const { text } = mount(client, <Hear hostelId={7} />);
  await soon(() => expect(server.frames).toEqual([{ name: "join", body: { channel: "hostel/7" } }]));
  server.event("new_issue", 1, { channel: "hostel/7", cursor: "e-1" });
  server.event("new_issue", 2, { channel: "hostel/7", cursor: "e-2" });
  await soon(() => expect(text()).toBe("7: nothing 1 2"));
  expect(server.frames).toHaveLength(1);
});

test("new handlers on each render are the ones called, without any traffic", async () => {
  const { server, client } = await serving();
  const { text, render } = mount(client, <Hear hostelId={7} prefix="a" />);
  await soon(() => expect(server.frames).toHaveLength(1));
  render(<Hear hostelId={7} prefix="b" />);
  await soon(() => expect(text()).toBe("b7: nothing"));
  server.event("new_issue", 1, { channel: "hostel/7", cursor: "e-1" });
  await soon(() => expect(text()).toBe("b7: nothing b1"));
  expect(server.frames).toHaveLength(1);
});

test("another parameter leaves the old channel and joins the new one", async () => {
  const { server, client } = await serving();
  const { render } = mount(client, <Hear hostelId={7} />);
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  render(<Hear hostelId={8} />);
  await soon(() => expect(server.framesNamed("leave")).toEqual([{ channel: "hostel/7" }]));
  expect(server.framesNamed("join")).toEqual([{ channel: "hostel/7" }, { channel: "hostel/8" }]);
});

test("with null nothing is joined, and unmounting leaves", async () => {
  const { server, client } = await serving();
  const { text, render, unmount } = mount(client, <Hear hostelId={null} />);
  await soon(() => expect(text()).toBe("null: nothing"));
  expect(server.handshakes).toEqual([]);
  render(<Hear hostelId={7} />);
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  unmount();
  await soon(() => expect(server.framesNamed("leave")).toHaveLength(1));
});

test("notices and refusals reach their handlers", async () => {
  const { server, client } = await serving();
  const { text } = mount(client, <Hear hostelId={7} />);
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  server.resync("hostel/7", "e-9", "a.9");
  await soon(() => expect(text()).toBe("7: resync trimmed"));
  server.join = () => ({ ok: false, code: "LIVE_CHANNEL_REFUSED", message: "no", retryable: false });
  server.cut();
  await soon(() => expect(text()).toBe("7: LIVE_CHANNEL_REFUSED"));
});
