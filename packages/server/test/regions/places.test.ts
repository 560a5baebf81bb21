import { seededRandom, until } from "@livecache/rig";
import { LiveError } from "@livecache/wire";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { createTasks } from "../../src/base/tasks.ts";
import { createMemoryGround } from "../../src/memory/ground.ts";
import type { RegionMove, RegionStore } from "../../src/ports/region-store.ts";
import { createPlaces } from "../../src/regions/places.ts";
import type { Places } from "../../src/regions/places.ts";
import { createManualClock } from "../socketio/manual-clock.ts";

const CELLS = ["ttngkc", "ttngkf", "ttngkb", "u4pruy"] as const;

interface Opened {
  readonly places: Places;
  readonly warnings: unknown[];
  reached(): number;
}

function open(store: RegionStore, clock = systemClock): Opened {
  const warnings: unknown[] = [];
  const tasks = createTasks((error) => warnings.push(error));
  let reached = 0;
  const places = createPlaces({
    store,
    node: "n",
    clock,
    tasks,
    onReached: () => reached++,
    warn: (message) => warnings.push(message),
  });
  onTestFinished(places.close);
  return { places, warnings, reached: () => reached };
}

/** Where the store says that sockets are. */
async function placesIn(store: RegionStore, sockets: readonly string[]): Promise<(string | undefined)[]> {
  return Promise.all(sockets.map((socket) => store.find(socket)));
}

const away = (): never => {
  throw new LiveError("LIVE_GROUND_AWAY", "away");
};

/**
 * A network between a node and the store: commands take effect in any order, late, or after the node has given them up; replies get lost.
 */
function shakyStore(store: RegionStore, seed: number) {
  const random = seededRandom(seed);
  const late: RegionMove[] = [];
  let isShaky = true;
  const shaky: RegionStore = {
    ...store,
    async move(move) {
      if (!isShaky) return store.move(move);
      for (let turns = random.integer(6); turns > 0; turns--) await Promise.resolve();
      const fate = random.integer(4);
      if (fate === 0) {
        late.push(move);
        throw new LiveError("LIVE_GROUND_TIMEOUT", "no answer");
      }
      const moved = await store.move(move);
      if (late.length > 0 && random.integer(2) === 0)
        await store.move(late.splice(random.integer(late.length), 1)[0]!);
      if (fate === 1) throw new LiveError("LIVE_GROUND_TIMEOUT", "no answer");
      return moved;
    },
  };
  return {
    shaky,
    /** Everything that was still on its way arrives now, in any order. */
    async calm(): Promise<void> {
      isShaky = false;
      while (late.length > 0) await store.move(late.splice(random.integer(late.length), 1)[0]!);
    },
  };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "over a network that delays, reorders and loses, the ground ends with what is true here (seed %i)",
  async (seed) => {
    const store = createMemoryGround().realm("main").regionStore;
    const { shaky, calm } = shakyStore(store, seed);
    const clock = createManualClock();
    const { places, warnings } = open(shaky, clock);
    const random = seededRandom(seed + 100);
    const sockets = Array.from({ length: 12 }, (_, index) => `s${index}`);
    const alive = new Set(sockets);
    for (let step = 0; step < 600; step++) {
      const socket = random.pick(sockets);
      if (random.integer(60) === 0) {
        alive.delete(socket);
        places.put(socket, undefined);
      } else if (alive.has(socket)) {
        places.put(socket, random.pick(CELLS));
      }
      if (random.integer(5) === 0) clock.advance(500);
      await Promise.resolve();
    }
    await calm();
    const expected = sockets.map((socket) => places.find(socket));
    async function agrees(): Promise<boolean> {
      clock.advance(500);
      const [found, counts] = [await placesIn(store, sockets), await store.count(["", ...CELLS])];
      const sum = counts.slice(1).reduce((total, count) => total + count, 0);
      return JSON.stringify(found) === JSON.stringify(expected) && counts[0] === sum && sum === alive.size;
    }
    await until(agrees, { what: "the ground agrees", withinMs: 3_000 });
    expect([alive.size < 12, warnings]).toEqual([true, []]);
  },
);

