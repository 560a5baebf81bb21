import { isLiveError } from "livecache";
import type { Position } from "livecache";
import { reaches } from "@livecache/wire";
import type { Feature } from "./features.ts";
import { mayLag } from "./history.ts";
import type { Accepted, ReadRecord } from "./history.ts";
import { KEYS, VALUES, codec } from "./sim-ask.ts";
import type { SimAnswer, SimLoaded, SimRequest, ValueKey } from "./sim-ask.ts";
import type { SimNode, World } from "./sim-world.ts";

/** Longest time that a value's way to the ground and back to a node adds to its TTL: two slow trips. */
const SLACK_MS = 81;

const ORIGIN_DOWN = "simulated: the origin is down";

/** Why a read takes place. */
export interface ReadCause {
  readonly node: SimNode;
  readonly after?: ReadRecord["after"];
  readonly fence?: Position | undefined;
}

/** Resolves after simulated time. */
export function pause({ clock }: Pick<World, "clock">, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

/** Reads one value on one node, as a reader with wishes drawn from the seed, and records the answer. */
export async function read(world: World, cause: ReadCause): Promise<void> {
  const { random, reads, instant, counts } = world;
  const { node, after, fence } = cause;
  const key = random.pick(keysFor(world, after));
  const freshness = drawFreshness(world);
  const how = random.pick(freshness.consistency === "fresh" ? HOW_FRESH : HOW);
  const beganAtMs = instant();
  const request: SimRequest = { key, fence, codec, freshness, load: (context) => load(world, key, context) };
  let answer: SimAnswer | undefined;
  try {
    answer = await node.ask(request, how);
  } catch (error) {
    if (!isExpected(error)) throw error;
    counts.failed++;
    return;
  }
  if (!answer) return;
  const { value, reason, position } = answer;
  counts.reads++;
  counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
  const behindFence = fence !== undefined && !(position && reaches(position, fence));
  const accepts: Accepted = {
    fresh: freshness.consistency === "fresh",
    ...{ swrMs: freshness.swrMs, graceMs: freshness.graceMs },
    isHasty: (freshness.softTimeoutMs ?? freshness.hardTimeoutMs) !== undefined,
  };
  const stored = world.stored.get(value.id);
  const { versions } = value;
  const record = { node: node.name, key, beganAtMs, versions, after, reason, accepts, behindFence, stored };
  reads.push({ ...record, mayLag: mayLag(answer) });
}

const HOW = ["peek", "peek", "peek", "resolve", "resolve", "resolve", "find"] as const;
const HOW_FRESH = ["resolve"] as const;

function isExpected(error: unknown): boolean {
  if (isLiveError(error)) return error.code === "LIVE_LOAD_TIMEOUT" || error.code === "LIVE_CLOSED";
  return error instanceof Error && error.message === ORIGIN_DOWN;
}

function keysFor({ keys }: World, after: ReadRecord["after"]): readonly ValueKey[] {
  if (!after) return keys;
  const isOf = (key: ValueKey): boolean => (VALUES[key] as readonly string[]).includes(after.row);
  const meant = keys.filter(isOf);
  return meant.length > 0 ? meant : KEYS.filter(isOf);
}

function drawFreshness({ features, random }: World): NonNullable<SimRequest["freshness"]> {
  const draws = (odds: number, feature: Feature): boolean =>
    features.has(feature) && random.integer(odds) === 0;
  const hasGrace = draws(2, "grace") || draws(2, "timeouts");
  return {
    consistency: draws(3, "fresh") ? "fresh" : "leased",
    swrMs: draws(2, "swr") ? random.pick([30, 300, 2_000]) : 0,
    graceMs: hasGrace ? random.pick([30, 300, 2_000]) : 0,
    softTimeoutMs: hasGrace && draws(2, "timeouts") ? random.pick([2, 15]) : undefined,
    hardTimeoutMs: draws(3, "timeouts") ? random.pick([10, 50]) : undefined,
    refreshAt: draws(2, "refresh") ? random.pick([0.1, 0.5, 0.8]) : 1,
    jitter: draws(2, "jitter") ? random.pick([0.1, 0.5]) : 0,
  };
}

/** Reads rows from the origin, slowly before and after. */
async function load(
  world: World,
  key: ValueKey,
  { isBackground }: { readonly isBackground: boolean },
): Promise<SimLoaded> {
  const { random, features, counts, stored, ttlMs } = world;
  counts.loads++;
  if (isBackground) counts.refreshes++;
  const fails = features.has("grace") && random.integer(3) === 0;
  await pause(world, random.next() * 30);
  if (fails) throw new Error(ORIGIN_DOWN);
  const { versions, tags } = readRows(world, key);
  await pause(world, random.next() * random.pick([5, 60]));
  const value = { id: stored.size + 1, versions };
  if (features.has("skip-store") && random.integer(4) === 0) {
    if (random.integer(2) === 0) return { store: false, isPrivate: false, value };
    return { store: false, isPrivate: true, isLasting: random.integer(2) === 0, value };
  }
  stored.set(value.id, { byMs: world.clock.now() + SLACK_MS, ttlMs });
  return { store: true, value, ttlMs, tags };
}

/** The rows of a value, and the tags of those: with late tags, which rows belong to it is read from the first of them. */
function readRows({ features, origin }: World, key: ValueKey) {
  const isLate = features.has("late-tags");
  const all = origin.read(VALUES[key]);
  const rows = isLate && key === "list:all" && all["1"]! % 2 === 1 ? ["1"] : VALUES[key];
  const versions = Object.fromEntries(rows.map((row) => [row, all[row]!]));
  return { versions, tags: rows.map((row) => `${isLate ? "late" : "row"}:${row}`) };
}
