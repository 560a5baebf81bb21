import { createLive, defineContract, systemClock } from "livecache";
import type { Live } from "livecache";
import { openRedis } from "livecache/redis";
import { createClient } from "redis";
import { ONLY_CURRENT, mayLag } from "./history.ts";
import type { ReadRecord, WriteRecord } from "./history.ts";
import { RACE_VALUES, planRace } from "./race-plan.ts";
import type { PlannedRead, PlannedWrite, Racer } from "./race-plan.ts";

const anything = {
  "~standard": { version: 1, vendor: "rig", validate: (value: unknown) => ({ value }) },
} as const;
const contract = defineContract({ channels: { "race/:seed": { events: { moved: anything } } } });

/** What one process did and saw in one interleaving. */
export interface RaceShare {
  readonly writes: readonly WriteRecord[];
  readonly reads: readonly ReadRecord[];
  readonly loads: number;
}

/** One process of a race: an instance of Livecache, and the origin that both processes share. */
export interface Racing {
  /** Takes part in the interleaving of `seed`, which starts at `startsAtMs` of the machine's monotonic clock. */
  run(seed: number, startsAtMs: number): Promise<RaceShare>;
  close(): Promise<void>;
}

/** The machine's monotonic clock in milliseconds: the same for all processes. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Opens one process's part of the race. The rows are counters in the same Redis, under keys that Livecache does not use. */
export async function openRacer(node: Racer, redisUrl: string): Promise<Racing> {
  const origin = createClient({ url: redisUrl });
  origin.on("error", () => undefined);
  await origin.connect();
  const live = createLive({
    ground: await openRedis(redisUrl),
    contract,
    authorize: { "race/:seed": () => true },
    secret: "0123456789abcdef0123456789abcdef",
  });
  const listeners = new Map<string, (after: { row: string; version: number }) => void>();
  live.door.hub.addBroadcaster({
    event: (_name, data, { channel }) => listeners.get(channel)?.(data as { row: string; version: number }),
  });

  const rows: Origin = {
    async increment(seed, row) {
      return origin.incr(`origin:${seed}:${row}`);
    },
    async read(seed, names) {
      const found = await origin.mGet(names.map((row) => `origin:${seed}:${row}`));
      return Object.fromEntries(names.map((row, index) => [row, Number(found[index] ?? 0)]));
    },
  };

  return {
    async run(seed, startsAtMs) {
      const share = createShare({ node, live, rows, seed });
      const channel = `race/${seed}`;
      const caused: Promise<void>[] = [];
      const nothing = (): void => undefined;
      listeners.set(channel, (after) => {
        const value = Object.keys(RACE_VALUES).find((name) => RACE_VALUES[name]!.includes(after.row))!;
        caused.push(share.read({ value, slowMs: [0, 0] }, { ...after, fenced: false }));
      });
      const connection = live.door.hub.connect(undefined, {
        stale: nothing,
        resync: nothing,
        enter: nothing,
        exit: nothing,
      });
      await connection.join({ channel });
      const plan = planRace(seed);
      const mine = <T extends { node: Racer }>(actions: readonly T[]) =>
        actions.filter((action) => action.node === node);
      await Promise.all([
        ...mine(plan.writes).map(async (write) => {
          await until(startsAtMs + write.atMs);
          await share.write(write);
        }),
        ...mine(plan.reads).map(async (read) => {
          await until(startsAtMs + read.atMs);
          await share.read(read);
        }),
      ]);
      await Promise.all(caused);
      connection.close();
      listeners.delete(channel);
      return share.done();
    },
    async close() {
      await live.close();
      await origin.close();
    },
  };
}

/** The rows that values are made from. */
interface Origin {
  increment(seed: number, row: string): Promise<number>;
  read(seed: number, rows: readonly string[]): Promise<Record<string, number>>;
}

interface Share {
  write(planned: PlannedWrite): Promise<void>;
  read(planned: Pick<PlannedRead, "value" | "slowMs">, after?: ReadRecord["after"]): Promise<void>;
  done(): RaceShare;
}

function until(atMs: number): Promise<void> {
  return new Promise((resolve) => void systemClock.after(atMs - machineMs(), resolve));
}

function createShare(parts: { node: Racer; live: Live<typeof contract>; rows: Origin; seed: number }): Share {
  const { node, live, rows, seed } = parts;
  const writes: WriteRecord[] = [];
  const reads: ReadRecord[] = [];
  let loads = 0;

  const read: Share["read"] = async ({ value, slowMs }, after) => {
    const names = RACE_VALUES[value]!;
    const beganAtMs = machineMs();
    const resolved = await live.door.cache.resolve<Record<string, number>>({
      key: `race:${seed}:${value}`,
      codec: {
        encode: (data) => Buffer.from(JSON.stringify(data)),
        decode: (bytes) => JSON.parse(String(bytes)),
      },
      load: async () => {
        loads++;
        await until(machineMs() + slowMs[0]);
        const versions = await rows.read(seed, names);
        await until(machineMs() + slowMs[1]);
        return {
          store: true,
          value: versions,
          ttlMs: 60_000,
          tags: names.map((row) => `row:${seed}:${row}`),
        };
      },
    });
    const { value: versions, reason } = resolved;
    const judged = { reason, mayLag: mayLag(resolved), accepts: ONLY_CURRENT, behindFence: false };
    reads.push({ node, key: value, beganAtMs, versions, after, ...judged });
  };

  return {
    read,
    async write({ row, applied, readBack }) {
      const version = await rows.increment(seed, row);
      const emit = [live.event("race/:seed", { seed }, "moved", { row, version })];
      const result = await live.change({
        tags: [`row:${seed}:${row}`],
        emit,
        ...(applied ? { wait: "applied" } : {}),
      });
      const told = result.pending ? { toldHereAtMs: machineMs() } : { toldAtMs: machineMs() };
      writes.push({ row, version, node, mode: "purge", applied: applied && !result.pending, ...told });
      if (readBack) await read({ value: "both", slowMs: [0, 1] }, { row, version, fenced: false });
    },
    done: () => ({ writes, reads, loads }),
  };
}
