import { createLive, createMemoryGround, defineContract } from "livecache";
import type { Live, Position } from "livecache";
import { seededRandom } from "../random.ts";
import type { SeededRandom } from "../random.ts";
import { findStale, mayLag } from "./history.ts";
import type { ReadRecord, StaleRead, WriteRecord } from "./history.ts";
import { createSimClock } from "./sim-clock.ts";
import type { SimClock } from "./sim-clock.ts";
import { linkTo } from "./sim-ground.ts";
import type { Plant } from "./sim-ground.ts";

/** What one simulated interleaving came to. */
export interface SimOutcome {
  readonly seed: number;
  readonly stale: readonly StaleRead[];
  readonly reads: number;
  readonly writes: number;
  readonly loads: number;
}

/** Longest that one interleaving may take, in simulated milliseconds; what is then unfinished hangs. */
const HORIZON_MS = 60_000;
const LEASE_MS = 1_000;
const NODES = ["a", "b"] as const;
type NodeName = (typeof NODES)[number];

/** The values under test, and the rows that each is made from. */
const VALUES = { "row:1": ["1"], "list:all": ["1", "2"], "list:second": ["2"] } as const;
type ValueKey = keyof typeof VALUES;
const KEYS = Object.keys(VALUES) as ValueKey[];

const anything = {
  "~standard": { version: 1, vendor: "rig", validate: (value: unknown) => ({ value }) },
} as const;
const contract = defineContract({ channels: { "rows/:row": { events: { moved: anything } } } });
type SimLive = Live<typeof contract>;

interface World {
  readonly clock: SimClock;
  readonly random: SeededRandom;
  readonly lives: Readonly<Record<NodeName, SimLive>>;
  readonly rows: Map<string, number>;
  readonly writes: WriteRecord[];
  readonly reads: ReadRecord[];
  loads: number;
  /** The simulated time, made strictly increasing so that what happens in one instant still has an order. */
  readonly instant: () => number;
}

/**
 * Runs one interleaving of slow loads, changes, fenced reads and event-caused reads over two nodes on one shared ground, in
 * simulated time. Equal seeds give equal interleavings.
 *
 * @throws Error when something hangs beyond the horizon
 */
export async function simulate(seed: number, plant?: Plant): Promise<SimOutcome> {
  const world = createWorld(seed, plant);
  const { clock, random, lives } = world;
  const follow = await settle(clock, Promise.all(NODES.map((node) => followEvents(world, node))));
  const spanMs = random.pick([60, 200, 200, 3_000]);
  const actors = [
    ...Array.from({ length: 1 + random.integer(4) }, () => later(world, spanMs, () => write(world))),
    ...Array.from({ length: 4 + random.integer(8) }, () =>
      later(world, spanMs * 1.3, () => read(world, { node: random.pick(NODES) })),
    ),
  ];
  await settle(
    clock,
    Promise.all(actors).then(() => Promise.all(follow.map((caused) => caused()))),
  );
  await settle(clock, Promise.all(NODES.map((node) => lives[node].close())));
  const stale = findStale(world.writes, world.reads, LEASE_MS);
  return { seed, stale, reads: world.reads.length, writes: world.writes.length, loads: world.loads };
}

function createWorld(seed: number, plant: Plant | undefined): World {
  const random = seededRandom(seed);
  const clock = createSimClock();
  const ground = createMemoryGround({ clock });
  const lossPerMille = random.pick([0, 0, 0, 30]);
  const open = (): SimLive => {
    const cutFromMs = random.integer(3) === 0 ? random.next() * 500 : Number.POSITIVE_INFINITY;
    const cutUntilMs = cutFromMs + random.next() * 4_000;
    const cut = (): boolean => clock.now() >= cutFromMs && clock.now() < cutUntilMs;
    return createLive({
      ground: linkTo(ground, { clock, random, plant, lossPerMille, cut }),
      contract,
      authorize: { "rows/:row": () => true },
      secret: "0123456789abcdef0123456789abcdef",
      logger: { warn: () => undefined },
      clock,
    });
  };
  let ticks = 0;
  return {
    clock,
    random,
    lives: { a: open(), b: open() },
    rows: new Map([
      ["1", 0],
      ["2", 0],
    ]),
    writes: [],
    reads: [],
    loads: 0,
    instant: () => clock.now() + ++ticks * 1e-7,
  };
}

/** Moves time until `work` has ended. */
async function settle<T>(clock: SimClock, work: Promise<T>): Promise<T> {
  let ended = false;
  const noted = work.finally(() => {
    ended = true;
  });
  noted.catch(() => undefined);
  await clock.run(clock.now() + HORIZON_MS, () => ended);
  if (!ended) throw new Error(`still unfinished after ${HORIZON_MS} simulated ms`);
  return noted;
}

async function later(world: World, spanMs: number, act: () => Promise<void>): Promise<void> {
  await pause(world, world.random.next() * spanMs);
  await act();
}

function pause({ clock }: World, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

async function write(world: World): Promise<void> {
  const { random, lives, rows, instant } = world;
  const node = random.pick(NODES);
  const row = random.pick(["1", "2"]);
  const applied = random.integer(3) === 0;
  const version = rows.get(row)! + 1;
  rows.set(row, version);
  const live = lives[node];
  const emit = [live.event("rows/:row", { row }, "moved", { row, version })];
  const result = await live.change({ tags: [`row:${row}`], emit, ...(applied ? { wait: "applied" } : {}) });
  const told = instant();
  if (result.pending) {
    world.writes.push({ row, version, node, toldHereAtMs: told, applied: false });
    return;
  }
  world.writes.push({ row, version, node, toldAtMs: told, applied });
  if (random.integer(2) === 0) {
    await read(world, { node: random.pick(NODES), after: { row, version } }, result.position);
  }
}

async function read(
  world: World,
  cause: { node: NodeName; after?: ReadRecord["after"] },
  fence?: Position,
): Promise<void> {
  const { random, lives, reads, instant } = world;
  const usable = KEYS.filter(
    (key) => !cause.after || (VALUES[key] as readonly string[]).includes(cause.after.row),
  );
  const key = random.pick(usable);
  const beganAtMs = instant();
  const resolved = await lives[cause.node].door.cache.resolve<ReadRecord["versions"]>({
    key,
    fence,
    codec: {
      encode: (value) => Buffer.from(JSON.stringify(value)),
      decode: (bytes) => JSON.parse(String(bytes)),
    },
    load: async () => {
      world.loads++;
      await pause(world, random.next() * 30);
      const versions = Object.fromEntries(VALUES[key].map((row) => [row, world.rows.get(row)!]));
      await pause(world, random.next() * random.pick([5, 60]));
      return { store: true, value: versions, ttlMs: 3_600_000, tags: VALUES[key].map((row) => `row:${row}`) };
    },
  });
  reads.push({ ...cause, beganAtMs, versions: resolved.value, mayLag: mayLag(resolved) });
}

/** Joins both channels on a node; every event makes the node read. The answer waits for the reads caused so far. */
async function followEvents(world: World, node: NodeName): Promise<() => Promise<unknown>> {
  const { hub } = world.lives[node].door;
  const caused: Promise<void>[] = [];
  hub.addBroadcaster({
    event(_name, data) {
      const after = data as { row: string; version: number };
      caused.push(read(world, { node, after }));
    },
  });
  const nothing = (): void => undefined;
  const connection = hub.connect(undefined, {
    stale: nothing,
    resync: nothing,
    enter: nothing,
    exit: nothing,
  });
  for (const row of ["1", "2"]) await connection.join({ channel: `rows/${row}` }).catch(nothing);
  return () => Promise.all(caused);
}
