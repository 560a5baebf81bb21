import { LiveError } from "@livecache/wire";
import { expect, test, vi } from "vitest";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { Ground } from "../../src/ports/ground.ts";
import type { RegionStore } from "../../src/ports/region-store.ts";
import { startNode } from "./region-site.ts";

const HERE = "ttngkc";
const POINT = { latitude: 28.7037, longitude: 77.2079 };

/** A ground in memory whose region store is another. */
function groundWith(change: (store: RegionStore) => Partial<RegionStore>): Ground {
  const ground = createMemoryGround();
  const stores = ground.realm("main");
  const regionStore = { ...stores.regionStore, ...change(stores.regionStore) };
  return { ...ground, realm: () => ({ ...stores, regionStore }) };
}

test("a thousand who ask at once who is near cost the ground one question, and all are answered", async () => {
  let questions = 0;
  const ground = groundWith(({ members }) => ({
    members: (cells, limit) => (questions++, members(cells, limit)),
  }));
  const { live } = await startNode(ground);
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => live.regions.near(POINT)));
  expect([questions, new Set(answers.map(({ scope }) => scope))]).toEqual([1, new Set(["cluster"])]);
  await live.regions.near(POINT);
  expect(questions).toBe(2);
});

test("while the ground is away every question is answered from this node, and says so; of other nodes nothing is known", async () => {
  let isAway = false;
  const refuse = async (): Promise<never> => {
    throw new LiveError("LIVE_GROUND_AWAY", "away");
  };
  const ground = groundWith(({ members, count, counts, find }) => ({
    members: (cells, limit) => (isAway ? refuse() : members(cells, limit)),
    count: (prefixes) => (isAway ? refuse() : count(prefixes)),
    counts: (prefixes) => (isAway ? refuse() : counts(prefixes)),
    find: (socket) => (isAway ? refuse() : find(socket)),
  }));
  const [node, other] = [await startNode(ground), await startNode(ground)];
  const { regions } = node.live;
  const [here, there] = [await node.visit({ userId: "7" }), await other.visit()];
  await here.locate(POINT.latitude, POINT.longitude);
  await there.locate(POINT.latitude, POINT.longitude);
  await vi.waitUntil(async () => (await regions.count("")).count === 2);
  isAway = true;
  const members = [{ socketId: here.id, userId: "7" }];
  expect(await regions.near(POINT)).toEqual({
    cell: HERE,
    cells: [{ cell: HERE, members, truncated: false }],
    scope: "local",
  });
  expect(await regions.members(HERE)).toEqual({ cell: HERE, members, truncated: false, scope: "local" });
  expect(await regions.count("tt")).toEqual({ count: 1, scope: "local" });
  expect(await regions.counts("tt")).toEqual({ counts: { ttn: 1 }, scope: "local" });
  expect(await regions.of(here.id)).toBe(HERE);
  await expect(regions.of(there.id)).rejects.toMatchObject({ code: "LIVE_GROUND_AWAY" });
  isAway = false;
  expect((await regions.members(HERE)).members).toHaveLength(2);
});

test("what is wrong with the ground and will not pass is told, not hidden", async () => {
  const refuse = async (): Promise<never> => {
    throw new LiveError("LIVE_GROUND_REFUSED", "no rights");
  };
  const { live } = await startNode(groundWith(() => ({ members: refuse, count: refuse })));
  await expect(live.regions.near(POINT)).rejects.toMatchObject({ code: "LIVE_GROUND_REFUSED" });
  await expect(live.regions.count("")).rejects.toMatchObject({ code: "LIVE_GROUND_REFUSED" });
});
