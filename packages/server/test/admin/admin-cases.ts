import { until } from "@livecache/rig";
import { createLive } from "livecache";
import type { Ground, Live } from "livecache";
import { expect, onTestFinished, test } from "vitest";
import type { TestContext } from "vitest";

const SECRET = "0123456789abcdef0123456789abcdef";
const BOUND = { withinMs: 5_000 };
const CONTRACT = { channels: { "hostel/:id": { events: {} } } };

/** A node that ends with the test. */
export async function openNode(ground: Ground) {
  const authorize = { "hostel/:id": () => true };
  const live = createLive({ ground, secret: SECRET, contract: CONTRACT, authorize });
  onTestFinished(() => live.close());
  await until(() => live.door.applied() !== undefined, { what: "the node follows the log", ...BOUND });
  return live;
}

const issues = (live: Pick<Live, "cache">, key = "hostel:7:issues") =>
  live.cache.getOrSet(key, async () => "list", { ttl: "1m", tags: ["hostel:7"] });

/** What operators are told, on any ground. `open` answers two nodes of one application. */
export function adminCases(open: (context: TestContext) => Promise<readonly [Live, Live]>): void {
  test("the first read is told also where another node has loaded it already", async (context) => {
    const [a, b] = await open(context);
    await Promise.all([issues(a), issues(b)]);
    const { changeId } = await a.change({ tags: ["hostel:7"], wait: "applied" });
    await issues(a);
    await issues(b);
    const { nodes } = await a.admin.trace(changeId);
    const reasons = nodes.map(({ node, firstRead }) => [node, firstRead?.reason]);
    expect(Object.fromEntries(reasons)).toEqual({ [a.node]: "changed", [b.node]: "hit-far" });
  });

  test("a change is traced from the write over every node to the first fresh read", async (context) => {
    const [a, b] = await open(context);
    await Promise.all([issues(a), issues(b)]);
    const { changeId, position } = await a.change({ tags: ["hostel:7"], wait: "applied" });
    await issues(b);
    const { nodes, missing } = await b.admin.trace(changeId);
    expect(missing).toEqual([]);
    const ofA = nodes.find(({ node }) => node === a.node)!;
    const ofB = nodes.find(({ node }) => node === b.node)!;
    const stands = { changeId, origin: a.node, position: `${position!.epoch}.${position!.seq}` };
    expect(ofA).toMatchObject({ ...stands, tags: ["hostel:7", "hostel:7:*"], write: { scope: "cluster" } });
    expect(ofB).toMatchObject({ ...stands, dropped: 1 });
    expect(ofB.firstRead).toMatchObject({ key: "hostel:7:issues", reason: "changed" });
    expect(ofB).not.toHaveProperty("write");
    const lagMs = ofB.appliedAtMs! - ofA.write!.atMs;
    expect(lagMs).toBeGreaterThan(-100);
    expect(lagMs).toBeLessThan(5_000);
    expect(b.admin.recentChanges(1)).toMatchObject([{ changeId }]);
  });

  test("a change that nobody remembers has no nodes", async (context) => {
    const [a] = await open(context);
    expect(await a.admin.trace("nothing")).toEqual({ changeId: "nothing", nodes: [], missing: [] });
  });

  test("every node reports on itself", async (context) => {
    const [a, b] = await open(context);
    await issues(b);
    await issues(b);
    const { nodes, missing } = await a.admin.nodes();
    expect(missing).toEqual([]);
    expect(nodes.map(({ node }) => node).toSorted()).toEqual([a.node, b.node].toSorted());
    const ofB = nodes.find(({ node }) => node === b.node)!;
    expect(ofB).toMatchObject({ pid: process.pid, hasPending: false, ground: { state: "here" } });
    expect(ofB.cache).toMatchObject({ hits: 1, misses: 1, near: { entries: 1 } });
    expect(ofB.cache.patterns).toMatchObject([{ pattern: "hostel:*:issues", loads: 1 }]);
    expect(ofB.live).toMatchObject({ connections: 0, watches: 0, busiest: [] });
    expect(ofB.applied).toMatch(/^\w+\.\d+$/);
  });

  test("what a change would do is told without doing it", async (context) => {
    const [a, b] = await open(context);
    await Promise.all([issues(a), issues(b), issues(b, "hostel:7:rooms")]);
    const { tags, nodes, missing } = await a.admin.preview({ tags: ["hostel:7"] });
    expect([tags, missing]).toEqual([["hostel:7", "hostel:7:*"], []]);
    const would = Object.fromEntries(nodes.map(({ node, entries, watchers }) => [node, [entries, watchers]]));
    expect(would).toEqual({ [a.node]: [1, 0], [b.node]: [2, 0] });
    expect(await a.cache.has("hostel:7:issues")).toBe(true);
    const refused = a.admin.preview({ tags: [""] });
    await expect(refused).rejects.toMatchObject({ code: "LIVE_INPUT_INVALID" });
  });

  test("how many changes are asked for has bounds", async (context) => {
    const [a] = await open(context);
    for (const limit of [0, 1_001, 1.5]) {
      expect(() => a.admin.recentChanges(limit)).toThrow(/recentChanges: limit/);
    }
    expect(a.admin.recentChanges(1_000)).toEqual([]);
  });
}
