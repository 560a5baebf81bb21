import { expect, test } from "vitest";
import { noise, openPresenceSite } from "./presence-site.ts";
import type { PresenceNode, Tab } from "./presence-site.ts";

const ROOM = "room/1";

/** A tab that is in the room, and has asked who else is. */
async function watcher(
  site: ReturnType<typeof openPresenceSite>,
  node: PresenceNode,
  userId = "w",
): Promise<Tab> {
  const tab = node.open(userId);
  tab.enter(ROOM);
  await site.pass(500);
  await tab.page(ROOM);
  return tab;
}

test("members see who comes, goes and is away, over nodes", async () => {
  const site = openPresenceSite();
  const [one, two] = [site.start(), site.start()];
  const tab = await watcher(site, one);
  expect(tab.shown(ROOM)).toEqual(["w online"]);
  const other = two.open("a");
  other.enter(ROOM);
  await site.pass(500);
  expect(tab.shown(ROOM)).toEqual(["a online", "w online"]);
  await other.ask("presence-set", { state: "away", meta: { device: "phone" } });
  await site.pass(500);
  expect(tab.shown(ROOM)).toEqual(['a away {"device":"phone"}', "w online"]);
  await other.ask("presence-set", { meta: null });
  other.leave(ROOM);
  await site.pass(2_500);
  expect(tab.shown(ROOM)).toEqual(["a away", "w online"]);
  await site.pass(1_500);
  expect(tab.shown(ROOM)).toEqual(["w online"]);
  expect(tab.holes()).toBe(0);
});

test("a user is counted once over tabs and nodes, and is away when every tab says so", async () => {
  const site = openPresenceSite();
  const [one, two] = [site.start(), site.start()];
  const tab = await watcher(site, one);
  const tabs = [one.open("a"), one.open("a"), two.open("a")];
  for (const each of tabs) each.enter(ROOM);
  await site.pass(500);
  expect(await one.presence.count(ROOM)).toBe(2);
  await tabs[0]!.ask("presence-set", { channel: ROOM, state: "away" });
  await tabs[1]!.ask("presence-set", { state: "away" });
  await site.pass(500);
  expect(tab.shown(ROOM)).toContain("a online");
  tabs[2]!.close();
  await site.pass(4_000);
  expect(tab.shown(ROOM)).toContain("a away");
  expect(noise(tab)).toEqual(["+a", "~a away"]);
});

test("another tab on the same node, and a reload there, are no write", async () => {
  const site = openPresenceSite();
  const { write } = site.store;
  let writes = 0;
  Object.assign(site.store, {
    write: ((input) => {
      writes++;
      return write(input);
    }) as typeof write,
  });
  const node = site.start();
  const first = node.open("a");
  first.enter(ROOM);
  await site.pass(500);
  expect(writes).toBe(2);
  const second = node.open("a");
  second.enter(ROOM);
  await second.ask("presence-set", { state: "online" });
  first.close();
  await site.pass(1_000);
  second.close();
  await site.pass(1_000);
  node.open("a").enter(ROOM);
  await site.pass(5_000);
  expect(writes).toBe(2);
  expect(await site.store.count(ROOM)).toBe(1);
});

test("a reload and a move to another node within the grace make no noise", async () => {
  const site = openPresenceSite();
  const [one, two] = [site.start(), site.start()];
  const tab = await watcher(site, one);
  let own = one.open("a");
  own.enter(ROOM);
  await site.pass(500);
  for (const node of [one, two, two, one]) {
    own.close();
    await site.pass(2_000);
    own = node.open("a");
    own.enter(ROOM);
    await site.pass(3_000);
  }
  expect(noise(tab)).toEqual(["+a"]);
  own.close();
  await site.pass(4_000);
  expect(noise(tab)).toEqual(["+a", "-a"]);
});

