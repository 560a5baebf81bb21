import { expect, test, vi } from "vitest";
import { serve } from "../socketio/serve.ts";
import type { SiteOptions } from "../socketio/serve.ts";

/** An application that keeps, for each user, the hostel they live in; tokens in `auth.token` are names of users. */
async function startSite(
  people: Map<string, { hostel: string; expiresAt?: number }>,
  options: SiteOptions = {},
) {
  const site = await serve({
    identify({ auth }) {
      const userId = String(auth?.["token"]).split("#")[0]!;
      const known = people.get(userId);
      return known && { userId, ...known };
    },
    ...options,
  });
  return site;
}

const ISSUE = { title: "Tap drips" };

async function namesOf(visitor: { got: readonly { name: string }[] }, count: number): Promise<string[]> {
  await vi.waitUntil(() => visitor.got.length >= count);
  return visitor.got.map(({ name }) => name);
}

test("a right that is lost ends the membership on the change of identity, and events stay away", async () => {
  const people = new Map([["s1", { hostel: "7" }]]);
  const site = await startSite(people);
  const visitor = await site.connect({ auth: { token: "s1" } });
  await visitor.ask("join", { channel: "hostel/7" });
  await visitor.ask("join", { channel: "news" });
  people.set("s1", { hostel: "8" });
  await site.live.change({ identity: "s1" });
  expect(await namesOf(visitor, 1)).toEqual(["left"]);
  expect(visitor.got[0]!.body).toMatchObject({ channel: "hostel/7", code: "LIVE_CHANNEL_REFUSED" });
  await site.live.publish("hostel/:hostelId", { hostelId: 7 }, "new_issue", ISSUE);
  await site.live.publish("news", {}, "item", 1);
  expect(await namesOf(visitor, 2)).toEqual(["left", "item"]);
  expect(await visitor.ask("join", { channel: "hostel/8" })).toMatchObject({ ok: true });
});

test("a socket whose user is gone is ended with its reason, within the second; others of other users stay", async () => {
  const people = new Map([
    ["s1", { hostel: "7" }],
    ["s2", { hostel: "7" }],
  ]);
  const site = await startSite(people);
  const [gone, stays] = [
    await site.connect({ auth: { token: "s1" } }),
    await site.connect({ auth: { token: "s2" } }),
  ];
  people.clear();
  people.set("s2", { hostel: "7" });
  await site.live.change({ identity: ["s1", "s2"] });
  await vi.waitUntil(() => gone.socket.disconnected, 1_000);
  expect(gone.got).toMatchObject([
    { name: "ended", body: { code: "LIVE_IDENTITY_ENDED", retryable: false } },
  ]);
  expect(stays.socket.connected).toBe(true);
});

test("a right that is taken away while the socket is being admitted is gone when it is in", async () => {
  const people = new Map([["s1", { hostel: "7" }]]);
  let admitted = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (admitted = resolve));
  let asked = 0;
  const site = await startSite(people, {
    async identify({ auth }) {
      const known = people.get(String(auth?.["token"]));
      if (asked++ === 0) await waiting;
      return known && { userId: "s1", ...known };
    },
  });
  const connecting = site.connect({ auth: { token: "s1" } });
  await vi.waitUntil(() => asked === 1);
  people.clear();
  await site.live.change({ identity: "s1" });
  admitted();
  const visitor = await connecting;
  await vi.waitUntil(() => visitor.socket.disconnected, 1_000);
  expect(asked).toBe(2);
});

test("a watch that varied by a right is given up as stale when the right changes", async () => {
  const people = new Map([["s1", { hostel: "7" }]]);
  const site = await startSite(people);
  const visitor = await site.connect({ auth: { token: "s1" } });
  const own = await site.respond({
    key: "a",
    vary: ["hostel"],
    identity: { userId: "s1", hostel: "7" } as never,
  });
  const shared = await site.respond({ key: "b" });
  for (const token of [own, shared]) {
    expect(await visitor.ask("watch", { token })).toMatchObject({ state: "fresh" });
  }
  people.set("s1", { hostel: "8" });
  await site.live.change({ identity: "s1" });
  expect(await namesOf(visitor, 1)).toEqual(["stale"]);
  expect(visitor.got[0]!.body).toMatchObject({ id: "1" });
});

test("an identity that expires is warned of, can be refreshed by the same user only, and ends the socket", async () => {
  const people = new Map([
    ["s1", { hostel: "7", expiresAt: Date.now() + 600 }],
    ["s2", { hostel: "7" }],
  ]);
  const site = await startSite(people);
  const [first, second] = [
    await site.connect({ auth: { token: "s1" } }),
    await site.connect({ auth: { token: "s1" } }),
  ];
  expect(await namesOf(first, 1)).toEqual(["expiring"]);
  expect((first.got[0]!.body as { expiresInMs: number }).expiresInMs).toBeLessThanOrEqual(600);
  expect(await first.ask("refresh", { auth: { token: "s2" } })).toMatchObject({
    code: "LIVE_IDENTITY_ENDED",
  });
  expect(await first.ask("refresh", { auth: "s1" })).toMatchObject({ code: "LIVE_FRAME_INVALID" });
  people.set("s1", { hostel: "7", expiresAt: Date.now() + 60_000 });
  const refreshed = await first.ask<{ expiresInMs: number }>("refresh", { auth: { token: "s1#2" } });
  expect(refreshed).toMatchObject({ ok: true, expiresInMs: expect.any(Number) as number });
  await vi.waitUntil(() => second.socket.disconnected, 2_000);
  expect(second.got.at(-1)).toMatchObject({ name: "ended", body: { code: "LIVE_IDENTITY_EXPIRED" } });
  expect(first.socket.connected).toBe(true);
});

test("an identify that fails about a connected socket is asked again, and ends it when it goes on failing", async () => {
  let fails = 0;
  const site = await serve({
    identify() {
      if (fails-- > 0) throw new Error("database away");
      return { userId: "s1" };
    },
  });
  const visitor = await site.connect();
  fails = 2;
  await site.live.change({ identity: "s1" });
  await vi.waitUntil(() => fails < 0);
  expect(visitor.socket.connected).toBe(true);
  fails = 100;
  await site.live.change({ identity: "s1" });
  await vi.waitUntil(() => visitor.socket.disconnected, 3_000);
  expect(visitor.got).toMatchObject([
    { name: "ended", body: { code: "LIVE_IDENTITY_FAILED", retryable: true } },
  ]);
});

test.each([[""], [5], [["s1", 7]], [Array.from({ length: 101 }, (_, index) => `s${index}`)]])(
  "change refuses the identity %j, and says what it takes",
  async (identity) => {
    const site = await serve();
    await expect(site.live.change({ identity: identity as never })).rejects.toMatchObject({
      code: "LIVE_INPUT_INVALID",
      message: expect.stringContaining("identity must be a userId") as string,
    });
  },
);
