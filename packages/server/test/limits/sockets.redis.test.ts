import { afterAll, beforeAll, expect, test } from "vitest";
import { defineLimit } from "../../src/limits/define-limit.ts";
import { openSharedRedis, startNode } from "../people/people-site.ts";

let redis: Awaited<ReturnType<typeof openSharedRedis>>;
beforeAll(async () => void (redis = await openSharedRedis()));
afterAll(() => redis.close());

const messages = defineLimit({ name: "messages", limit: 5, window: "1m" });
const joins = defineLimit({ name: "joins", limit: 3, window: "1m" });

async function startTwo() {
  const open = await redis.openAll();
  const handled: string[] = [];
  const nodes = [
    await startNode(open, { perUser: { messages, joins } }),
    await startNode(open, { perUser: { messages, joins } }),
  ] as const;
  for (const { live } of nodes) {
    live.handle("room/:id", {
      say: ({ data }) => {
        handled.push(data.text);
        return { length: data.text.length, turn: handled.length };
      },
    });
  }
  return { nodes, handled };
}

const say = (text: string) => ({ channel: "room/7", name: "say", data: { text } });

test("messages of a user are limited over all sockets and nodes, and in their order; others are not", async () => {
  const { nodes, handled } = await startTwo();
  const [first, second] = [await nodes[0].connect("ana"), await nodes[1].connect("ana")];
  const ben = await nodes[0].connect("ben");
  for (const visitor of [first, second, ben]) await visitor.join("room/7");
  const replies = await Promise.all(
    Array.from({ length: 4 }, (_, index) => first.ask("send", say(String(index)))),
  );
  expect([replies.map(({ ok }) => ok), handled]).toEqual([Array(4).fill(true), ["0", "1", "2", "3"]]);
  expect(await second.ask("send", say("4"))).toMatchObject({ ok: true });
  for (const visitor of [first, second]) {
    const refused = await visitor.ask("send", say("too many"));
    expect(refused).toEqual({
      ok: false,
      code: "LIVE_LIMIT_REACHED",
      message: expect.stringContaining("send: this user may send 5 of them in 60 s") as unknown,
      retryable: true,
      retryAfterMs: expect.any(Number) as unknown,
    });
    const { retryAfterMs } = refused as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(30_000);
    expect(retryAfterMs).toBeLessThanOrEqual(61_000);
  }
  expect(await ben.ask("send", say("ben"))).toMatchObject({ ok: true });
  expect(handled).toEqual(["0", "1", "2", "3", "4", "ben"]);
  // It counts together with what is taken elsewhere under the same limit.
  const left = await nodes[0].live.limits.peek({ policy: messages, subject: "user ana" });
  expect([left.allowed, left.remaining]).toEqual([false, 0]);
});

test("joins are limited likewise, of nobody by the address", async () => {
  const { nodes } = await startTwo();
  for (const userId of ["ana", undefined]) {
    const visitors = [await nodes[0].connect(userId), await nodes[1].connect(userId)] as const;
    for (const room of ["room/1", "room/2"]) await visitors[0].join(room);
    await visitors[1].join("room/1");
    for (const visitor of visitors) {
      expect(await visitor.ask("join", { channel: "room/9" })).toMatchObject({ code: "LIVE_LIMIT_REACHED" });
    }
    // Frames without a limit work on.
    expect(await visitors[0].ask("leave", { channel: "room/1" })).toMatchObject({ ok: true });
  }
});