test("users of a killed node are gone when its lease has ended, for everybody and once", async () => {
  const site = openPresenceSite();
  const [one, two, three] = [site.start(), site.start(), site.start()];
  const tabs = [await watcher(site, one, "w1"), await watcher(site, three, "w3")];
  for (const userId of ["a", "b"]) two.open(userId).enter(ROOM, "room/2");
  one.open("b").enter(ROOM);
  await site.pass(500);
  two.kill();
  await site.pass(3_000);
  expect(tabs.map((tab) => tab.shown(ROOM))).toEqual([
    ["b online", "w1 online", "w3 online"],
    ["b online", "w1 online", "w3 online"],
  ]);
  expect(noise(tabs[0]!).filter((text) => text.startsWith("-"))).toEqual(["-a"]);
  expect(await one.presence.isOnline("a")).toBe(false);
  expect(await site.store.count("room/2")).toBe(0);
});

test("who comes back over another node before the lease of the killed one has ended is not told as gone", async () => {
  const site = openPresenceSite();
  const [one, two] = [site.start(), site.start()];
  const tab = await watcher(site, one);
  two.open("a").enter(ROOM);
  await site.pass(500);
  two.kill();
  await site.pass(1_000);
  one.open("a").enter(ROOM);
  await site.pass(5_000);
  expect(noise(tab)).toEqual(["+a"]);
  expect(tab.shown(ROOM)).toEqual(["a online", "w online"]);
});

test("while the ground is away presence stays as it was and is marked, and nobody flickers when it is back", async () => {
  const site = openPresenceSite();
  const [one, two] = [site.start(), site.start()];
  const tab = await watcher(site, one);
  const [a, b] = [two.open("a"), two.open("b")];
  for (const each of [a, b]) each.enter(ROOM);
  await site.pass(500);
  const before = tab.told.length;
  site.setAway(true);
  b.close();
  two.open("c").enter(ROOM);
  await site.pass(20_000);
  expect(tab.told.slice(before)).toMatchObject([
    { channel: ROOM, count: 3, stale: true, joined: [], left: [], changed: [] },
  ]);
  const frozen = await tab.page(ROOM);
  expect(frozen).toMatchObject({ stale: true, count: 3 });
  expect(frozen.users.map(({ userId }) => userId)).toEqual(["a", "b", "w"]);
  site.setAway(false);
  await site.pass(5_000);
  expect(tab.shown(ROOM)).toEqual(["a online", "c online", "w online"]);
  expect(noise(tab)).toEqual(["+a", "+b", "+c", "-b"]);
  expect(await tab.page(ROOM)).not.toHaveProperty("stale");
  expect(tab.told.some(({ stale }) => stale === false)).toBe(true);
  expect(tab.holes()).toBe(0);
});

test("when the ground has lost everything each node says again who is there, and nobody flickers", async () => {
  const site = openPresenceSite();
  const [one, two] = [site.start(), site.start()];
  const tab = await watcher(site, one);
  two.open("a").enter(ROOM);
  await site.pass(500);
  site.setAway(true);
  await site.pass(500);
  site.lose();
  site.setAway(false);
  await site.pass(6_000);
  expect(noise(tab)).toEqual(["+a"]);
  expect(await site.store.count(ROOM)).toBe(2);
  two.open("b").enter(ROOM);
  await site.pass(6_000);
  expect(tab.shown(ROOM)).toEqual(["a online", "b online", "w online"]);
});

test("steps that got lost are made up for, also when no other follows", async () => {
  const site = openPresenceSite();
  const { follow } = site.store;
  let deaf = false;
  Object.assign(site.store, {
    follow: ((channel, onDiff) =>
      follow(channel, (diff) => (deaf ? undefined : onDiff(diff)))) as typeof follow,
  });
  const node = site.start();
  const tab = await watcher(site, node);
  deaf = true;
  node.open("a").enter(ROOM);
  await site.pass(500);
  deaf = false;
  expect(tab.shown(ROOM)).toEqual(["w online"]);
  await site.pass(16_000);
  expect(tab.shown(ROOM)).toEqual(["a online", "w online"]);
  deaf = true;
  node.open("b").enter(ROOM);
  await site.pass(500);
  deaf = false;
  node.open("c").enter(ROOM);
  await site.pass(1_000);
  expect(tab.shown(ROOM)).toEqual(["a online", "b online", "c online", "w online"]);
  expect(tab.holes()).toBe(0);
});

