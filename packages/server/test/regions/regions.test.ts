import { expect, test, vi } from "vitest";
import { createMemoryGround } from "../../src/memory/ground.ts";
import { boxOf, neighboursOf } from "../../src/regions/geohash.ts";
import { createManualClock } from "../socketio/manual-clock.ts";
import { startNode } from "./region-site.ts";
import type { RegionNode, Visitor } from "./region-site.ts";

/** The place in Delhi of the seed's example, and its cell. */
const DELHI = [28.7037, 77.2079] as const;
const HERE = "ttngkc";

/** A point in a cell: in its middle, or so many of its widths east of that. */
function pointIn(cell: string, east = 0): readonly [number, number] {
  const { south, west, north, east: eastEdge } = boxOf(cell);
  return [(south + north) / 2, (west + eastEdge) / 2 + (eastEdge - west) * east];
}

const [NORTH, , EAST] = neighboursOf(HERE) as readonly [string, string, string];

/** Two nodes on one ground. */
async function startTwo(): Promise<readonly [RegionNode, RegionNode]> {
  const ground = createMemoryGround();
  return [await startNode(ground), await startNode(ground)];
}

async function tell({ live }: RegionNode, cell: string, text: string): Promise<void> {
  await live.publish("region/:cell", { cell }, "observed", { text });
}

/** Waits until a visitor has been sent a text. */
async function hears(visitor: Visitor, text: string): Promise<void> {
  await vi.waitUntil(() => visitor.got.includes(text), 3_000);
}

test("whoever tells where they are is in the channel of that cell, before the first event and from a cursor on", async () => {
  const [node] = await startTwo();
  const driver = await node.visit({ userId: "7" });
  const reply = await driver.locate(...DELHI);
  expect(reply).toEqual({
    cell: HERE,
    moved: true,
    channel: `region/${HERE}`,
    cursor: expect.stringMatching(/^\w+-\d+$/),
    position: expect.stringMatching(/^\w+\.\d+$/),
  });
  expect([...driver.entered]).toEqual([`region/${HERE}`]);
  await tell(node, HERE, "pothole");
  await hears(driver, "pothole");
  expect(driver.got[0]).toBe(reply);
});

test("whoever moves hears of the new cell and no more of the old one, told by any node", async () => {
  const [one, two] = await startTwo();
  const driver = await one.visit();
  await driver.locate(...pointIn(HERE));
  expect(await driver.locate(...pointIn(EAST))).toMatchObject({ cell: EAST, moved: true });
  await tell(two, HERE, "old");
  await tell(two, EAST, "new");
  await hears(driver, "new");
  expect(driver.got).not.toContain("old");
});

test("whoever stays in their cell, or leaves it by less than a tenth of its size, stays in its channel", async () => {
  const [node] = await startTwo();
  const driver = await node.visit();
  await driver.locate(...pointIn(HERE));
  const stay = { cell: HERE, moved: false };
  expect(await driver.locate(...pointIn(HERE, 0.4))).toEqual(stay);
  expect(await driver.locate(...pointIn(HERE, 0.59))).toEqual(stay);
  expect(await driver.locate(...pointIn(HERE, 0.61))).toMatchObject({ cell: EAST, moved: true });
  expect(await driver.locate(...pointIn(HERE, 0.45))).toEqual({ cell: EAST, moved: false });
  expect(await driver.locate(...pointIn(HERE, 0.39))).toMatchObject({ cell: HERE, moved: true });
  expect([...driver.entered]).toEqual([`region/${HERE}`]);
});

test("near answers who is in the nine cells, on all nodes, without the one who asks", async () => {
  const [one, two] = await startTwo();
  const asks = await one.visit({ userId: "asks" });
  const there = await two.visit({ userId: "there" });
  const nobody = await two.visit();
  const far = await two.visit({ userId: "far" });
  await asks.locate(...pointIn(HERE));
  await there.locate(...pointIn(NORTH));
  await nobody.locate(...pointIn(HERE));
  await far.locate(10, 10);
  await vi.waitUntil(async () => (await asks.near()).cells.length === 2);
  expect(await asks.near({ radius: 1 })).toEqual({
    cell: HERE,
    cells: [
      { cell: HERE, members: [{ socketId: nobody.id }], truncated: false },
      { cell: NORTH, members: [{ socketId: there.id, userId: "there" }], truncated: false },
    ],
    scope: "cluster",
  });
  const own = await asks.near({ radius: 0 });
  expect(own.cells.map(({ cell }) => cell)).toEqual([HERE]);
});

