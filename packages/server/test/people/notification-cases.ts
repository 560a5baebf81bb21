import type { NotificationsReply } from "@livecache/wire";
import { seededRandom } from "@livecache/rig";
import { expect, test, vi } from "vitest";
import { startNode } from "./people-site.ts";
import type { OpenGround, PeopleLive, PeopleNode, Visitor } from "./people-site.ts";

async function start(openAll: () => Promise<OpenGround>) {
  const open = await openAll();
  return [await startNode(open), await startNode(open)] as const;
}

/** A tab as a careful client is: it asks for the list, and joins from where the list stands. */
interface Tab extends Visitor {
  readonly list: NotificationsReply;
  /** Issues of what it was told, in order. */
  issues(): number[];
}

async function openTab(node: PeopleNode, userId = "ana"): Promise<Tab> {
  const visitor = await node.connect(userId);
  const list = await listOf(visitor);
  await visitor.join(list.channel, list.cursor);
  return { ...visitor, list, issues: () => visitor.bodies("notification").map(({ data }) => data.issue) };
}

async function listOf(visitor: Visitor, request?: object): Promise<NotificationsReply> {
  const reply = await visitor.ask<NotificationsReply>("notifications", request);
  if (!reply.ok) throw new Error(`${reply.code}: ${reply.message}`);
  return reply;
}

async function assign(live: PeopleLive, ...issues: number[]): Promise<string[]> {
  const ids: string[] = [];
  for (const issue of issues) ids.push((await live.notify("ana", "assigned", { issue })).id);
  return ids;
}

function shown({ items }: NotificationsReply): string[] {
  return items.map(({ data, read }) => `${(data as { issue: number }).issue}${read ? " read" : ""}`);
}

/** What notifications must do over any ground. */
export function notificationCases(openAll: () => Promise<OpenGround>): void {
  toldCases(openAll);
  listed(openAll);
  madeByTheServer(openAll);
  bounds(openAll);
}

function toldCases(openAll: () => Promise<OpenGround>): void {
  test("a notification reaches all tabs of its user on all nodes, once each, and nobody else", async () => {
    const nodes = await start(openAll);
    const tabs = [await openTab(nodes[0]), await openTab(nodes[0]), await openTab(nodes[1])];
    const ben = await openTab(nodes[1], "ben");
    const sent = await nodes[1].live.notify("ana", "assigned", { issue: 7 });
    expect(sent).toMatchObject({ scope: "cluster", id: expect.any(String) });
    for (const tab of tabs) {
      await expect
        .poll(() => tab.bodies("notification"))
        .toEqual([{ unread: 1, id: sent.id, kind: "assigned", data: { issue: 7 }, at: expect.any(Number) }]);
    }
    await nodes[0].live.notify("ben", "greeted", { text: "hello" });
    await expect.poll(() => ben.bodies("notification")).toMatchObject([{ kind: "greeted", unread: 1 }]);
    for (const tab of tabs) expect(tab.issues()).toEqual([7]);
  });

  test("a tab that was away gets what it missed exactly once, and its list agrees", async () => {
    const nodes = await start(openAll);
    const tab = await openTab(nodes[0]);
    await assign(nodes[0].live, 1, 2);
    await vi.waitUntil(() => tab.issues().length === 2, 5_000);
    const cursor = tab.got.at(-1)!.meta.cursor;
    tab.socket.disconnect();
    await assign(nodes[1].live, 3, 4);
    const back = await nodes[1].connect("ana");
    await back.join("notifications/ana", cursor);
    await assign(nodes[0].live, 5);
    const issues = () => back.bodies("notification").map(({ data }) => data.issue);
    await expect.poll(issues).toEqual([3, 4, 5]);
    expect(shown(await listOf(back))).toEqual(["5", "4", "3", "2", "1"]);
  });

  test("over many cuts at any moment, on changing nodes, a tab is told of everything once and in order", async () => {
    const nodes = await start(openAll);
    const random = seededRandom(7);
    const issues = Array.from({ length: 60 }, (_, index) => index);
    let { cursor } = await listOf(await nodes[0].connect("ana"));
    const told: number[] = [];
    const sending = (async () => {
      for (const issue of issues) await assign(random.pick(nodes).live, issue);
    })();
    for (let visits = 0; told.length < issues.length && visits < 60; visits++) {
      const tab = await random.pick(nodes).connect("ana");
      await tab.join("notifications/ana", cursor);
      const wanted = Math.min(1 + random.integer(8), issues.length - told.length);
      await vi.waitUntil(() => tab.got.length >= wanted, { timeout: 10_000, interval: 1 });
      tab.socket.disconnect();
      told.push(...tab.bodies("notification").map(({ data }) => data.issue));
      cursor = tab.got.at(-1)!.meta.cursor;
    }
    await sending;
    expect(told).toEqual(issues);
  });

  test("the list and what comes after it are everything, however they meet", async () => {
    const nodes = await start(openAll);
    const assigning = assign(nodes[0].live, ...Array.from({ length: 30 }, (_, index) => index));
    const tabs = await Promise.all(nodes.flatMap((node) => [openTab(node), openTab(node), openTab(node)]));
    await assigning;
    const everything = Array.from({ length: 30 }, (_, index) => index);
    for (const tab of tabs) {
      // The list shows the last 20 at most.
      const listed = tab.list.items.map(({ data }) => (data as { issue: number }).issue).reverse();
      const from = everything.slice(listed[0] ?? 0);
      await expect.poll(() => [...listed, ...tab.issues()]).toEqual(from);
      expect(from.length).toBeGreaterThan(0);
    }
  });
}