test("above 200 users only the count is told, and a page on request", async () => {
  const site = openPresenceSite();
  const node = site.start({ maxUsers: 1_000 });
  const tab = await watcher(site, node);
  const tabs = Array.from({ length: 250 }, (_, index) => node.open(`u${String(index).padStart(3, "0")}`));
  for (const each of tabs) each.enter(ROOM);
  await site.pass(2_000);
  const last = tab.told.at(-1)!;
  expect(last).toMatchObject({ channel: ROOM, count: 251 });
  expect(last).not.toHaveProperty("joined");
  const page = await tab.page(ROOM);
  expect([page.users.length, page.count, page.next]).toEqual([200, 251, "u199"]);
  const rest = (await tab.ask("presence", { channel: ROOM, after: page.next })) as typeof page;
  expect([rest.users.length, rest.next]).toEqual([51, undefined]);
  for (const each of tabs.slice(100)) each.close();
  await site.pass(6_000);
  await tab.page(ROOM);
  node.open("late").enter(ROOM);
  await site.pass(1_000);
  expect(tab.shown(ROOM)).toHaveLength(102);
});

test("pages of many users cost the ground little: each is read once a second, and only so many different ones", async () => {
  const site = openPresenceSite();
  const { page } = site.store;
  let reads = 0;
  Object.assign(site.store, {
    page: ((channel, query) => {
      if (query.limit > 1) reads++;
      return page(channel, query);
    }) as typeof page,
  });
  const node = site.start({ maxUsers: 1_000 });
  const tab = await watcher(site, node);
  for (let i = 0; i < 210; i++) node.open(`u${String(i).padStart(3, "0")}`).enter(ROOM);
  await site.pass(2_000);
  reads = 0;
  const ask = (after: string) => tab.ask("presence", { channel: ROOM, after, limit: 1 });
  for (let i = 0; i < 50; i++) await tab.page(ROOM);
  expect(reads).toBe(1);
  for (let i = 0; i < 63; i++) expect(await ask(`u${100 + i}`)).toMatchObject({ next: `u${101 + i}` });
  for (let i = 0; i < 63; i++) await ask(`u${100 + i}`);
  expect(reads).toBe(64);
  await expect(ask("u163")).rejects.toMatchObject({ code: "LIVE_LIMIT_REACHED" });
  expect(await tab.page(ROOM)).toMatchObject({ count: 211, next: "u199" });
  await site.pass(1_100);
  expect(await ask("u163")).toMatchObject({ next: "u164" });
});

test("pages of few users are no question to the ground", async () => {
  const site = openPresenceSite();
  const node = site.start();
  const tab = await watcher(site, node);
  for (const userId of ["a", "b", "c"]) node.open(userId).enter(ROOM);
  await site.pass(1_000);
  site.setAway(true);
  const first = await tab.ask("presence", { channel: ROOM, limit: 2 });
  expect(first).toMatchObject({ users: [{ userId: "a" }, { userId: "b" }], count: 4, next: "b" });
  const rest = await tab.ask("presence", { channel: ROOM, limit: 2, after: "b" });
  expect(rest).toMatchObject({ users: [{ userId: "c" }, { userId: "w" }], count: 4, stale: true });
  expect(rest).not.toHaveProperty("next");
  expect(await tab.ask("presence", { channel: ROOM, after: "w" })).toMatchObject({ users: [] });
});

