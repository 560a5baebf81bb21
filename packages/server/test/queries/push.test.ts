import { until } from "@livecache/rig";
import { parsePosition, reaches } from "@livecache/wire";
import { expect, test } from "vitest";
import { createMemoryGround } from "../../src/memory/ground.ts";
import { createOrigin, framesOf, openNode, untilShown, watch } from "./query-site.ts";

const ROWS = Array.from({ length: 100 }, (_, id) => ({ id, title: `issue ${id}`, done: false }));

/** Two nodes of one application over one memory. */
async function openPair(options: Parameters<typeof openNode>[2] = {}, value: unknown = ROWS) {
  const ground = createMemoryGround();
  const origin = createOrigin(value);
  const first = await openNode(ground, origin, { tags: ["board"], push: true, ...options });
  const second = await openNode(ground, origin, { tags: ["board"], push: true, ...options });
  return { origin, nodes: [first, second] as const, first, second };
}

test("a change makes the response anew once for all nodes, and sends every watcher what is different; nobody fetches", async () => {
  const { origin, nodes, first, second } = await openPair();
  await first.show(3);
  await second.show(2);
  expect(origin.loads).toBe(1);
  const fetches = first.fetches + second.fetches;
  for (let change = 1; change <= 3; change++) {
    origin.value = ROWS.with(change, { ...ROWS[change]!, done: true });
    const { position } = await first.live.change({ tags: ["board"] });
    await untilShown(nodes, origin);
    expect(origin.loads).toBe(1 + change);
    // G3: what is sent is at least as new as the change.
    for (const { screens } of nodes) {
      for (const { told } of screens)
        expect(reaches(parsePosition(told.at(-1)!.body.position)!, position!)).toBe(true);
    }
  }
  expect(framesOf(nodes)).toEqual({ delta: 15 });
  expect(first.fetches + second.fetches).toBe(fetches);
  expect(nodes.flatMap(({ screens }) => screens.map(({ misfits }) => misfits))).toEqual([0, 0, 0, 0, 0]);
});

test("a body of which everything is different is sent whole, and an equal one as no difference", async () => {
  const { origin, nodes, first } = await openPair();
  await first.show(2);
  origin.value = { nothing: "alike" };
  await first.live.change({ tags: ["board"] });
  await untilShown(nodes, origin);
  expect(framesOf(nodes)).toEqual({ body: 2 });
  await first.live.change({ tags: ["board"] });
  await until(() => framesOf(nodes)["delta"] === 2, { what: "the second push", withinMs: 3_000 });
  expect(first.screens[0]!.told.at(-1)!.body).toMatchObject({ delta: [], from: first.screens[0]!.etag });
});

test("after a push the watch goes on under the new token, with the new tags", async () => {
  const ground = createMemoryGround();
  const origin = createOrigin({ tags: 1 });
  const node = await openNode(ground, origin, { push: true, tags: ["board"] });
  const [screen] = await node.show(1);
  origin.value = { tags: 2 };
  await node.live.change({ tags: ["board"] });
  await untilShown([node], origin);
  const { token } = screen!;
  expect(await watch(screen!)).toMatchObject({ state: "fresh" });
  origin.value = { tags: 3 };
  await node.live.change({ tags: ["board"] });
  await untilShown([node], origin);
  expect(screen!.token).not.toBe(token);
  screen!.token = token;
  expect(await watch(screen!)).toMatchObject({ state: "stale" });
});

test.each([
  ["is too large", { value: "x".repeat(65_537) }],
  ["is no JSON", { contentType: "text/html" }],
  ["comes with status 500 at first", { isBroken: true }],
])("a response that %s is told as stale, and fetched", async (_what, change) => {
  const { origin, nodes, first, second } = await openPair();
  await first.show(2);
  await second.show(2);
  Object.assign(origin, { value: { made: 2 }, ...change });
  await first.live.change({ tags: ["board"] });
  await until(() => framesOf(nodes)["stale"] === 4, { what: "all are told", withinMs: 5_000 });
  origin.isBroken = false;
  await untilShown(nodes, origin);
  expect(framesOf(nodes)).toEqual({ stale: 4 });
});

test("a body of exactly 64 KiB is sent", async () => {
  const { origin, nodes, first } = await openPair();
  await first.show(1);
  origin.value = "x".repeat(65_534);
  await first.live.change({ tags: ["board"] });
  await untilShown(nodes, origin);
  expect(framesOf(nodes)).toEqual({ body: 1 });
});