function listed(openAll: () => Promise<OpenGround>): void {
  test("pages go back to the oldest, and are read by users for themselves only", async () => {
    const nodes = await start(openAll);
    await assign(nodes[0].live, 1, 2, 3, 4, 5);
    const ana = await nodes[1].connect("ana");
    const first = await listOf(ana, { limit: 2 });
    const second = await listOf(ana, { limit: 2, before: first.next });
    const third = await listOf(ana, { limit: 2, before: second.next });
    expect([first, second, third].map(shown)).toEqual([["5", "4"], ["3", "2"], ["1"]]);
    expect(third.next).toBeUndefined();
    expect(first).toMatchObject({ unread: 5, channel: "notifications/ana" });
    const ben = await nodes[0].connect("ben");
    expect(await listOf(ben)).toMatchObject({ items: [], unread: 0, channel: "notifications/ben" });
    expect(await ben.ask("join", { channel: "notifications/ana" })).toMatchObject({
      code: "LIVE_CHANNEL_REFUSED",
    });
    const nobody = await nodes[0].connect();
    for (const frame of ["notifications", "mark-read"]) {
      expect(await nobody.ask(frame, { ids: [] })).toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
    }
    expect(await nobody.ask("join", { channel: "notifications/nobody" })).toMatchObject({
      code: "LIVE_CHANNEL_REFUSED",
    });
  });

  test("read marks count down, and reach the user's other tabs on all nodes", async () => {
    const nodes = await start(openAll);
    const ids = await assign(nodes[0].live, 1, 2, 3, 4);
    const [here, there] = [await openTab(nodes[0]), await openTab(nodes[1])];
    expect(await here.ask("mark-read", { ids: [ids[2]] })).toEqual({ ok: true, unread: 3 });
    expect(await there.ask("mark-read", { upTo: ids[1] })).toEqual({ ok: true, unread: 1 });
    for (const tab of [here, there]) {
      await expect
        .poll(() => tab.bodies("notifications-read"))
        .toEqual([
          { unread: 3, ids: [ids[2]] },
          { unread: 1, upTo: ids[1] },
        ]);
    }
    expect(shown(await listOf(here))).toEqual(["4", "3 read", "2 read", "1 read"]);
    await assign(nodes[1].live, 5);
    await expect.poll(() => here.bodies("notification")).toMatchObject([{ unread: 2 }]);
    const stranger = await nodes[0].connect("ben");
    expect(await stranger.ask("mark-read", { ids })).toEqual({ ok: true, unread: 0 });
    expect(await nodes[0].live.notifications.unread("ana")).toBe(2);
  });
}

function madeByTheServer(openAll: () => Promise<OpenGround>): void {
  test("the server lists, counts and marks without a socket", async () => {
    const nodes = await start(openAll);
    const ids = await assign(nodes[0].live, 1, 2, 3);
    const { notifications } = nodes[1].live;
    expect(await notifications.unread("ana")).toBe(3);
    const page = await notifications.list("ana", { limit: 2 });
    expect([shown(page), page.unread]).toEqual([["3", "2"], 3]);
    expect(shown(await notifications.list("ana", { before: page.next! }))).toEqual(["1"]);
    expect(await notifications.markRead("ana", { upTo: ids[1]! })).toEqual({ unread: 1 });
    expect(await notifications.markRead("ana", { ids: [ids[2]!] })).toEqual({ unread: 0 });
    expect(await notifications.list("nobody")).toMatchObject({ items: [], unread: 0 });
    const strange = "a b/ü:{x}*";
    await nodes[0].live.notify(strange, "greeted", { text: "hello" });
    expect(await notifications.list(strange)).toMatchObject({ unread: 1, items: [{ kind: "greeted" }] });
  });

  test("with a change a notification and what it voids are one step", async () => {
    const nodes = await start(openAll);
    const tab = await openTab(nodes[0]);
    await nodes[0].live.cache.set("issue:7", "open", { ttl: "short" });
    const event = nodes[1].live.notification("ana", "assigned", { issue: 7 });
    const result = await nodes[1].live.change({ tags: ["issue:7"], emit: [event] });
    await expect.poll(() => tab.got.map(({ meta }) => meta.changeId)).toEqual([result.changeId]);
    expect(await nodes[0].live.cache.has("issue:7")).toBe(false);
    expect(await nodes[0].live.notifications.unread("ana")).toBe(1);
  });
}

