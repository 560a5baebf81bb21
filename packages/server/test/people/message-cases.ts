import { expect, test, vi } from "vitest";
import { LiveError } from "@livecache/wire";
import { claimName } from "../../src/messages/once.ts";
import { gate, startNode } from "./people-site.ts";
import type { OpenGround, PeopleNode, Visitor } from "./people-site.ts";

/** Two nodes, and everybody whose messages were handled. */
async function start(openAll: () => Promise<OpenGround>) {
  const open = await openAll();
  const nodes = [await startNode(open), await startNode(open)] as const;
  const handled: string[] = [];
  const say = (node: PeopleNode, name: string): void =>
    node.live.handle("room/:id", {
      async say({ data, identity, params, channel, publish }) {
        handled.push(`${name} ${identity?.userId} ${channel} ${params.id} ${data.text}`);
        await publish("said", { text: data.text });
        return { length: data.text.length, turn: handled.length };
      },
    });
  say(nodes[0], "n1");
  say(nodes[1], "n2");
  const join = async (node: PeopleNode, userId?: string): Promise<Visitor> => {
    const visitor = await node.connect(userId);
    await visitor.join("room/7");
    return visitor;
  };
  return { open, nodes, handled, join };
}

const hello = { channel: "room/7", name: "say", data: { text: "hello" } };

/** What clients' messages must do over any ground. */
export function messageCases(openAll: () => Promise<OpenGround>): void {
  handledOnce(openAll);
  begunAnew(openAll);
  refusalCases(openAll);
  bounds(openAll);
}

function handledOnce(openAll: () => Promise<OpenGround>): void {
  test("a message reaches its handler, which answers and publishes; members on both nodes hear of it", async () => {
    const { nodes, handled, join } = await start(openAll);
    const [ana, ben] = [await join(nodes[0], "ana"), await join(nodes[1], "ben")];
    expect(await ana.ask("send", hello)).toEqual({ ok: true, data: { length: 5, turn: 1 } });
    expect(handled).toEqual(["n1 ana room/7 7 hello"]);
    for (const visitor of [ana, ben]) {
      await expect.poll(() => visitor.bodies("said")).toEqual([{ text: "hello" }]);
    }
  });

  test("an id makes it happen once: a repeat gets the first reply, from the other node too", async () => {
    const { nodes, handled, join } = await start(openAll);
    const [first, second] = [await join(nodes[0], "ana"), await join(nodes[1], "ana")];
    const reply = await first.ask("send", { ...hello, id: "m1" });
    expect(reply).toMatchObject({ ok: true, data: { turn: 1 } });
    expect(await first.ask("send", { ...hello, id: "m1" })).toEqual(reply);
    expect(await second.ask("send", { ...hello, id: "m1" })).toEqual(reply);
    expect(handled).toHaveLength(1);
    expect(await second.ask("send", { ...hello, id: "m2" })).toMatchObject({ data: { turn: 2 } });
    await expect.poll(() => first.bodies("said")).toHaveLength(2);
  });

  test("an id is the user's own: another user's, another channel's and nobody's are other messages", async () => {
    const { nodes, handled, join } = await start(openAll);
    const [ana, ben] = [await join(nodes[0], "ana"), await join(nodes[1], "ben")];
    const [one, two] = [await join(nodes[0]), await join(nodes[0])];
    await ana.join("room/8");
    const message = { ...hello, id: "m1" };
    for (const visitor of [ana, ben, one, two, one]) {
      expect(await visitor.ask("send", message)).toMatchObject({ ok: true });
    }
    expect(await ana.ask("send", { ...message, channel: "room/8" })).toMatchObject({ ok: true });
    expect(handled).toHaveLength(5);
  });

  test("a repeat waits while the first is being handled, and gets its reply", async () => {
    const { nodes, join } = await start(openAll);
    const [entered, released] = [gate(), gate<string>()];
    let turns = 0;
    const leave_note = async (): Promise<string> => {
      turns++;
      entered.open();
      return released.passed;
    };
    for (const { live } of nodes) live.handle("room/:id", { leave_note });
    const [first, second] = [await join(nodes[0], "ana"), await join(nodes[1], "ana")];
    const note = { channel: "room/7", name: "leave_note", data: { text: "x" }, id: "m1" };
    const replies = [first.ask("send", note)];
    await entered.passed;
    replies.push(second.ask("send", note), first.ask("send", note));
    // An answer to a later frame shows that the repeats have been taken in.
    await Promise.all([first, second].map((visitor) => visitor.ask("leave", { channel: "nowhere" })));
    released.open("done");
    expect(await Promise.all(replies)).toEqual(replies.map(() => ({ ok: true, data: "done" })));
    expect(turns).toBe(1);
  });
}