test("a location within the cell, and a move, cost the ground nothing and one write", async () => {
  const store = createMemoryGround().realm("main").regionStore;
  let moves = 0;
  const counted: RegionStore = { ...store, move: (move) => (moves++, store.move(move)) };
  const { places } = open(counted);
  places.put("s", CELLS[0], "7");
  await until(() => store.find("s"), { what: "it is written", withinMs: 3_000 });
  places.put("s", CELLS[1], "7");
  await until(async () => (await store.find("s")) === CELLS[1], { what: "it moved", withinMs: 3_000 });
  expect(moves).toBe(2);
});

test("while the ground is away places are known here, and nothing is sent but the question whether it is back", async () => {
  const store = createMemoryGround().realm("main").regionStore;
  let isAway = true;
  let calls = 0;
  const gated: RegionStore = {
    ...store,
    renew: async (lease) => (isAway ? (calls++, away()) : store.renew(lease)),
    move: async (move) => (isAway ? (calls++, away()) : store.move(move)),
  };
  const clock = createManualClock();
  const { places, warnings } = open(gated, clock);
  await Promise.resolve();
  for (let index = 0; index < 1_000; index++) {
    places.put(`s${index}`, CELLS[index % 4]);
    await Promise.resolve();
  }
  expect(calls).toBeLessThanOrEqual(3);
  expect([places.count("ttngk"), places.inCell(CELLS[0]).length, places.find("s3")]).toEqual([
    750,
    250,
    CELLS[3],
  ]);
  isAway = false;
  clock.advance(500);
  await until(async () => (await store.count([""]))[0] === 1_000, { what: "all are told", withinMs: 3_000 });
  expect(warnings).toEqual([]);
});

test("10,000 who leave while the ground is away are remembered for it; one more, and the node begins anew without them", async () => {
  const store = createMemoryGround().realm("main").regionStore;
  let isAway = false;
  const gated: RegionStore = {
    ...store,
    renew: async (lease) => (isAway ? away() : store.renew(lease)),
    move: async (move) => (isAway ? away() : store.move(move)),
  };
  const { places } = open(gated, createManualClock());
  for (let index = 0; index < 10_002; index++) places.put(`s${index}`, CELLS[index % 4]);
  await until(async () => (await store.count([""]))[0] === 10_002, { what: "all are told", withinMs: 5_000 });
  isAway = true;
  for (let index = 0; index < 10_000; index++) places.put(`s${index}`, undefined);
  expect(places.life()).toBe("n.1");
  places.put("s10000", undefined);
  expect(places.life()).toBe("n.2");
  expect(places.count("")).toBe(1);
});

test("every place is told once more within 15 minutes, in case the ground has lost it", async () => {
  const store = createMemoryGround().realm("main").regionStore;
  const moves: RegionMove[] = [];
  const noted: RegionStore = { ...store, move: (move) => (moves.push(move), store.move(move)) };
  const clock = createManualClock();
  const { places, reached } = open(noted, clock);
  places.put("s", CELLS[0], "7");
  await until(() => moves.length === 1, { what: "it is told", withinMs: 3_000 });
  async function pass(ms: number): Promise<void> {
    const before = reached();
    clock.advance(ms);
    await until(() => reached() > before, { what: "a beat", withinMs: 3_000 });
  }
  await pass(14 * 60_000);
  expect(moves).toHaveLength(1);
  await pass(60_000);
  await until(() => moves.length === 2, { what: "it is told again", withinMs: 3_000 });
  expect(moves[1]).toMatchObject({ from: CELLS[0], to: CELLS[0], userId: "7" });
});

test("something that the ground refuses is warned of once, not with every beat", async () => {
  const store = createMemoryGround().realm("main").regionStore;
  let beats = 0;
  const refusing: RegionStore = {
    ...store,
    async renew() {
      beats++;
      throw new LiveError("LIVE_GROUND_REFUSED", "no rights");
    },
  };
  const clock = createManualClock();
  const { warnings } = open(refusing, clock);
  for (const wanted of [2, 3, 4]) {
    await until(() => (clock.advance(500), beats >= wanted), { what: "beats", withinMs: 3_000 });
  }
  expect(warnings).toHaveLength(1);
});

test("closing gives the lease up: nobody of the node is anywhere then", async () => {
  const ground = createMemoryGround();
  const store = ground.realm("main").regionStore;
  const { places } = open(store);
  places.put("s", CELLS[0]);
  await until(() => store.find("s"), { what: "it is written", withinMs: 3_000 });
  await places.close();
  await places.close();
  expect(await store.find("s")).toBeUndefined();
  places.put("late", CELLS[0]);
  expect(places.find("late")).toBeUndefined();
});