test("whoever waits longer than a second for a body is told to fetch", async () => {
  const { origin, nodes, first } = await openPair();
  await first.show(2);
  let finish = (): void => undefined;
  origin.slowness = () => new Promise<void>((resolve) => (finish = resolve));
  origin.value = { made: 2 };
  await first.live.change({ tags: ["board"] });
  await until(() => framesOf(nodes)["stale"] === 2, { what: "both are told", withinMs: 5_000 });
  origin.slowness = undefined;
  finish();
  await untilShown(nodes, origin);
  expect(origin.loads).toBe(2);
});

test("a storm of 1,000 changes makes one body at a time, few of them, and none older than the one before", async () => {
  const { origin, nodes, first, second } = await openPair();
  await first.show(20);
  await second.show(20);
  origin.mostAtOnce = 0;
  for (let change = 1; change <= 1_000; change++) {
    origin.value = { change };
    await nodes[change % 2]!.live.change({ tags: ["board"] });
    if (change % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await untilShown(nodes, origin);
  expect(origin.mostAtOnce).toBe(1);
  expect(origin.loads).toBeLessThan(300);
  const screens = nodes.flatMap((node) => node.screens);
  expect(screens.reduce((sum, { misfits }) => sum + misfits, 0)).toBe(0);
});

test("a watcher who came with a response made anew without a change gets a difference if it is the same, else the whole", async () => {
  const { origin, nodes, first } = await openPair();
  await first.show(2);
  // Another change moves the log, and an expired response is made anew: same bytes, another position.
  await first.live.change({ tags: ["other"] });
  const key = first.live.door.tokens.verify(first.screens[0]!.token, undefined).key;
  await first.live.cache.delete(key);
  await untilShown(nodes, origin);
  const [late] = await first.show(1);
  expect(late!.position).not.toEqual(undefined);
  origin.value = ROWS.with(0, { ...ROWS[0]!, done: true });
  await first.live.change({ tags: ["board"] });
  await untilShown(nodes, origin);
  expect(first.screens.map(({ misfits }) => misfits)).toEqual([0, 0, 0]);
});

test("a node that has never served the route sends what another has made, if many watch there", async () => {
  const { origin, nodes, first, second } = await openPair();
  await first.show(1);
  const [lone] = await second.show(1);
  const { pushes } = second.live.door.hub;
  pushes.drop(second.live.door.tokens.verify(lone!.token, undefined).key);
  await second.show(0);
  const many = await second.show(150);
  pushes.drop(second.live.door.tokens.verify(many[0]!.token, undefined).key);
  const fetches = second.fetches;
  origin.value = ROWS.slice(1);
  await first.live.change({ tags: ["board"] });
  await untilShown(nodes, origin);
  expect(framesOf([second])).toEqual({ delta: 151 });
  expect(second.fetches).toBe(fetches);
  expect(origin.loads).toBe(2);
});

test("a tag that only the new body has is watched from then on, and what moved in between is not missed", async () => {
  const ground = createMemoryGround();
  const origin = createOrigin({ made: 1 }, ["board"]);
  const node = await openNode(ground, origin, { push: true });
  await node.show(2);
  origin.tags = ["board", "board:more"];
  origin.value = { made: 2 };
  origin.slowness = async () => {
    origin.slowness = undefined;
    origin.value = { made: 3 };
    await node.live.change({ tags: ["board:more"] });
  };
  await node.live.change({ tags: ["board"] });
  await untilShown([node], origin);
  origin.value = { made: 4 };
  await node.live.change({ tags: ["board:more"] });
  await untilShown([node], origin);
  expect(framesOf([node])["stale"]).toBeUndefined();
});

test("a connection that watches the same twice has two ids, and is told under both", async () => {
  const { origin, nodes, first } = await openPair();
  const [screen] = await first.show(1);
  const id = screen!.id!;
  const other = await watch(screen!);
  expect(other.id).not.toBe(id);
  origin.value = { made: 2 };
  await first.live.change({ tags: ["board"] });
  await until(() => framesOf(nodes)["body"] === 2, { what: "both", withinMs: 3_000 });
  expect(new Set(screen!.told.map(({ body }) => body.id))).toEqual(new Set([id, other.id]));
});
