import { until } from "@livecache/rig";
import { expect, test } from "vitest";
import type { Node } from "./site.ts";

const BOUND = { withinMs: 5_000 };
const REASON = { reason: "tried out" };

/** What operators see and do, over two nodes on any ground. */
export function operationsCases(open: () => Promise<readonly [Node, Node]>): void {
  test("sockets, channels and a person are seen on whichever node they are", async () => {
    const [a, b] = await open();
    const { socket } = await b.connect("mei");
    await a.connect("tom");
    const { body: sockets } = await a.ask("GET sockets?search=mei");
    const mei = { node: b.live.node, socketId: socket.id, userId: "mei", channels: ["hostel/7"], watches: 1 };
    expect(sockets).toMatchObject({ total: 1, sockets: [mei], missing: [] });
    expect((await a.ask("GET channels")).body["channels"]).toEqual([
      { channel: "hostel/7", members: 2, nodes: 2, hasPresence: true },
    ]);
    await a.live.sessions.create("s1", { userId: "mei", data: {}, idleMs: 60_000 });
    await until(async () => (await a.ask("GET user?id=mei")).body["isOnline"] === true, {
      what: "she is there",
      ...BOUND,
    });
    const { body: user } = await a.ask("GET user?id=mei");
    expect(user).toMatchObject({ userId: "mei", isOnline: true, sockets: [mei] });
    expect(JSON.stringify(user)).not.toContain('"s1"');
    expect(user["sessions"]).toHaveLength(1);
  });

  test("a change is previewed, made for a reason, and traced to who was told and came back", async () => {
    const [a, b] = await open();
    const { frames, socket } = await b.connect("mei");
    const { body: preview } = await a.ask("GET preview?tag=hostel:7");
    expect(preview["nodes"]).toContainEqual({
      node: b.live.node,
      entries: 1,
      loadMs: expect.any(Number),
      queries: 1,
      watchers: 1,
    });
    const { body: made } = await a.ask("POST change", { ...REASON, tags: ["hostel:7"] });
    expect(made).toMatchObject({ scope: "cluster" });
    await until(() => frames.some(([name]) => name === "stale"), { what: "she is told", ...BOUND });
    const again = await fetch(`${b.url}/issues`);
    await socket.emitWithAck("watch", { token: again.headers.get("live-query") });
    const { body: trace } = await a.ask(`GET trace?change=${String(made["changeId"])}`);
    const ofB = (trace["nodes"] as Record<string, unknown>[]).find(({ node }) => node === b.live.node);
    expect(ofB).toMatchObject({ told: { queries: 1, watchers: 1 }, watchedAgain: { count: 1 }, dropped: 1 });
    expect(ofB?.["firstRead"]).toMatchObject({ reason: "changed" });
    const line = {
      operator: "Ada",
      action: "change",
      target: { tags: ["hostel:7"] },
      ...REASON,
      outcome: made,
    };
    expect(a.audited).toEqual([{ ...line, atMs: expect.any(Number) }]);
    const { body: audit } = await b.ask("GET audit");
    expect(audit).toEqual({ lines: [{ node: a.live.node, ...a.audited[0] }], missing: [] });
  });
}

/** What operators do to people and tokens. */
export function actCases(open: () => Promise<readonly [Node, Node]>): void {
  test("a person is disconnected, or signed out, on whichever node", async () => {
    const [a, b] = await open();
    const { socket, frames } = await b.connect("mei");
    expect((await a.ask("POST disconnect", { ...REASON, userId: "mei" })).body).toEqual({ disconnected: 1 });
    await until(() => !socket.connected, { what: "the socket ends", ...BOUND });
    expect(frames.at(-1)).toMatchObject(["ended", { code: "LIVE_DISCONNECTED", retryable: true }]);
    const { socket: second } = await b.connect("tom");
    expect((await a.ask("POST disconnect", { ...REASON, socketId: second.id })).body).toEqual({
      disconnected: 1,
    });
    await a.live.sessions.create("s1", { userId: "mei", data: {}, idleMs: 60_000 });
    expect((await b.ask("POST sign-out", { ...REASON, userId: "mei" })).body).toEqual({ sessions: 1 });
    expect(await a.live.sessions.read("s1")).toBeUndefined();
    const issued = Date.now() - 1_000;
    await until(() => a.live.tokens.check({ sub: "mei", issuedAt: issued }) === "revoked", {
      what: "her tokens end",
      ...BOUND,
    });
  });

  test("a token is revoked, and stands in the audit as a digest", async () => {
    const [a, b] = await open();
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const { status } = await a.ask("POST revoke-token", { ...REASON, token: "secret-token", expiresAt });
    expect(status).toBe(200);
    await until(() => b.live.tokens.check({ tokenId: "secret-token" }) === "revoked", {
      what: "both know",
      ...BOUND,
    });
    expect(JSON.stringify(a.audited)).not.toContain("secret-token");
  });

  test("keys are listed, and explained by every node, with their values where that is allowed", async () => {
    const [a, b] = await open();
    await b.live.cache.set("hostel:7:name", "Aspen", { ttlSeconds: 60 });
    await b.live.cache.get("hostel:7:name");
    expect((await a.ask("GET keys?pattern=hostel:7:*")).body).toEqual({ keys: ["hostel:7:name"] });
    const { body } = await a.ask("GET key?key=hostel:7:name");
    expect(body).toMatchObject({ key: "hostel:7:name", value: '"Aspen"', missing: [] });
    expect(body["nodes"]).toHaveLength(2);
  });
}
