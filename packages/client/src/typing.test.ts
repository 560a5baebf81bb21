import { expect, test } from "vitest";
import { clientOf, openServer, soon } from "../test/rig.ts";
import { QUIET, typingIn } from "./typing.ts";

test("who types replaces who typed before, and offline nobody does", async () => {
  const server = await openServer();
  const client = clientOf(server);
  const typing = typingIn(client, "room/1");
  const leave = typing.subscribe(() => {});
  await soon(() => expect(server.framesNamed("join")).toHaveLength(1));
  await soon(() => expect(client.connection.getSnapshot().status).toBe("online"));
  server.frame("typing", { channel: "room/2", users: ["zoe"] });
  server.frame("typing", { channel: "room/1", users: ["asha"], more: 3 });
  await soon(() => expect(typing.getSnapshot()).toEqual({ users: ["asha"], more: 3 }));
  server.frame("typing", { channel: "room/1", users: ["tom"] });
  await soon(() => expect(typing.getSnapshot()).toEqual({ users: ["tom"], more: 0 }));
  typing.typing();
  await soon(() => expect(server.framesNamed("typing")).toEqual([{ channel: "room/1", on: true }]));
  server.cut();
  await soon(() => expect(typing.getSnapshot()).toBe(QUIET));
  await soon(() => expect(server.framesNamed("join")).toHaveLength(2));
  leave();
  await soon(() => expect(server.framesNamed("leave")).toHaveLength(1));
});
