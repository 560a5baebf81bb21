import { expect, test } from "vitest";
import { clientOf, openServer, soon } from "../test/rig.ts";
import { refusal } from "../test/scripted-server.ts";
import { notificationsOf } from "./notifications.ts";

const CHANNEL = "notifications/asha";

function item(id: string, at: number, read = false) {
  return { id, kind: "assigned", data: { id }, at, read };
}

async function showing() {
  const server = await openServer();
  server.answers.set("notifications", ({ before }) => ({
    ok: true,
    items: before === "older" ? [item("n2", 2), item("n1", 1, true)] : [item("n3", 3), item("n2", 2)],
    ...(before === undefined && { next: "older" }),
    unread: 3,
    channel: CHANNEL,
    cursor: "e-5",
  }));
  const client = clientOf(server);
  const notifications = notificationsOf(client);
  const leave = notifications.subscribe(() => {});
  const ids = () => notifications.getSnapshot().items.map(({ id }) => id);
  await soon(() => expect(ids()).toEqual(["n3", "n2"]));
  return { server, client, notifications, leave, ids };
}

test("what is kept is loaded, and the user's channel is joined where the page stands", async () => {
  const { server, notifications } = await showing();
  expect(notifications.getSnapshot()).toMatchObject({ status: "ready", unread: 3, hasMore: true });
  await soon(() => expect(server.framesNamed("join")).toEqual([{ channel: CHANNEL, cursor: "e-5" }]));
});

test("a new one comes on top, once", async () => {
  const { server, notifications, ids } = await showing();
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  const { read: _, ...told } = item("n4", 4);
  server.event("notification", { ...told, unread: 4 }, { channel: CHANNEL, cursor: "e-6" });
  server.event("notification", { ...told, unread: 4 }, { channel: CHANNEL, cursor: "e-7" });
  const { read: __, ...next } = item("n5", 5);
  server.event("notification", next, { channel: CHANNEL, cursor: "e-8" });
  await soon(() => expect(ids()).toEqual(["n5", "n4", "n3", "n2"]));
  expect(notifications.getSnapshot()).toMatchObject({
    unread: 5,
    items: [{ read: false }, { read: false }, {}, {}],
  });
});

test("older ones are loaded page by page, none twice", async () => {
  const { server, notifications, ids } = await showing();
  await notifications.loadMore();
  expect(ids()).toEqual(["n3", "n2", "n1"]);
  expect(notifications.getSnapshot().hasMore).toBe(false);
  await notifications.loadMore();
  expect(server.framesNamed("notifications")).toEqual([{}, { before: "older" }]);
});

test("what is read here or elsewhere is marked, with what is not newer when it is up to one", async () => {
  const { server, notifications } = await showing();
  const read = () => notifications.getSnapshot().items.map((kept) => kept.read);
  server.answers.set("mark-read", () => ({ ok: true, unread: 2 }));
  await notifications.markRead({ ids: ["n2"] });
  expect([read(), notifications.getSnapshot().unread]).toEqual([[false, true], 2]);
  expect(server.framesNamed("mark-read")).toEqual([{ ids: ["n2"] }]);
  server.event("notifications-read", { upTo: "n3", unread: 0 }, { channel: CHANNEL, cursor: "e-6" });
  await soon(() => expect([read(), notifications.getSnapshot().unread]).toEqual([[true, true], 0]));
});

test("while the ground is away, marks are counted here", async () => {
  const { server, notifications } = await showing();
  server.answers.set("mark-read", () => ({ ok: true }));
  await notifications.markRead({ upTo: "n2" });
  expect(notifications.getSnapshot()).toMatchObject({ unread: 2, items: [{ read: false }, { read: true }] });
});

test("after a gap everything is loaded again, after a mere cut nothing", async () => {
  const { server } = await showing();
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  server.cut();
  await soon(() => expect(server.framesNamed("join")).toHaveLength(2));
  expect(server.framesNamed("notifications")).toHaveLength(1);
  server.resync(CHANNEL, "e-9", "a.9");
  await soon(() => expect(server.framesNamed("notifications")).toHaveLength(2));
});

test("a refusal is shown, and one that may pass is asked again", async () => {
  const server = await openServer();
  let asked = 0;
  server.answers.set("notifications", () =>
    ++asked < 3 ? refusal("LIVE_GROUND_AWAY", true) : refusal("LIVE_CHANNEL_REFUSED"),
  );
  const notifications = notificationsOf(clientOf(server));
  const seen: (string | undefined)[] = [];
  notifications.subscribe(() => seen.push(notifications.getSnapshot().error?.code));
  await soon(() => expect(seen).toEqual(["LIVE_GROUND_AWAY", "LIVE_GROUND_AWAY", "LIVE_CHANNEL_REFUSED"]));
  expect(notifications.getSnapshot().status).toBe("error");
});

test("when nobody looks any more the channel is left, and whoever comes back loads anew", async () => {
  const { server, notifications, leave } = await showing();
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  leave();
  await soon(() => expect(server.framesNamed("leave")).toHaveLength(1));
  notifications.subscribe(() => {});
  await soon(() => expect(server.framesNamed("notifications")).toHaveLength(2));
});
