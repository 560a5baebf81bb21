import { expect, test } from "vitest";
import { startNode } from "./people-site.ts";
import type { OpenGround, PeopleNode, Visitor } from "./people-site.ts";

async function start(openAll: () => Promise<OpenGround>) {
  const open = await openAll();
  const nodes = [await startNode(open), await startNode(open)] as const;
  const join = async (node: PeopleNode, userId?: string): Promise<Visitor> => {
    const visitor = await node.connect(userId);
    await visitor.join("room/7");
    return visitor;
  };
  return { nodes, join };
}

const type = (visitor: Visitor, on = true) => visitor.ask("typing", { channel: "room/7", on });

/** Lists of who types, as a visitor was told, one after another. */
function told(visitor: Visitor): string[] {
  return visitor.bodies("typing").map(({ users, channel }) => `${channel}: ${users.join(" ")}`);
}

/** What typing must do over any ground. */
export function typingCases(openAll: () => Promise<OpenGround>): void {
  test("members on all nodes are told who types and who stopped; who types is not told of it, on any tab", async () => {
    const { nodes, join } = await start(openAll);
    const [ana, tab, ben, nobody] = [
      await join(nodes[0], "ana"),
      await join(nodes[1], "ana"),
      await join(nodes[1], "ben"),
      await join(nodes[0]),
    ];
    expect(await type(ana)).toEqual({ ok: true });
    for (const visitor of [ben, nobody]) await expect.poll(() => told(visitor)).toEqual(["room/7: ana"]);
    expect(await type(ben)).toEqual({ ok: true });
    for (const visitor of [ana, tab]) await expect.poll(() => told(visitor)).toEqual(["room/7: ben"]);
    await expect.poll(() => told(nobody).at(-1)).toBe("room/7: ana ben");
    await type(ana, false);
    await expect.poll(() => told(ben), { timeout: 3_000 }).toEqual(["room/7: ana", "room/7: "]);
    await expect.poll(() => told(nobody).at(-1)).toBe("room/7: ben");
    for (const visitor of [ana, tab]) expect(told(visitor)).toEqual(["room/7: ben"]);
  });

  test("who leaves, or whose connection ends, types no more; who comes is told who does", async () => {
    const { nodes, join } = await start(openAll);
    const [ana, ben, cem] = [
      await join(nodes[0], "ana"),
      await join(nodes[0], "ben"),
      await join(nodes[1], "cem"),
    ];
    await type(ana);
    await type(ben);
    await expect.poll(() => told(cem).at(-1)).toBe("room/7: ana ben");
    const late = await join(nodes[1], "dan");
    await expect.poll(() => told(late)).toEqual(["room/7: ana ben"]);
    await ana.ask("leave", { channel: "room/7" });
    await expect.poll(() => told(cem).at(-1), { timeout: 3_000 }).toBe("room/7: ben");
    ben.socket.disconnect();
    await expect.poll(() => told(cem).at(-1), { timeout: 3_000 }).toBe("room/7: ");
  });

  test("only members with an identity type, and only where the contract says so", async () => {
    const { nodes, join } = await start(openAll);
    const [ana, nobody, outside] = [
      await join(nodes[0], "ana"),
      await join(nodes[0]),
      await nodes[0].connect("ben"),
    ];
    await ana.join("quiet/1");
    const refused = { ok: false, code: "LIVE_CHANNEL_REFUSED" };
    expect(await type(outside)).toMatchObject(refused);
    expect(await type(nobody)).toMatchObject(refused);
    expect(await ana.ask("typing", { channel: "quiet/1", on: true })).toMatchObject(refused);
    for (const frame of [
      undefined,
      {},
      { channel: "room/7" },
      { channel: "room/7", on: 1 },
      { channel: 7, on: true },
    ]) {
      expect(await ana.ask("typing", frame)).toMatchObject({ ok: false, code: "LIVE_FRAME_INVALID" });
    }
    // Who does not type may say so.
    expect(await type(ana, false)).toEqual({ ok: true });
    expect(told(nobody)).toEqual([]);
  });
}