test("near shows nobody in cells whose channel the asker may not join", async () => {
  const [node] = await startTwo();
  const asks = await node.visit({ userId: "asks", barred: [NORTH] });
  const hidden = await node.visit({ userId: "hidden" });
  await asks.locate(...pointIn(HERE));
  await hidden.locate(...pointIn(NORTH));
  expect((await asks.near()).cells).toEqual([]);
  expect((await hidden.near()).cells).toHaveLength(1);
});

test("the server asks who is near a point, who is in a cell, and how many are where", async () => {
  const [one, two] = await startTwo();
  const drivers = await Promise.all([one.visit({ userId: "1" }), two.visit({ userId: "2" }), two.visit()]);
  await drivers[0].locate(...pointIn(HERE));
  await drivers[1].locate(...pointIn(EAST));
  await drivers[2].locate(-33.9, 151.2);
  const { regions } = one.live;
  await vi.waitUntil(async () => (await regions.count("")).count === 3);
  const near = await regions.near({ latitude: DELHI[0], longitude: DELHI[1] });
  expect(near.cells.flatMap(({ members }) => members.map(({ userId }) => userId)).sort()).toEqual(["1", "2"]);
  expect(await regions.members(EAST)).toEqual({
    cell: EAST,
    members: [{ socketId: drivers[1].id, userId: "2" }],
    truncated: false,
    scope: "cluster",
  });
  expect(await regions.count("tt")).toEqual({ count: 2, scope: "cluster" });
  const parts = (await regions.counts("")).counts;
  expect(parts).toEqual({ t: 2, r: 1 });
  const area = { south: 28, north: 29, west: 77, east: 78 };
  const counted = Object.values((await regions.counts(area)).counts);
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(2);
  expect(await regions.of(drivers[1].id)).toBe(EAST);
  expect(await regions.of("nobody")).toBeUndefined();
  expect(regions.cellOf({ latitude: DELHI[0], longitude: DELHI[1] })).toBe(HERE);
  expect(regions.neighbours(HERE)).toContain(EAST);
});

test("whoever disconnects is nowhere, also when they were just moving", async () => {
  const [one, two] = await startTwo();
  const leaver = await one.visit();
  const mover = await one.visit();
  await leaver.locate(...DELHI);
  const moving = mover.locate(...DELHI).catch((error: unknown) => error);
  leaver.disconnect();
  mover.disconnect();
  await moving;
  await vi.waitUntil(async () => (await two.live.regions.count("")).count === 0);
  expect(await two.live.regions.of(leaver.id)).toBeUndefined();
  expect(await one.live.regions.of(mover.id)).toBeUndefined();
});

test("a frame that comes after its socket is gone puts nobody anywhere", async () => {
  const [node] = await startTwo();
  const [late, never] = [await node.visit(), await node.visit()];
  await late.locate(...pointIn(HERE));
  late.disconnect();
  never.disconnect();
  for (const gone of [late, never]) {
    await expect(gone.locate(...pointIn(EAST))).rejects.toMatchObject({ code: "LIVE_CLOSED" });
    expect(await node.live.regions.of(gone.id)).toBeUndefined();
  }
  await vi.waitUntil(async () => (await node.live.regions.count("")).count === 0);
});

test("a cell that is not open refuses whoever comes, who is nowhere then, and may go elsewhere", async () => {
  const [node] = await startTwo();
  const driver = await node.visit({ userId: "7", barred: [EAST] });
  await driver.locate(...pointIn(HERE));
  await expect(driver.locate(...pointIn(EAST))).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
  expect(driver.entered.size).toBe(0);
  await vi.waitUntil(async () => (await node.live.regions.count("")).count === 0);
  await expect(driver.near()).rejects.toMatchObject({ code: "LIVE_FRAME_INVALID" });
  expect(await driver.locate(...pointIn(HERE))).toMatchObject({ cell: HERE, moved: true });
});

test("whoever loses the right to their cell is put out of it, and is nowhere", async () => {
  const people = new Map([["7", { userId: "7", barred: [] as string[] }]]);
  const node = await startNode(undefined, { people });
  const driver = await node.visit(people.get("7"));
  await driver.locate(...DELHI);
  people.set("7", { userId: "7", barred: [HERE] });
  await node.live.change({ identity: "7" });
  await vi.waitUntil(() => driver.got.includes("left"));
  await vi.waitUntil(async () => (await node.live.regions.count("")).count === 0);
  await expect(driver.locate(...DELHI)).rejects.toMatchObject({ code: "LIVE_CHANNEL_REFUSED" });
});

