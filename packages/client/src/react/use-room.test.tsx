import { expect, test } from "vitest";
import { mount } from "../../test/mount.tsx";
import { clientOf, openServer, soon } from "../../test/rig.ts";
import { useNotifications } from "./use-notifications.ts";
import { usePresence } from "./use-presence.ts";
import { useSend, useWhisper } from "./use-send.ts";
import { useTyping } from "./use-typing.ts";

const ROOM = "room/:roomId";

/** Everything that one page may do with a room. */
function Room({
  roomId,
  state = "online",
}: {
  readonly roomId: number | null;
  readonly state?: "online" | "away";
}) {
  const params = roomId === null ? null : { roomId };
  const { count, users } = usePresence(ROOM, params, { state });
  const { users: typing, typing: type } = useTyping(ROOM, params);
  const send = useSend(ROOM, params);
  const whisper = useWhisper(ROOM, params);
  Object.assign(said, { type, send, whisper });
  return `${count} ${users.map(({ userId }) => userId)} types ${typing}`;
}

const said = {} as {
  type: () => void;
  send: (name: string, data: unknown) => Promise<unknown>;
  whisper: (name: string, data: unknown) => void;
};

async function serving() {
  const server = await openServer();
  server.answers.set("presence", ({ channel }) => ({
    ok: true,
    channel,
    version: "p-1",
    count: 1,
    users: [{ userId: "asha", state: "online" }],
  }));
  server.answers.set("send", ({ data }) => ({ ok: true, data }));
  server.answers.set("notifications", () => ({
    ok: true,
    items: [{ id: "n1", kind: "assigned", data: 0, at: 1, read: false }],
    unread: 1,
    channel: "notifications/asha",
    cursor: "e-1",
  }));
  return { server, client: clientOf(server) };
}

const names = (server: { readonly frames: readonly { readonly name: string }[] }, name: string) =>
  server.frames.filter((frame) => frame.name === name).length;

test("mounted twice by strict mode, all hooks of a room share one join and hear everything once", async () => {
  const { server, client } = await serving();
  const { text } = mount(client, <Room roomId={1} />);
  await soon(() => expect(text()).toBe("1 asha types "));
  server.frame("typing", { channel: "room/1", users: ["tom"] });
  await soon(() => expect(text()).toBe("1 asha types tom"));
  expect([names(server, "join"), names(server, "presence")]).toEqual([1, 1]);
  expect(server.framesNamed("presence-set")).toEqual([{ channel: "room/1", state: "online" }]);
  expect(await said.send("say", "hi")).toBe("hi");
  said.whisper("moved", 1);
  said.type();
  await soon(() => expect([names(server, "whisper"), names(server, "typing")]).toEqual([1, 1]));
});

test("what is said of oneself follows the render; another room and unmounting leave", async () => {
  const { server, client } = await serving();
  const { text, render, unmount } = mount(client, <Room roomId={1} />);
  await soon(() => expect(text()).toBe("1 asha types "));
  render(<Room roomId={1} state="away" />);
  await soon(() =>
    expect(server.framesNamed("presence-set").at(-1)).toEqual({ channel: "room/1", state: "away" }),
  );
  render(<Room roomId={2} state="away" />);
  await soon(() => expect(server.framesNamed("leave")).toEqual([{ channel: "room/1" }]));
  unmount();
  await soon(() => expect(server.framesNamed("leave").at(-1)).toEqual({ channel: "room/2" }));
});

test("with null there is nobody, nothing is joined, and what is sent is refused", async () => {
  const { server, client } = await serving();
  const { text } = mount(client, <Room roomId={null} />);
  await soon(() => expect(text()).toBe("0  types "));
  await expect(said.send("say", "hi")).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  said.whisper("moved", 1);
  said.type();
  expect(server.handshakes).toEqual([]);
});

function Bell() {
  const { status, unread, items } = useNotifications();
  return `${status} ${unread} ${items.map(({ id }) => id)}`;
}

test("notifications are loaded once in strict mode, and kept current", async () => {
  const { server, client } = await serving();
  const { text } = mount(client, <Bell />);
  await soon(() => expect(text()).toBe("ready 1 n1"));
  await soon(() => expect(names(server, "join")).toBe(1));
  const told = { id: "n2", kind: "assigned", data: 0, at: 2, unread: 2 };
  server.event("notification", told, { channel: "notifications/asha", cursor: "e-2" });
  await soon(() => expect(text()).toBe("ready 2 n2,n1"));
});