function bounds(openAll: () => Promise<OpenGround>): void {
  test("what the contract does not allow is refused, and nothing is kept", async () => {
    const [node] = await start(openAll);
    const { live } = node;
    const invalid = { code: "LIVE_EVENT_INVALID" };
    // @ts-expect-error: no such kind
    await expect(live.notify("ana", "invited", {})).rejects.toMatchObject(invalid);
    // @ts-expect-error: not what the schema says
    await expect(live.notify("ana", "assigned", { issue: "7" })).rejects.toMatchObject(invalid);
    const text = (length: number) => ({ text: "x".repeat(length) });
    const bare = JSON.stringify({
      id: "x".repeat(16),
      kind: "greeted",
      data: { text: "" },
      at: Date.now(),
    }).length;
    await live.notify("ben", "greeted", text(8_192 - bare));
    await expect(live.notify("ana", "greeted", text(8_193 - bare))).rejects.toMatchObject(invalid);
    for (const userId of ["", undefined, 7, null]) {
      const calls = [
        live.notify(userId as string, "assigned", { issue: 7 }),
        live.notifications.list(userId as string),
        live.notifications.unread(userId as string),
        live.notifications.markRead(userId as string, { ids: [] }),
      ];
      for (const call of calls) await expect(call).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
    }
    expect(await live.notifications.unread("ana")).toBe(0);
  });

  test("frames and calls are bounded: pages of 1 to 100, marks of 100 at most", async () => {
    const [node] = await start(openAll);
    const ana = await node.connect("ana");
    const ids = (count: number) => ({ ids: Array.from({ length: count }, (_, index) => `${index}`) });
    const wrong: [string, unknown][] = [
      ...[0, 101, 1.5, "2", null].map((limit): [string, unknown] => ["notifications", { limit }]),
      ...["x", "1", 7, "-1-0", `${"1".repeat(17)}-0`].map((before): [string, unknown] => [
        "notifications",
        { before },
      ]),
      ["notifications", "all"],
      ["mark-read", {}],
      ["mark-read", undefined],
      ["mark-read", { upTo: "a", ids: ["b"] }],
      ["mark-read", { upTo: "x".repeat(65) }],
      ["mark-read", { ids: ["x".repeat(65)] }],
      ["mark-read", { ids: [7] }],
      ["mark-read", { ids: "a" }],
      ["mark-read", ids(101)],
    ];
    for (const [frame, request] of wrong) {
      expect(await ana.ask(frame, request)).toMatchObject({ ok: false, code: "LIVE_FRAME_INVALID" });
    }
    for (const limit of [1, 100])
      expect(await ana.ask("notifications", { limit })).toMatchObject({ ok: true });
    expect(await ana.ask("mark-read", ids(100))).toMatchObject({ ok: true });
    await expect(node.live.notifications.list("ana", { limit: 101 })).rejects.toMatchObject({
      code: "LIVE_INPUT_INVALID",
    });
    await expect(node.live.notifications.markRead("ana", ids(101))).rejects.toMatchObject({
      code: "LIVE_INPUT_INVALID",
    });
  });

  test("announcements reach everybody, and what is a user's own only the user", async () => {
    const nodes = await start(openAll);
    const [ana, nobody, ben] = [
      await nodes[0].connect("ana"),
      await nodes[1].connect(),
      await nodes[1].connect("ben"),
    ];
    for (const visitor of [ana, nobody, ben]) await visitor.join("announcements");
    await ana.join("user/ana");
    expect(await ben.ask("join", { channel: "user/ana" })).toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
    await nodes[0].live.publish("announcements", {}, "notice", { text: "Water is off at 9." });
    await nodes[1].live.publish("user/:userId", { userId: "ana" }, "task", { title: "Call the plumber" });
    for (const visitor of [ana, nobody, ben]) {
      await expect.poll(() => visitor.bodies("notice")).toEqual([{ text: "Water is off at 9." }]);
    }
    await expect.poll(() => ana.bodies("task")).toEqual([{ title: "Call the plumber" }]);
    expect(ben.bodies("task")).toEqual([]);
  });
}