test("members are told of many at once: joins that come together are one difference", async () => {
  const site = openPresenceSite();
  const node = site.start({ maxUsers: 1_000 });
  const tab = await watcher(site, node);
  const before = tab.told.length;
  for (let i = 0; i < 50; i++) node.open(`u${i}`).enter(ROOM);
  await site.pass(1_000);
  expect(tab.shown(ROOM)).toHaveLength(51);
  expect(tab.told.length - before).toBeLessThanOrEqual(2);
});

test("only members may ask, and only where the contract says so", async () => {
  const site = openPresenceSite();
  const node = site.start();
  const tab = node.open("a");
  await expect(tab.page(ROOM)).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
  tab.enter(ROOM, "plain/1");
  await expect(tab.page("plain/1")).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
  const set = { channel: "plain/1", state: "away" };
  await expect(tab.ask("presence-set", set)).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
  await site.pass(100);
  expect(await site.store.count("plain/1")).toBe(0);
  tab.leave(ROOM);
  await expect(tab.page(ROOM)).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
});

test("nobody is not counted, and may ask", async () => {
  const site = openPresenceSite();
  const node = site.start();
  const tab = node.open(undefined);
  tab.enter(ROOM);
  node.open("a").enter(ROOM);
  await site.pass(500);
  const page = await tab.page(ROOM);
  expect(page.users).toEqual([{ userId: "a", state: "online" }]);
  await tab.ask("presence-set", { state: "away" });
  tab.close();
});

test("isOnline knows of users without a channel, over nodes, and for the grace", async () => {
  const site = openPresenceSite();
  const [one, two] = [site.start(), site.start()];
  const tab = two.open("a");
  await site.pass(100);
  expect([await one.presence.isOnline("a"), await one.presence.isOnline("b")]).toEqual([true, false]);
  tab.close();
  await site.pass(2_500);
  expect(await one.presence.isOnline("a")).toBe(true);
  await site.pass(1_000);
  expect(await one.presence.isOnline("a")).toBe(false);
});

test("a node speaks for so many users and no more; one more is counted and said aloud", async () => {
  const site = openPresenceSite();
  const node = site.start({ maxUsers: 4, graceMs: 0 });
  const tabs = ["a", "b", "c"].map((userId) => node.open(userId));
  // Everybody who is connected counts, and everybody in a channel.
  tabs[0]!.enter(ROOM);
  expect(node.presence.figures()).toMatchObject({ users: 4, usersRefused: 0 });
  tabs[1]!.enter(ROOM);
  expect(node.presence.figures()).toMatchObject({ users: 4, usersRefused: 1 });
  expect(node.warnings).toHaveLength(1);
  await site.pass(100);
  expect(await site.store.count(ROOM)).toBe(1);
  tabs[1]!.close();
  node.open("d").enter(ROOM);
  expect(node.presence.figures()).toMatchObject({ users: 4, usersRefused: 2 });
  await site.pass(100);
  expect(await site.store.isPresent("@", "d")).toBe(true);
});

test("a user with an id of 257 characters is not announced, one with 256 is", async () => {
  const site = openPresenceSite();
  const node = site.start();
  for (const userId of ["x".repeat(256), "y".repeat(257), ""]) node.open(userId).enter(ROOM);
  await site.pass(100);
  expect(await site.store.count(ROOM)).toBe(1);
  expect(node.presence.figures().usersRefused).toBe(2);
});

test("what a node holds goes with its sockets", async () => {
  const site = openPresenceSite();
  const node = site.start();
  const tabs = Array.from({ length: 20 }, (_, index) => node.open(`u${index}`));
  for (const tab of tabs) tab.enter(ROOM, "room/2");
  await site.pass(500);
  expect(node.presence.figures()).toMatchObject({ users: 60, channels: 2 });
  for (const tab of tabs) tab.close();
  await site.pass(10_000);
  expect(node.presence.figures()).toMatchObject({ users: 0, channels: 0 });
  expect(await site.store.count(ROOM)).toBe(0);
});
