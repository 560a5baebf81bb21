import type { LiveError } from "@livecache/wire";
import { expect, test } from "vitest";
import { notificationsOf } from "../src/notifications.ts";
import { presenceIn } from "../src/presence.ts";
import { typingIn } from "../src/typing.ts";
import { openRealServer } from "./real-server.ts";
import { QUICK, soon } from "./rig.ts";

const ROOM = "room/:room";
const NAME = "room/1";

type Server = Awaited<ReturnType<typeof openRealServer>>;
type Client = ReturnType<Server["clientFor"]>;

/** Enters the room and writes down what is heard. */
function enter(client: Client) {
  const heard: unknown[] = [];
  const room = client.channel(
    ROOM,
    { room: 1 },
    {
      said: (text) => heard.push(text),
      pointing: (place, meta) => heard.push([place, meta]),
      onResync: (reason) => heard.push(`resync ${reason}`),
      onError: (error) => heard.push(error.code),
    },
  );
  return { room, heard };
}

const online = (client: Client) => soon(() => expect(client.connection.getSnapshot().status).toBe("online"));

test("what was missed during a cut arrives, once and in order, without a resync", async () => {
  const server = await openRealServer();
  const client = server.clientFor("asha");
  const { room, heard } = enter(client);
  await room.send("say", "a");
  await soon(() => expect(heard).toEqual(["a"]));
  server.cut();
  await soon(() => expect(client.connection.getSnapshot().status).toBe("offline"));
  for (const text of ["b", "c", "d"]) await server.live.publish(ROOM, { room: 1 }, "said", text);
  await soon(() => expect(heard).toEqual(["a", "b", "c", "d"]));
  await server.live.publish(ROOM, { room: 1 }, "said", "e");
  await soon(() => expect(heard).toEqual(["a", "b", "c", "d", "e"]));
});

test("messages are handled once and in order although the connection is cut under way", async () => {
  const server = await openRealServer();
  const { room } = enter(server.clientFor("asha"));
  const words = Array.from({ length: 40 }, (_, at) => `w${at}`);
  const sent = Promise.all(words.map((word) => room.send("say", word)));
  for (const reached of [5, 20]) {
    await soon(() => expect(server.handled.length).toBeGreaterThanOrEqual(reached));
    server.cut();
  }
  expect(await sent).toEqual(words.map(({ length }) => ({ length })));
  expect(server.handled).toEqual(words);
});

test("messages wait for a server that is restarted", async () => {
  const first = await openRealServer();
  const client = first.clientFor("asha");
  const { room } = enter(client);
  await room.send("say", "before");
  await first.close();
  await soon(() => expect(client.connection.getSnapshot().status).toBe("offline"));
  const sent = Promise.all([room.send("say", "x"), room.send("say", "y")]);
  const second = await openRealServer(first.port);
  await sent;
  expect(second.handled).toEqual(["x", "y"]);
});

test("a message that the schema refuses is refused, and the next one handled", async () => {
  const server = await openRealServer();
  const { room } = enter(server.clientFor("asha"));
  const [bad, good] = await Promise.allSettled([room.send("say", ""), room.send("say", "good")]);
  expect(bad).toMatchObject({ status: "rejected", reason: { name: "LiveError" } });
  expect(good).toMatchObject({ value: { length: 4 } });
});

test("whispers reach the others with who they are from", async () => {
  const server = await openRealServer();
  const asha = enter(server.clientFor("asha"));
  const tom = enter(server.clientFor("tom"));
  await Promise.all([asha.room.send("say", "1"), tom.room.send("say", "2")]);
  asha.room.whisper("pointing", { x: 3 });
  await soon(() => expect(tom.heard.at(-1)).toEqual([{ x: 3 }, { channel: NAME, from: "asha" }]));
  expect(asha.heard).not.toContainEqual([{ x: 3 }, expect.anything()]);
});

