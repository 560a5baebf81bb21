import { createLive, createMemoryGround } from "livecache";
import type { Ground, Realm } from "livecache";
import { seededRandom } from "../random.ts";
import type { SeededRandom } from "../random.ts";
import type { Feature } from "./features.ts";
import { drawFeatures } from "./features.ts";
import { createCounts } from "./figures.ts";
import type { Counts } from "./figures.ts";
import type { ReadRecord, WriteRecord } from "./history.ts";
import { PLANTS } from "./plants.ts";
import type { Plant, Planted } from "./plants.ts";
import { KEYS, askOf, contract } from "./sim-ask.ts";
import type { AskOf, SimLive, ValueKey } from "./sim-ask.ts";
import { createSimClock } from "./sim-clock.ts";
import type { SimClock } from "./sim-clock.ts";
import { linkTo } from "./sim-ground.ts";
import type { LinkOptions, Span } from "./sim-ground.ts";
import { createOrigin } from "./sim-origin.ts";
import type { Origin } from "./sim-origin.ts";

/** How one interleaving is to be made. */
export interface SimOptions {
  /** Default: drawn from the seed. */
  readonly features?: readonly Feature[] | undefined;
  readonly plant?: Plant | undefined;
}

/** One node, and how its readers ask. */
export interface SimNode {
  readonly name: string;
  readonly live: SimLive;
  readonly ask: AskOf;
}

/** A write whose change is to be said once more; what it promises holds from then on. */
export type Awaited = Pick<WriteRecord, "row" | "version" | "node" | "mode">;

/** Everything that takes part in one interleaving. */
export interface World {
  readonly clock: SimClock;
  readonly random: SeededRandom;
  readonly features: ReadonlySet<Feature>;
  readonly nodes: readonly SimNode[];
  /** The ground that all nodes share, without any link. */
  readonly realm: Realm;
  readonly origin: Origin;
  readonly writes: WriteRecord[];
  readonly reads: ReadRecord[];
  /** When the values were stored at the latest, by the number that each carries. */
  readonly stored: Map<number, { byMs: number; readonly ttlMs: number }>;
  readonly awaited: Awaited[];
  readonly counts: Counts;
  readonly ttlMs: number;
  /** The values that most reads are of. */
  readonly keys: readonly ValueKey[];
  /** Sets of the same key follow each other: which of two at once comes out on top is for the ground to say. */
  settled: Promise<void>;
  /** The simulated time, made strictly increasing so that what happens in one instant still has an order. */
  readonly instant: () => number;
}

const LAG_MS = 40;
const SHORT_TTLS_MS = [20, 60, 150, 600];
const LONG_TTL_MS = 3_600_000;
/** Features that come to nothing while no TTL ends. */
const AGEING: readonly Feature[] = ["short-ttl", "swr", "grace", "timeouts", "refresh"];

/** More tags than a node remembers. */
let ballast: readonly string[] | undefined;
function ballastOf(features: ReadonlySet<Feature>): readonly string[] {
  if (!features.has("tiny-board")) return [];
  return (ballast ??= Array.from({ length: 100_000 }, (_, index) => `ballast${index}`));
}

/** Makes the world of a seed. Equal seeds and options make equal worlds. */
export function createWorld(seed: number, { features: fixed, plant }: SimOptions): World {
  const random = seededRandom(seed);
  const drawn = drawFeatures(random);
  const planted: Planted | undefined = plant && PLANTS[plant];
  const features = new Set(fixed ?? planted?.features ?? drawn);
  const clock = createSimClock();
  const ground = createGround({ clock, random, features, planted });
  const lossPerMille = features.has("loss") ? random.pick([30, 100]) : 0;
  const world: World = {
    ...{ clock, random, features },
    nodes: (features.has("three-nodes") ? ["a", "b", "c"] : ["a", "b"]).map((name) => {
      const link = {
        clock,
        random,
        lossPerMille,
        ballast: ballastOf(features),
        ...drawSilences(features, random),
      };
      const onAppended: LinkOptions["onAppended"] = (change) => noteAgain(world, name, change);
      const count: LinkOptions["count"] = (what) => void world.counts[what]++;
      const linked = linkTo(ground, { ...link, onAppended, count });
      const live = openNode(withPlant(linked, planted?.node, clock), { clock, features });
      return { name, live, ask: (planted?.ask ?? ((ask) => ask))(askOf(live)) };
    }),
    realm: ground.realm("main"),
    origin: createOrigin(clock, features.has("again") ? LAG_MS : 0),
    writes: [],
    reads: [],
    stored: new Map(),
    awaited: [],
    counts: createCounts(),
    ttlMs: AGEING.some((feature) => features.has(feature)) ? random.pick(SHORT_TTLS_MS) : LONG_TTL_MS,
    keys: drawKeys(features, random),
    settled: Promise.resolve(),
    instant: createInstant(clock),
  };
  return world;
}

/** Few keys meet more often. */
function drawKeys(features: ReadonlySet<Feature>, random: SeededRandom): readonly ValueKey[] {
  const count = random.pick([1, 1, 2, 3]);
  const keys = Array.from({ length: count }, () => random.pick(KEYS.slice(0, -1)));
  return features.has("set") ? [...keys, KEYS.at(-1)!] : keys;
}

function createInstant(clock: SimClock): () => number {
  let ticks = 0;
  return () => clock.now() + ++ticks * 1e-7;
}

function createGround(
  parts: Pick<World, "clock" | "random" | "features"> & { planted: Planted | undefined },
): Ground {
  const { clock, random, features, planted } = parts;
  const ground = createMemoryGround({
    clock,
    ...(features.has("evict-tags") ? { maxTags: random.pick([6, 9, 12]) } : {}),
    ...(features.has("evict-entries") ? { maxBytes: random.pick([300, 550]) } : {}),
  });
  return withPlant(ground, planted?.ground, clock);
}

function withPlant(ground: Ground, plant: Planted["ground"], clock: SimClock): Ground {
  if (!plant) return ground;
  const realm = plant(ground.realm("main"), clock);
  return { ...ground, realm: () => realm };
}

function drawSilences(features: ReadonlySet<Feature>, random: SeededRandom) {
  const span = (feature: Feature, longestMs: number): Span | undefined => {
    if (!features.has(feature) || random.integer(2) === 0) return undefined;
    const fromMs = random.next() * 300;
    return { fromMs, untilMs: fromMs + random.next() * longestMs };
  };
  const cut = span("cut", 4_000) ?? span("restart", 400);
  return { cut, away: span("away", 2_000), restarts: features.has("restart") };
}

function openNode(
  ground: Ground,
  { clock, features }: { readonly clock: SimClock; readonly features: ReadonlySet<Feature> },
): SimLive {
  return createLive({
    ground,
    contract,
    authorize: { "rows/:row": () => true },
    secret: "0123456789abcdef0123456789abcdef",
    logger: { warn: () => undefined },
    ...(features.has("tiny-near") ? { near: { maxBytes: 1_024 } } : {}),
    clock,
  });
}

/** A change without events, of a row whose writes are said twice, is the second saying of the oldest one that waits for it. */
function noteAgain(world: World, node: string, change: Parameters<LinkOptions["onAppended"]>[0]): void {
  if (change.events.length > 0) return;
  const { awaited, writes, clock } = world;
  const isOf = (write: Awaited): boolean =>
    write.node === node && write.mode === change.mode && change.tags.includes(`row:${write.row}`);
  const index = awaited.findIndex(isOf);
  if (index < 0) return;
  const [write] = awaited.splice(index, 1);
  writes.push({ ...write!, toldAtMs: clock.now() + 1, applied: false });
}
