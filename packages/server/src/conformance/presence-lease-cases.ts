import assert from "node:assert/strict";
import { eventually } from "./eventually.ts";
import {
  begin,
  beginAndEnd,
  followSteps,
  presenceOf,
  reapAll,
  renew,
  showUser,
  usersOf,
  versionOf,
} from "./presence-acts.ts";
import type { Case } from "./run-cases.ts";

/** What the contract of `PresenceStore` says of incarnations and their leases. */
export const presenceLeaseCases: readonly Case[] = [
  [
    "an incarnation that has ended stays so: it is not renewed, does not begin again, and writes nothing",
    async (ground) => {
      const store = presenceOf(ground);
      const other = await begin(store);
      const ended = await beginAndEnd(store, other, { room: ["a"] });
      const { incarnation } = ended;
      assert.equal((await renew(store, ended)).alive, false);
      assert.equal((await store.renew({ incarnation, begins: true, leaseMs: 1_000 })).alive, false);
      const before = await versionOf(store, "room");
      assert.equal(await ended.say("room", "b"), false);
      assert.equal(await ended.say("room", "-a"), false);
      assert.equal(await versionOf(store, "room"), before);
    },
  ],
  [
    "an incarnation that never began writes nothing and is not renewed",
    async (ground) => {
      const store = presenceOf(ground);
      const incarnation = "unheard";
      const users = [{ userId: "a", state: "online" as const }];
      assert.equal(await store.write({ incarnation, channel: "room", users }), false);
      assert.equal((await store.renew({ incarnation, begins: false, leaseMs: 1_000 })).alive, false);
    },
  ],
  [
    "beginning twice is beginning once, for whoever did not get the answer",
    async (ground) => {
      const store = presenceOf(ground);
      const { incarnation } = await begin(store);
      assert.equal((await store.renew({ incarnation, begins: true, leaseMs: 60_000 })).alive, true);
    },
  ],
  [
    "users of an ended incarnation are not there, before anybody removes them",
    async (ground) => {
      const store = presenceOf(ground);
      const other = await begin(store);
      await other.say("room", "b", "c away");
      await beginAndEnd(store, other, { room: ["a", "c"] });
      assert.deepEqual(await usersOf(store, "room"), ["b online", "c away"]);
      const { count } = await store.page("room", { limit: 200 });
      assert.equal(count, 2);
      assert.deepEqual(
        [await store.isPresent("room", "a"), await store.isPresent("room", "c")],
        [false, true],
      );
    },
  ],
  [
    "removing an ended incarnation tells who is gone by that, once, and only of it",
    async (ground) => {
      const store = presenceOf(ground);
      const other = await begin(store);
      await other.say("room", "b", "c away");
      const ended = await beginAndEnd(store, other, { room: ["a", "c"], hall: ["a"] });
      const [room, hall] = [await followSteps(store, "room"), await followSteps(store, "hall")];
      await Promise.all([reapAll(store, ended), reapAll(store, ended), reapAll(store, ended)]);
      await eventually("both channels are told", () => room.length > 0 && hall.length > 0);
      assert.deepEqual([room, hall], [["2: -a ~c away"], ["0: -a"]]);
      assert.deepEqual([await store.count("room"), await store.count("hall")], [2, 0]);
    },
  ],
  [
    "removing never touches an incarnation that lives",
    async (ground) => {
      const store = presenceOf(ground);
      const node = await begin(store);
      await node.say("room", "a");
      await reapAll(store, node);
      assert.deepEqual(await usersOf(store, "room"), ["a online"]);
    },
  ],
  [
    "an incarnation with more users than are removed at a time is removed by several calls",
    async (ground) => {
      const store = presenceOf(ground);
      const other = await begin(store);
      const users = Array.from({ length: 1_200 }, (_, index) => `u${index}`);
      const ended = await beginAndEnd(store, other, { room: users });
      const calls = await reapAll(store, ended);
      assert(calls >= 3, `removed by ${calls} calls`);
      assert.equal(await store.count("room"), 0);
    },
  ],
  [
    "of those that ended, each asker is told of others, and again when nothing came of it",
    async (ground) => {
      const store = presenceOf(ground);
      const [one, two] = [await begin(store), await begin(store)];
      const ended = await begin(store, 100);
      await ended.say("room", "a");
      const { dead } = await eventually("somebody is told", async () => {
        const reply = await renew(store, one);
        return reply.dead.length > 0 && reply;
      });
      assert.deepEqual(dead, [ended.incarnation]);
      assert.deepEqual((await renew(store, two)).dead, []);
      await eventually("the other is told", async () => (await renew(store, two)).dead.length > 0);
      await reapAll(store, ended);
      assert.deepEqual((await renew(store, one)).dead, []);
    },
  ],
  [
    "a user who came back over another incarnation meanwhile is not gone, and that is not told",
    async (ground) => {
      const store = presenceOf(ground);
      const other = await begin(store);
      const ended = await beginAndEnd(store, other, { room: ["a online 1"] });
      const steps = await followSteps(store, "room");
      await other.say("room", "a online 1");
      await reapAll(store, ended);
      await other.say("room", "b");
      await eventually("the last step is told", () => steps.length > 0);
      assert.deepEqual(steps, ["2: +b online"]);
    },
  ],
  [
    "as they were told, users of ended incarnations are on pages until they are removed",
    async (ground) => {
      const store = presenceOf(ground);
      const other = await begin(store);
      await other.say("room", "b", "c away");
      const ended = await beginAndEnd(store, other, { room: ["a online 1", "c"] });
      const asTold = () => store.page("room", { limit: 200, asTold: true });
      const before = await asTold();
      assert.deepEqual(before.users.map(showUser), ["a online 1", "b online", "c online"]);
      assert.equal(before.count, 3);
      await reapAll(store, ended);
      const after = await asTold();
      assert.deepEqual(after.users.map(showUser), ["b online", "c away"]);
      assert.equal(after.version.offset, before.version.offset + 1);
    },
  ],
  [
    "the answer to a renewal says when the next lease may end",
    async (ground) => {
      const store = presenceOf(ground);
      const one = await begin(store);
      assert.equal((await renew(store, one)).nextEndMs, undefined);
      await begin(store, 10_000);
      const { nextEndMs } = await renew(store, one);
      assert(nextEndMs! > 5_000 && nextEndMs! <= 10_000, `${nextEndMs} ms`);
    },
  ],
  [
    "keeping what was said is allowed for channels that are not known",
    async (ground) => {
      const store = presenceOf(ground);
      const node = await begin(store);
      await node.say("room", "a");
      await store.keep(node.incarnation, ["room", "elsewhere"]);
      assert.deepEqual(await usersOf(store, "room"), ["a online"]);
    },
  ],
];
