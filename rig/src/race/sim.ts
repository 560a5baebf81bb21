import type { Feature } from "./features.ts";
import type { Counts } from "./figures.ts";
import { findStale } from "./history.ts";
import type { After, StaleRead } from "./history.ts";
import { silentPeer } from "./silent-peer.ts";
import type { SimClock } from "./sim-clock.ts";
import { pause, read } from "./sim-read.ts";
import { createWorld } from "./sim-world.ts";
import type { SimNode, SimOptions, World } from "./sim-world.ts";
import { write } from "./sim-write.ts";

/** What one simulated interleaving came to. */
export interface SimOutcome {
  readonly seed: number;
  readonly features: readonly Feature[];
  readonly stale: readonly StaleRead[];
  readonly counts: Counts;
}

/** Longest that one interleaving may take, in simulated milliseconds; what is then unfinished hangs. */
const HORIZON_MS = 60_000;
const LEASE_MS = 1_000;

/**
 * Runs one interleaving of slow loads, changes, fenced reads and event-caused reads over some nodes on one shared ground, in
 * simulated time, with the features that its seed draws or `options` name. Equal seeds give equal interleavings.
 *
 * @throws Error when something hangs beyond the horizon
 */
export async function simulate(seed: number, options: SimOptions = {}): Promise<SimOutcome> {
  const world = createWorld(seed, options);
  const { clock, random, nodes, features, counts } = world;
  const follow = await settle(clock, Promise.all(nodes.map((node) => followEvents(world, node))));
  const spanMs = random.pick([60, 200, 200, 3_000]);
  const some = (count: number, withinMs: number, act: () => Promise<void>): Promise<void>[] =>
    Array.from({ length: count }, () => later(world, withinMs, act));
  const actors = [
    ...some(1 + random.integer(4), spanMs, () => write(world)),
    ...some(4 + random.integer(8), spanMs * 1.3, () => read(world, { node: random.pick(nodes) })),
    ...some(features.has("epoch") ? 1 : 0, spanMs, () => renewEpoch(world)),
  ];
  await settle(
    clock,
    Promise.all(actors).then(() => Promise.all(follow.map((caused) => caused()))),
  );
  await settle(clock, Promise.all(nodes.map(({ live }) => live.close())));
  counts.writes = world.writes.length;
  return { seed, features: [...features], stale: findStale(world.writes, world.reads, LEASE_MS), counts };
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

/** As a ground does that has lost data. */
async function renewEpoch({ realm: { changeLog } }: World): Promise<void> {
  const { epoch } = await changeLog.position();
  await changeLog.renewEpoch(epoch);
}

/** Joins both channels on a node; every event makes the node read. The answer waits for the reads caused so far. */
async function followEvents(world: World, node: SimNode): Promise<() => Promise<unknown>> {
  const { hub } = node.live.door;
  const caused: Promise<void>[] = [];
  hub.addBroadcaster({
    send({ frame, args: [data] }) {
      if (frame === "resync") return;
      const moved = data as Pick<After, "row" | "version" | "mode">;
      // What a lagging replica says does not become newer by an event.
      const after = world.features.has("again") ? undefined : { ...moved, fenced: false };
      caused.push(read(world, { node, after }));
    },
  });
  const nothing = (): void => undefined;
  const connection = hub.connect(silentPeer("racer"));
  for (const row of ["1", "2"]) {
    await connection.frames.join({ channel: `rows/${row}` }, nothing).catch(nothing);
  }
  return () => Promise.all(caused);
}
