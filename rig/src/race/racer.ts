import { reaches } from "@livecache/wire";
import { createLive, defineContract, isLiveError, systemClock } from "livecache";
import type { Live, Position } from "livecache";
import { openRedis } from "livecache/redis";
import { createClient } from "redis";
import { machineMs } from "../machine-ms.ts";
import { mayLag } from "./history.ts";
import type { After, ReadRecord, WriteRecord } from "./history.ts";
import { RACE_VALUES, planRace } from "./race-plan.ts";
import type { PlannedRead, PlannedWrite, RacePlan, Racer } from "./race-plan.ts";
import { silentPeer } from "./silent-peer.ts";

const anything = {
  "~standard": { version: 1, vendor: "rig", validate: (value: unknown) => ({ value }) },
} as const;
const contract = defineContract({ channels: { "race/:seed": { events: { moved: anything } } } });

/** What one process did and saw in one interleaving. */
export interface RaceShare {
  readonly writes: readonly WriteRecord[];
  readonly reads: readonly ReadRecord[];
  readonly loads: number;
  readonly refreshes: number;
  readonly failed: number;
}

/** One process of a race: an instance of Livecache, and the origin that both processes share. */
export interface Racing {
  /** Takes part in the interleaving of `seed`, which starts at `startsAtMs` of the machine's monotonic clock. */
  run(seed: number, startsAtMs: number): Promise<RaceShare>;
  close(): Promise<void>;
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
  const listeners = new Map<string, (after: Moved) => void>();
  live.door.hub.addBroadcaster({
    send({ channel, frame, args: [data] }) {
      if (frame !== "resync") listeners.get(channel)?.(data as Moved);
    },
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
      const plan = planRace(seed);
      const share = createShare({ node, live, rows, plan });
      const channel = `race/${seed}`;
      const caused: Promise<void>[] = [];
      listeners.set(channel, (after) => {
        const value = Object.keys(RACE_VALUES).find((name) => RACE_VALUES[name]!.includes(after.row))!;
        const { causedWish: wish } = plan;
        caused.push(share.read({ value, slowMs: [0, 0], wish }, { after: { ...after, fenced: false } }));
      });
      const connection = live.door.hub.connect(silentPeer(`racer-${seed}`));
      // On a machine that is busy Redis may answer too late; then this node hears no events this time.
      await connection.frames
        .join({ channel }, () => undefined)
        .catch((error: unknown) => {
          if (!isLiveError(error) || !error.retryable) throw error;
        });
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

/** The event of a write. */
type Moved = Pick<After, "row" | "version" | "mode">;

interface Share {
  write(planned: PlannedWrite): Promise<void>;
  read(planned: Pick<PlannedRead, "value" | "slowMs" | "wish">, cause?: Cause): Promise<void>;
  done(): RaceShare;
}

/** What a reader comes with. */
interface Cause {
  readonly after: After;
  readonly fence?: Position;
}

type RaceLive = Live<typeof contract>;
type Versions = Record<string, number>;

function until(atMs: number): Promise<void> {
  return new Promise((resolve) => void systemClock.after(atMs - machineMs(), resolve));
}

const ORIGIN_DOWN = "planned: the origin is down";

function isExpected(error: unknown): boolean {
  if (isLiveError(error)) return error.code === "LIVE_LOAD_TIMEOUT";
  return error instanceof Error && error.message === ORIGIN_DOWN;
}

function createShare(parts: { node: Racer; live: RaceLive; rows: Origin; plan: RacePlan }): Share {
  const { node, live, rows, plan } = parts;
  const { seed, features, causedWish } = plan;
  const writes: WriteRecord[] = [];
  const reads: ReadRecord[] = [];
  const counts = { loads: 0, refreshes: 0, failed: 0 };
  const keyOf = (value: string): string => `race:${seed}:${value}`;
  const isLate = features.includes("late-tags");

  async function load(
    { value, slowMs, wish }: Parameters<Share["read"]>[0],
    isBackground: boolean,
  ): Promise<Loaded> {
    counts.loads++;
    if (isBackground) counts.refreshes++;
    await until(machineMs() + slowMs[0]);
    if (wish.ends === "failed") throw new Error(ORIGIN_DOWN);
    const all = await rows.read(seed, RACE_VALUES[value]!);
    // What belongs to the value is read from its first row.
    const names = isLate && value === "both" && all["1"]! % 2 === 1 ? ["1"] : RACE_VALUES[value]!;
    await until(machineMs() + slowMs[1]);
    const versions = Object.fromEntries(names.map((row) => [row, all[row]!]));
    if (wish.ends === "unstored") return { store: false, isPrivate: false, value: versions };
    const tags = names.map((row) => `row:${seed}:${row}`);
    return { store: true, value: versions, ttlMs: wish.ttlMs, tags };
  }

  const read: Share["read"] = async (planned, cause) => {
    const { value: key, wish } = planned;
    const { freshness } = wish;
    const beganAtMs = machineMs();
    const request = {
      key: keyOf(key),
      fence: cause?.fence,
      freshness,
      codec: {
        encode: (data: Versions) => Buffer.from(JSON.stringify(data)),
        decode: (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()) as Versions,
      },
      load: ({ isBackground }: { readonly isBackground: boolean }) => load(planned, isBackground),
    };
    try {
      const { value: versions, reason, source, position } = await live.door.cache.resolve<Versions>(request);
      const behindFence = cause?.fence !== undefined && !(position && reaches(position, cause.fence));
      const { consistency, swrMs, graceMs, softTimeoutMs, hardTimeoutMs } = freshness;
      const isHasty = (softTimeoutMs ?? hardTimeoutMs) !== undefined;
      const accepts = { fresh: consistency === "fresh", swrMs, graceMs, isHasty };
      const judged = { reason, mayLag: mayLag({ source, reason }), accepts, behindFence };
      reads.push({ node, key, beganAtMs, versions, after: cause?.after, ...judged });
    } catch (error) {
      if (!isExpected(error)) throw error;
      counts.failed++;
    }
  };

  return {
    read,
    async write(planned) {
      const { row, readBack } = planned;
      const version = await rows.increment(seed, row);
      const { pending, position, keys, mode, applied } = await tell({ live, seed }, planned, version);
      const told = pending ? { toldHereAtMs: machineMs() } : { toldAtMs: machineMs() };
      writes.push({ row, version, node, mode, keys, applied, ...told });
      if (!readBack || keys || !position) return;
      const after = { row, version, mode, fenced: true };
      await read({ value: "both", slowMs: [0, 1], wish: causedWish }, { after, fence: position });
    },
    done: () => ({ writes, reads, ...counts }),
  };
}

/** Tells of a write, as it was planned. */
async function tell(
  { live, seed }: { readonly live: RaceLive; readonly seed: number },
  { row, told, applied }: PlannedWrite,
  version: number,
): Promise<Told> {
  if (told === "delete" || told === "pattern") {
    const values = Object.keys(RACE_VALUES).filter((value) => RACE_VALUES[value]!.includes(row));
    const keys = told === "delete" ? values.slice(0, 1) : values;
    await (told === "delete"
      ? live.cache.delete(`race:${seed}:${keys[0]!}`)
      : live.cache.deletePattern(`race:${seed}:*`));
    // What voids keys does not say whether it waits for the ground; what is told after it would wait too.
    const { pending, position } = await live.change({});
    return { pending, position, keys, mode: "purge", applied: false };
  }
  const { pending, position } = await live.change({
    tags: [`row:${seed}:${row}`],
    emit: [live.event("race/:seed", { seed }, "moved", { row, version, mode: told })],
    mode: told,
    ...(applied ? { wait: "applied" } : {}),
  });
  return { pending, position, mode: told, applied: applied && !pending };
}

/** What a load comes to. */
type Loaded =
  | {
      readonly store: true;
      readonly value: Versions;
      readonly ttlMs: number;
      readonly tags: readonly string[];
    }
  | { readonly store: false; readonly isPrivate: false; readonly value: Versions };

/** How a write was told. */
interface Told extends Pick<WriteRecord, "mode" | "applied" | "keys"> {
  readonly pending: boolean;
  readonly position?: Position | undefined;
}
