import assert from "node:assert/strict";
import { MAX_LISTED } from "../ports/presence-store.ts";
import type { KeptDiff } from "../ports/presence-store.ts";
import { afterClosing } from "./closing.ts";
import { eventually } from "./eventually.ts";
import { allPages, begin, followSteps, presenceOf, showDiff, usersOf, versionOf } from "./presence-acts.ts";
import type { Case } from "./run-cases.ts";

const MANY = Array.from({ length: MAX_LISTED + 5 }, (_, index) => `u${String(index).padStart(4, "0")}`);

/** What the contract of `PresenceStore` says of users, versions and pages. */
export const presenceCases: readonly Case[] = [
  [
    "users are there once they were said to be, with their state and meta, in the order of their ids",
    async (ground) => {
      const store = presenceOf(ground);
      const node = await begin(store);
      assert.equal(await node.say("room/1", "b away", 'a online {"mood":"ü/\\n"}', "ä", "Z"), true);
      const expected = ["Z online", 'a online {"mood":"ü/\\n"}', "b away", "ä online"];
      assert.deepEqual(await usersOf(store, "room/1"), expected);
      assert.deepEqual(await usersOf(store, "room/2"), []);
      assert.equal(await store.count("room/1"), 4);
      assert.deepEqual(
        [await store.isPresent("room/1", "b"), await store.isPresent("room/2", "b")],
        [true, false],
      );
    },
  ],
  [
    "a user is there once, as long as one incarnation says so",
    async (ground) => {
      const store = presenceOf(ground);
      const [one, two] = [await begin(store), await begin(store)];
      const steps = await followSteps(store, "room");
      await one.say("room", "a");
      await two.say("room", "a");
      assert.equal(await store.count("room"), 1);
      await one.say("room", "-a");
      assert.deepEqual(await usersOf(store, "room"), ["a online"]);
      await two.say("room", "-a");
      await two.say("room", "-a");
      await eventually("the leave is told", () => steps.length >= 2);
      assert.deepEqual(steps, ["1: +a online", "0: -a"]);
      assert.equal(await store.isPresent("room", "a"), false);
    },
  ],
  [
    "a user is away when all incarnations say so",
    async (ground) => {
      const store = presenceOf(ground);
      const [one, two] = [await begin(store), await begin(store)];
      const steps = await followSteps(store, "room");
      await one.say("room", "a away");
      await two.say("room", "a");
      await one.say("room", "a");
      await two.say("room", "a away");
      await one.say("room", "a away");
      await eventually("all is told", () => steps.length >= 3);
      assert.deepEqual(steps, ["1: +a away", "1: ~a online", "1: ~a away"]);
    },
  ],
  [
    "the meta that was written last is told, and when it is taken back the one before",
    async (ground) => {
      const store = presenceOf(ground);
      const [one, two] = [await begin(store), await begin(store)];
      const steps = await followSteps(store, "room");
      await one.say("room", "a online 1");
      await two.say("room", "a online 2");
      await two.say("room", "a online");
      await one.say("room", "a online");
      await eventually("all is told", () => steps.length >= 4);
      assert.deepEqual(steps, ["1: +a online 1", "1: ~a online 2", "1: ~a online 1", "1: ~a online"]);
    },
  ],
  [
    "saying the same again is no step",
    async (ground) => {
      const store = presenceOf(ground);
      const node = await begin(store);
      await node.say("room", "a online 1", "b away");
      const before = await versionOf(store, "room");
      await node.say("room", "a online 1", "b away", "-c");
      await node.say("room");
      assert.equal(await versionOf(store, "room"), before);
    },
  ],
  [
    "steps are told in order, each a version further, and a page stands between two of them",
    async (ground) => {
      const store = presenceOf(ground);
      const node = await begin(store);
      const diffs: KeptDiff[] = [];
      await store.follow("room", (diff) => diffs.push(diff));
      const { version: first } = await store.page("room", { limit: 1 });
      await node.say("room", "a", "b", "c");
      await node.say("room", "-a", "b away", "d");
      const { version: last } = await store.page("room", { limit: 1 });
      await eventually("both are told", () => diffs.length >= 2);
      assert.deepEqual(diffs.map(showDiff), ["3: +a online +b online +c online", "3: +d online -a ~b away"]);
      assert.deepEqual(
        diffs.map(({ version }) => version),
        [
          { epoch: first.epoch, offset: first.offset + 1 },
          { epoch: first.epoch, offset: first.offset + 2 },
        ],
      );
      assert.deepEqual(last, diffs[1]!.version);
    },
  ],
  [
    "of several words on one user the last counts",
    async (ground) => {
      const store = presenceOf(ground);
      const node = await begin(store);
      const steps = await followSteps(store, "room");
      await node.say("room", "a", "b", "-a", "b away");
      await eventually("the step is told", () => steps.length >= 1);
      assert.deepEqual(steps, ["1: +b away"]);
    },
  ],
  [
    "up to 200 users are told one by one, above that only the count",
    async (ground) => {
      const store = presenceOf(ground);
      const node = await begin(store);
      const steps = await followSteps(store, "room");
      await node.say("room", ...MANY.slice(0, MAX_LISTED - 1));
      await node.say("room", "z");
      await node.say("room", "zz");
      await node.say("room", "z away");
      await node.say("room", "-zz");
      await node.say("room", "z");
      await eventually("all is told", () => steps.length >= 6);
      assert.deepEqual(steps.slice(1), [
        "200: +z online",
        "201: not listed",
        "201: not listed",
        "200: not listed",
        "200: ~z online",
      ]);
    },
  ],
  [
    "pages go on where the one before ended, and tell everybody once",
    async (ground) => {
      const store = presenceOf(ground);
      const node = await begin(store);
      await node.say("room", ...MANY.toReversed());
      const pages = await allPages(store, "room", 100);
      assert.deepEqual(
        pages.map(({ users, count }) => [users.length, count]),
        [
          [100, MANY.length],
          [100, MANY.length],
          [5, MANY.length],
        ],
      );
      assert.deepEqual(
        pages.flatMap(({ users }) => users.map(({ userId }) => userId)),
        MANY,
      );
      const exact = await store.page("room", { after: MANY.at(-6)!, limit: 5 });
      assert.equal(exact.next, undefined);
    },
  ],
  [
    "ids with spaces, line ends and braces are ids like others",
    async (ground) => {
      const store = presenceOf(ground);
      const { incarnation } = await begin(store);
      const ids = ["a b", "a\nb", "{a}", "a:b", '"', "\u{1f600}"];
      const users = ids.map((userId) => ({ userId, state: "online" as const }));
      await store.write({ incarnation, channel: "room", users });
      const page = await store.page("room", { limit: 10 });
      assert.deepEqual(page.users.map(({ userId }) => userId).toSorted(), ids.toSorted());
      await store.write({ incarnation, channel: "room", users: ids.map((userId) => ({ userId })) });
      assert.equal(await store.count("room"), 0);
    },
  ],
  [
    "who does not follow any more is told nothing, and may end it twice",
    async (ground) => {
      const store = presenceOf(ground);
      const node = await begin(store);
      const told: string[] = [];
      const left = await store.follow("room", (diff) => told.push(showDiff(diff)));
      const stays = await followSteps(store, "room");
      const elsewhere = await followSteps(store, "elsewhere");
      await left.close();
      await node.say("room", "a");
      await eventually("the other is told", () => stays.length === 1);
      await left.close();
      assert.deepEqual([told, elsewhere], [[], []]);
    },
  ],
  [
    "realms do not see each other's users",
    async (ground) => {
      const [one, two] = [ground.realm("one").presenceStore, ground.realm("two").presenceStore];
      const node = await begin(one);
      await node.say("room", "a");
      assert.equal(await two.count("room"), 0);
      assert.equal(
        await two.write({ incarnation: node.incarnation, channel: "room", users: [] }),
        false,
        "an incarnation lives in one realm",
      );
    },
  ],
  [
    "calls on their way when the ground closes end, and later ones reject with LIVE_CLOSED",
    async (ground) => {
      const store = presenceOf(ground);
      const { incarnation } = await begin(store);
      const users = [{ userId: "a", state: "online" as const }];
      await afterClosing(ground, {
        renew: () => store.renew({ incarnation, begins: false, leaseMs: 1_000 }),
        write: () => store.write({ incarnation, channel: "room", users }),
        keep: () => store.keep(incarnation, ["room"]),
        reap: () => store.reap(incarnation),
        page: () => store.page("room", { limit: 1 }),
        count: () => store.count("room"),
        isPresent: () => store.isPresent("room", "a"),
        follow: () => store.follow("room", () => undefined),
      });
    },
  ],
];