function begunAnew(openAll: () => Promise<OpenGround>): void {
  test("a handler that throws leaves nothing behind: the same id is handled again", async () => {
    const { nodes, join } = await start(openAll);
    let turns = 0;
    nodes[0].live.handle("room/:id", {
      leave_note() {
        if (++turns === 1) throw new Error("the database is away");
        return turns;
      },
    });
    const ana = await join(nodes[0], "ana");
    const note = { channel: "room/7", name: "leave_note", data: { text: "x" }, id: "m1" };
    const refused = await ana.ask("send", note);
    expect(refused).toMatchObject({ ok: false, code: "LIVE_REQUEST_FAILED", retryable: true });
    expect(JSON.stringify(refused)).not.toContain("database");
    expect(nodes[0].warnings.join()).toContain("the database is away");
    expect(await ana.ask("send", note)).toEqual({ ok: true, data: 2 });
  });

  test("what a node began and did not end is begun anew once its time is over", async () => {
    const { nodes, handled, join } = await start(openAll);
    const ana = await join(nodes[0], "ana");
    const { claimStore } = nodes[0].stores;
    const name = claimName(["user", "ana", "room/7", "say", "m1"]);
    await claimStore.claim({ name, owner: "a node that died", holdMs: 300 });
    expect(await ana.ask("send", { ...hello, id: "m1" })).toMatchObject({ ok: true });
    expect(handled).toHaveLength(1);
  });
}

function refusalCases(openAll: () => Promise<OpenGround>): void {
  test("who is no member, and what the contract does not have, is refused with the reason", async () => {
    const { nodes, handled, join } = await start(openAll);
    const [ana, outside] = [await join(nodes[0], "ana"), await nodes[0].connect("ben")];
    await ana.join("quiet/1");
    expect(await outside.ask("send", hello)).toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
    const wrong = [
      { ...hello, name: "shout" },
      { ...hello, name: "__proto__" },
      { ...hello, channel: "quiet/1" },
      { ...hello, data: { text: "" } },
      { ...hello, data: undefined },
      { ...hello, id: "" },
      { ...hello, id: "x".repeat(65) },
      { ...hello, id: 7 },
      { ...hello, name: "x".repeat(65) },
      { ...hello, channel: "" },
      "hello",
      undefined,
    ];
    for (const frame of wrong) {
      expect(await ana.ask("send", frame)).toMatchObject({ ok: false, code: "LIVE_FRAME_INVALID" });
    }
    expect(await ana.ask("send", { ...hello, id: "x".repeat(64) })).toMatchObject({ ok: true });
    expect(await ana.ask("send", { ...hello, name: "leave_note" })).toMatchObject({
      code: "LIVE_REQUEST_FAILED",
    });
    expect(nodes[0].warnings.join()).toContain('live.handle("room/:id", { leave_note }) was not called');
    expect(handled).toHaveLength(1);
  });

  test("a handler's own refusal is told as it is when its code is one for clients", async () => {
    const { nodes, join } = await start(openAll);
    const refusals = [
      new LiveError("LIVE_CHANNEL_REFUSED", "Only moderators may do that."),
      new LiveError("LIVE_OPTIONS_INVALID", "a secret of the inside"),
    ];
    nodes[0].live.handle("room/:id", {
      leave_note: ({ data }) => Promise.reject(refusals[Number(data.text)]),
    });
    const ana = await join(nodes[0], "ana");
    const note = (text: string) => ({ channel: "room/7", name: "leave_note", data: { text } });
    expect(await ana.ask("send", note("0"))).toEqual({
      ...{ ok: false, code: "LIVE_CHANNEL_REFUSED" },
      ...{ message: "Only moderators may do that.", retryable: false },
    });
    const hidden = await ana.ask("send", note("1"));
    expect(hidden).toMatchObject({ code: "LIVE_REQUEST_FAILED" });
    expect(JSON.stringify(hidden)).not.toContain("secret");
  });
}

function bounds(openAll: () => Promise<OpenGround>): void {
  test("20 messages of one connection may wait for their handlers, the 21st is refused, others are not", async () => {
    const { nodes, join } = await start(openAll);
    const released = gate();
    let begun = 0;
    nodes[0].live.handle("room/:id", {
      async leave_note() {
        begun++;
        await released.passed;
      },
    });
    const [ana, ben] = [await join(nodes[0], "ana"), await join(nodes[0], "ben")];
    const note = { channel: "room/7", name: "leave_note", data: { text: "x" } };
    const waiting = Array.from({ length: 20 }, () => ana.ask("send", note));
    await vi.waitUntil(() => begun === 20, 5_000);
    expect(await ana.ask("send", hello)).toMatchObject({ code: "LIVE_LIMIT_REACHED", retryable: true });
    expect(await ben.ask("send", hello)).toMatchObject({ ok: true });
    released.open();
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ ok: true })));
    expect(await ana.ask("send", hello)).toMatchObject({ ok: true });
  });

  test("replies are JSON up to 64 KiB; nothing is no data", async () => {
    const { nodes, join } = await start(openAll);
    const replies: Record<string, unknown> = {
      nothing: undefined,
      null: null,
      most: "x".repeat(65_534),
      more: "x".repeat(65_535),
    };
    nodes[0].live.handle("room/:id", { leave_note: ({ data }) => replies[data.text] });
    const ana = await join(nodes[0], "ana");
    const ask = (text: string) =>
      ana.ask("send", { channel: "room/7", name: "leave_note", data: { text }, id: text });
    for (let turn = 0; turn < 2; turn++) {
      expect(await ask("nothing")).toEqual({ ok: true });
      expect(await ask("null")).toEqual({ ok: true, data: null });
      expect(await ask("most")).toEqual({ ok: true, data: replies["most"] });
      expect(await ask("more")).toMatchObject({ code: "LIVE_REQUEST_FAILED" });
    }
  });
}
