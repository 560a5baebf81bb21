import { until } from "@livecache/rig";
import { defineLimit } from "livecache";
import type { FeedLine, FeedReport } from "@livecache/wire";
import { expect, test } from "vitest";
import type { Node } from "./site.ts";

const BOUND = { withinMs: 5_000 };

/** What happens on all nodes, told by any of them. */
export function feedCases(open: () => Promise<readonly [Node, Node]>): void {
  test("the feed tells from any node what happens on all of them, once", async () => {
    const [a, b] = await open();
    const { body: start } = await a.ask("GET feed");
    const { socket } = await b.connect("mei");
    await b.live.change({ tags: ["hostel:7"], wait: "applied" });
    await b.live.sessions.create("s1", { userId: "mei", data: {}, idleMs: 60_000 });
    await b.live.sessions.end("s1");
    const refused = await socket.emitWithAck("join", { channel: "nowhere" });
    await a.ask("POST disconnect", { reason: "tried out", userId: "mei" });
    await until(() => !socket.connected, { what: "the socket ends", ...BOUND });

    const seen: FeedLine[] = [];
    let after = String(start["cursor"]);
    await until(
      async () => {
        const page = (await a.ask(`GET feed?after=${after}`)).body as unknown as FeedReport;
        after = page.cursor;
        seen.push(...page.lines);
        return seen.some(({ words }) => words === "mei is gone");
      },
      { what: "everything is told", ...BOUND },
    );
    const said = (node: Node, kind: string): readonly string[] =>
      seen.filter((line) => line.node === node.live.node && line.kind === kind).map(({ words }) => words);
    expect(said(b, "change")).toEqual(["hostel:7 changed"]);
    expect(said(b, "socket")).toEqual(["mei connected", "mei is gone"]);
    expect(said(b, "session")).toEqual(["a session of mei was begun", "1 session ended"]);
    expect(said(b, "refusal")).toEqual([`mei was refused join: ${refused.code}`]);
    expect(said(a, "act")).toEqual(["Ada: disconnect"]);
    expect(JSON.stringify(seen)).not.toContain('"s1"');
  });

  test("limits that are reached, and sockets that are not let in, are told", async () => {
    const [a, b] = await open();
    const { body: start } = await a.ask("GET feed");
    const policy = defineLimit({ name: "reports", limit: 1, window: "1m" });
    for (let takes = 0; takes < 2; takes++) await b.live.limits.take({ policy, subject: "user mei" });
    await expect(b.connect("nobody-knows")).rejects.toThrow(/timeout|refused/i);
    const query = `GET feed?kinds=limit,refusal&after=${String(start["cursor"])}`;
    await until(async () => ((await a.ask(query)).body["lines"] as unknown[]).length === 2, {
      what: "both are told",
      ...BOUND,
    });
    expect((await a.ask(query)).body["lines"]).toMatchObject([
      { kind: "limit", words: "user mei has reached the limit reports" },
      { kind: "refusal", words: "nobody was refused connect: LIVE_IDENTITY_FAILED" },
    ]);
  });

  test("reads are told while somebody asks for them, and not before", async () => {
    const [a, b] = await open();
    await b.live.cache.getOrSet("quiet", () => 1, { ttl: "1m" });
    const { body: start } = await a.ask("GET feed?kinds=hit,miss");
    expect(start["lines"]).toEqual([]);
    await b.live.cache.getOrSet("heard", () => 1, { ttl: "1m" });
    await a.live.cache.getOrSet("heard", () => 2, { ttl: "1m" });
    const { body } = await a.ask(`GET feed?kinds=hit,miss&after=${String(start["cursor"])}`);
    const lines = body["lines"] as readonly FeedLine[];
    const told = (node: Node): readonly FeedLine[] => lines.filter((line) => line.node === node.live.node);
    const read = { key: "heard", ms: expect.any(Number) };
    expect(lines).toHaveLength(2);
    expect(told(b)).toMatchObject([{ kind: "miss", details: { ...read, reason: "absent" } }]);
    expect(told(a)).toMatchObject([{ kind: "hit", details: { ...read, reason: "hit-far" } }]);
  });

  test("whoever asks for some kinds, or a few lines at a time, is told them in order", async () => {
    const [a] = await open();
    const { body: start } = await a.ask("GET feed");
    for (const tag of ["one", "two", "three"]) await a.live.change({ tags: [tag] });
    const { body: first } = await a.ask(`GET feed?kinds=change&limit=2&after=${String(start["cursor"])}`);
    const { body: rest } = await a.ask(`GET feed?kinds=change&limit=2&after=${String(first["cursor"])}`);
    const words = ({ lines }: Record<string, unknown>): unknown[] =>
      (lines as FeedLine[]).map((line) => line.words);
    expect([words(first), words(rest)]).toEqual([["one changed", "two changed"], ["three changed"]]);
    const { body: newest } = await a.ask("GET feed?kinds=change&limit=1");
    expect(words(newest)).toEqual(["three changed"]);
  });
}