test("the record of a socket says where it was seen last, and in which region it is", async () => {
  const clock = createManualClock();
  const node = await startNode(createMemoryGround({ clock }), { clock });
  const driver = await node.visit({ userId: "7", barred: [EAST] });
  async function recorded() {
    const record = await node.live.sockets.session(driver.id);
    return record && { region: record.currentRegionId, at: record.lastLocation };
  }
  async function untilRecorded(region: string | null, [latitude, longitude]: readonly [number, number]) {
    const expected = { region, at: { latitude, longitude } };
    await vi.waitUntil(async () => {
      clock.advance(1_000);
      return JSON.stringify(await recorded()) === JSON.stringify(expected);
    }, 3_000);
    return recorded();
  }
  await driver.locate(...DELHI);
  await driver.locate(...pointIn(HERE, 0.3));
  expect(await untilRecorded(HERE, pointIn(HERE, 0.3))).toBeDefined();
  await driver.locate(...pointIn(EAST)).catch(() => undefined);
  expect(await untilRecorded(null, pointIn(EAST))).toBeDefined();
});

test("of many locations at once the last counts, and one channel is left in the end", async () => {
  const [node] = await startTwo();
  const driver = await node.visit();
  const cells = [HERE, ...neighboursOf(HERE), HERE, EAST, HERE, NORTH];
  const replies = await Promise.all(cells.map((cell) => driver.locate(...pointIn(cell))));
  expect(replies.at(-1)).toMatchObject({ cell: NORTH, moved: true });
  expect([...driver.entered]).toEqual([`region/${NORTH}`]);
  expect((await node.live.regions.members(NORTH)).members).toHaveLength(1);
  await vi.waitUntil(async () => (await node.live.regions.count("")).count === 1);
  expect(await node.live.regions.count(NORTH)).toMatchObject({ count: 1 });
});

test("there and back again at once leaves the channel joined", async () => {
  const [node] = await startTwo();
  const driver = await node.visit();
  await driver.locate(...pointIn(HERE));
  await Promise.all([driver.locate(...pointIn(EAST)), driver.locate(...pointIn(HERE))]);
  expect([...driver.entered]).toEqual([`region/${HERE}`]);
  await tell(node, HERE, "still here");
  await hears(driver, "still here");
});

test("with 100 channels joined in all, a move takes the place of the cell before; without one it is refused", async () => {
  const [node] = await startTwo();
  const driver = await node.visit();
  await driver.locate(...pointIn(HERE));
  for (let road = 0; road < 99; road++) await driver.ask("join", { channel: `road/${road}` });
  expect(await driver.locate(...pointIn(EAST))).toMatchObject({ cell: EAST, moved: true });
  expect(driver.entered.size).toBe(100);
  const full = await node.visit();
  for (let road = 0; road < 100; road++) await full.ask("join", { channel: `road/${road}` });
  await expect(full.locate(...pointIn(HERE))).rejects.toMatchObject({ code: "LIVE_LIMIT_REACHED" });
  await full.ask("leave", { channel: "road/0" });
  expect(await full.locate(...pointIn(HERE))).toMatchObject({ moved: true });
});

test.each([
  [90, 0],
  [-90, 0],
  [0, 180],
  [0, -180],
])("%d, %d is a place", async (latitude, longitude) => {
  const [node] = await startTwo();
  expect(await (await node.visit()).locate(latitude, longitude)).toMatchObject({ moved: true });
});

test.each([
  [90.000001, 0, '"latitude" to be a number from -90 to 90, received 90.000001'],
  [-91, 0, "received -91"],
  [0, 180.5, '"longitude" to be a number from -180 to 180, received 180.5'],
  [0, -181, "received -181"],
  [Number.NaN, 0, "received NaN"],
  [0, Number.POSITIVE_INFINITY, "received Infinity"],
  ["28.7", 77, "received a string of 4 characters"],
  [28.7, undefined, "received nothing"],
  [null, 77, "received null"],
  [[28], 77, "received a list"],
])("%s, %s is none, and the refusal says why", async (latitude, longitude, message) => {
  const [node] = await startTwo();
  const driver = await node.visit();
  const refusal = driver.locate(latitude, longitude);
  await expect(refusal).rejects.toMatchObject({
    code: "LIVE_FRAME_INVALID",
    message: expect.stringContaining(message),
  });
  expect(driver.entered.size).toBe(0);
});