test("everybody sees who is there, what they say of themselves, and who types", async () => {
  const server = await openRealServer();
  const [asha, tom] = [server.clientFor("asha"), server.clientFor("tom")];
  const presence = presenceIn(asha, NAME);
  presence.subscribe(() => {});
  const users = () => presence.getSnapshot().users.map(({ userId, state }) => `${userId} ${state}`);
  await soon(() => expect(users()).toEqual(["asha online"]));
  const toms = presenceIn(tom, NAME);
  const leave = toms.subscribe(() => {});
  await soon(() => expect(users()).toEqual(["asha online", "tom online"]));
  toms.set({ state: "away", meta: { at: "door" } });
  await soon(() => expect(users()).toEqual(["asha online", "tom away"]));
  expect(presence.getSnapshot().users[1]).toMatchObject({ meta: { at: "door" } });

  const typing = typingIn(asha, NAME);
  typing.subscribe(() => {});
  tom.to(NAME).typing();
  await soon(() => expect(typing.getSnapshot().users).toEqual(["tom"]));
  tom.to(NAME).typing(false);
  await soon(() => expect(typing.getSnapshot().users).toEqual([]));
  leave();
});

test("notifications are kept, told on all tabs, and read on all tabs", async () => {
  const server = await openRealServer();
  await server.live.notify("asha", "assigned", { issueId: "1" });
  const tabs = [server.clientFor("asha"), server.clientFor("asha")].map((client) => notificationsOf(client));
  for (const tab of tabs) tab.subscribe(() => {});
  const shown = () => tabs.map((tab) => [tab.getSnapshot().items.length, tab.getSnapshot().unread]);
  await soon(() =>
    expect(shown()).toEqual([
      [1, 1],
      [1, 1],
    ]),
  );
  await server.live.notify("asha", "assigned", { issueId: "2" });
  await soon(() =>
    expect(shown()).toEqual([
      [2, 2],
      [2, 2],
    ]),
  );
  await tabs[0]!.markRead({ upTo: tabs[0]!.getSnapshot().items[0]!.id });
  await soon(() =>
    expect(shown()).toEqual([
      [2, 0],
      [2, 0],
    ]),
  );
});

test("whoever loses the right to a room is put out and told", async () => {
  const server = await openRealServer();
  const { room, heard } = enter(server.clientFor("asha"));
  await room.send("say", "in");
  server.rules.barred.add("asha");
  await server.live.change({ identity: "asha" });
  await soon(() => expect(heard).toContain("LIVE_CHANNEL_REFUSED"));
  const error = await room.send("say", "out").catch((refused: LiveError) => refused.code);
  expect(error).toBe("LIVE_CHANNEL_REFUSED");
});

test("an identity that expires is renewed over the same connection", async () => {
  const server = await openRealServer();
  server.rules.expiresInMs = 1_000;
  let asked = 0;
  const auth = () => {
    asked++;
    return { user: "asha" };
  };
  const client = server.clientFor("asha", { socket: { auth } });
  const states: string[] = [];
  client.connection.subscribe(() => states.push(client.connection.getSnapshot().status));
  const { room } = enter(client);
  await online(client);
  await soon(() => expect(asked).toBeGreaterThanOrEqual(3));
  await room.send("say", "still here");
  expect(states).toEqual(["online"]);
});

test("the changes of a route that pushes arrive without a request", async () => {
  const server = await openRealServer();
  const fetched: string[] = [];
  const client = server.clientFor("asha", {
    fetch: (input, init) => {
      fetched.push(String(input));
      return fetch(input, init);
    },
    timing: { ...QUICK, pollMs: 60_000 },
  });
  const query = client.query<{ readonly count: number; readonly fixed: readonly string[] }>("/count");
  query.subscribe(() => {});
  await soon(() => expect(query.getSnapshot().data?.count).toBe(0));
  await online(client);
  const { fixed } = query.getSnapshot().data!;
  const raised = async (): Promise<number> => {
    const before = query.getSnapshot().data!.count;
    await server.raise();
    await soon(() => expect(query.getSnapshot().data!.count).toBe(before + 1));
    return fetched.length;
  };
  // Until the watch stands, a change is fetched; from then on none is.
  await soon(async () => {
    const loads = fetched.length;
    expect(await raised()).toBe(loads);
  });
  const loads = fetched.length;
  for (let change = 0; change < 3; change++) expect(await raised()).toBe(loads);
  expect(query.getSnapshot().data!.fixed).toEqual(fixed);
});