test.each([undefined, null, "here", 7, [28.7, 77.2], {}, Object.create({ latitude: 1, longitude: 1 })])(
  "locate refuses %j",
  async (request) => {
    const [node] = await startTwo();
    const refusal = (await node.visit()).ask("locate", request);
    await expect(refusal).rejects.toMatchObject({ code: "LIVE_FRAME_INVALID" });
  },
);

test.each([{ radius: 2 }, { radius: -1 }, { radius: "1" }, { radius: 0.5 }, [], "1", null])(
  "near refuses %j",
  async (request) => {
    const [node] = await startTwo();
    const driver = await node.visit();
    await driver.locate(...DELHI);
    await expect(driver.ask("near", request)).rejects.toMatchObject({ code: "LIVE_FRAME_INVALID" });
  },
);

test("near wants to know first where the asker is", async () => {
  const [node] = await startTwo();
  await expect((await node.visit()).near()).rejects.toMatchObject({
    code: "LIVE_FRAME_INVALID",
    message: expect.stringContaining('send "locate" first'),
  });
});

test("questions of the server with bad input are refused, saying what was expected", async () => {
  const { live } = await startNode();
  const { regions } = live;
  const point = { latitude: 1, longitude: 1 };
  const bad: [string, () => unknown, string][] = [
    ["a latitude", () => regions.near({ latitude: 91, longitude: 0 }), "LIVE_INPUT_INVALID"],
    ["a text", () => regions.near({ latitude: "1" as never, longitude: 0 }), "LIVE_INPUT_INVALID"],
    ["no point", () => regions.near(undefined as never), "LIVE_INPUT_INVALID"],
    ["a radius", () => regions.near(point, { radius: 2 as never }), "LIVE_OPTIONS_INVALID"],
    ["an unknown option", () => regions.near(point, { limits: 2 } as never), "LIVE_OPTIONS_INVALID"],
    ["a limit of 0", () => regions.near(point, { limit: 0 }), "LIVE_OPTIONS_INVALID"],
    ["a limit above 10,000", () => regions.members(HERE, { limit: 10_001 }), "LIVE_OPTIONS_INVALID"],
    ["a short cell", () => regions.members("ttn"), "LIVE_INPUT_INVALID"],
    ["a long cell", () => regions.members(`${HERE}0`), "LIVE_INPUT_INVALID"],
    ["a capital cell", () => regions.members("TTNGKC"), "LIVE_INPUT_INVALID"],
    ["a long prefix", () => regions.count(`${HERE}0`), "LIVE_INPUT_INVALID"],
    ["a letter no cell has", () => regions.count("a"), "LIVE_INPUT_INVALID"],
    ["the parts of a whole cell", () => regions.counts(HERE), "LIVE_INPUT_INVALID"],
    [
      "an area upside down",
      () => regions.counts({ south: 1, north: 0, west: 0, east: 1 }),
      "LIVE_INPUT_INVALID",
    ],
    ["half an area", () => regions.counts({ south: 1, north: 2 } as never), "LIVE_INPUT_INVALID"],
    ["no area", () => regions.counts(null as never), "LIVE_INPUT_INVALID"],
    ["no socket", () => regions.of(""), "LIVE_INPUT_INVALID"],
  ];
  const refusals = await Promise.all(
    bad.map(([, ask]) => Promise.resolve(ask()).catch((error: { code?: string }) => error.code)),
  );
  expect(refusals).toEqual(bad.map(([, , code]) => code));
  expect(() => regions.cellOf({ latitude: 0, longitude: 181 })).toThrow(
    /longitude from -180 to 180, received 181/,
  );
  expect(() => regions.neighbours("ttn")).toThrow(/a geohash of 6 letters/);
  await expect(regions.members(HERE, { limit: 10_000 })).resolves.toMatchObject({ members: [] });
  await expect(regions.count(HERE)).resolves.toMatchObject({ count: 0 });
});

test("a near frame is answered 200 members at most, and says that there are more", async () => {
  const [node] = await startTwo();
  const asks = await node.visit();
  await asks.locate(...pointIn(HERE));
  async function come(): Promise<void> {
    await (await node.visit()).locate(...pointIn(HERE));
  }
  for (let index = 0; index < 200; index++) await come();
  const full = (await asks.near()).cells[0]!;
  expect([full.members.length, full.truncated]).toEqual([200, false]);
  await come();
  const more = (await asks.near()).cells[0]!;
  expect([more.members.length, more.truncated]).toEqual([200, true]);
});
