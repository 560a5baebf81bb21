import { isLiveError } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import type { Reason } from "../base/reasons.ts";
import type { BeginReply } from "../ports/cache-store.ts";
import { receive } from "./far.ts";
import type { Found } from "./far.ts";
import type { FillOrder, FillParts } from "./fill-order.ts";
import { GOOD_FOR_ALL, closeFlight } from "./flight.ts";
import type { FlightState, Landing } from "./flight.ts";
import { holdRight } from "./hold.ts";
import { loadAway } from "./load-away.ts";
import type { CacheEvent } from "./narration.ts";
import type { Loaded, Resolved } from "./request.ts";
import { commit, giveBack, pack } from "./storing.ts";
import type { Committed, Grant, StoredValue } from "./storing.ts";

/** How long readers of a key whose values nobody may share do not wait for each other. */
const LONER_MS = 10_000;

const FIRST_WAIT_MS = 2;
const LONGEST_WAIT_MS = 16;

/**
 * Leads the load of a key: asks the ground for the right to load, loads, and stores unless a tag was purged meanwhile. While
 * another node holds the right, waits for what it stores. The right is taken and given back here and nowhere else.
 *
 * Rejects only with what the loader or the codec rejects with.
 */
export async function fill<T>(
  parts: FillParts,
  flight: FlightState,
  order: FillOrder<T>,
): Promise<Landing<T>> {
  // A ground that has just kept this reader waiting in vain is not asked again.
  if (order.miss.reason === "ground-away" || !parts.usable()) return loadAway(parts, flight, order);
  const begun = await begin(parts, flight, order);
  if (begun === "away") return loadAway(parts, flight, order);
  if ("type" in begun) return begun;
  return loadGranted(parts, flight, { ...order, grant: begun });
}

/** Asks until the right is granted, or somebody else has stored a valid entry. */
async function begin<T>(
  parts: FillParts,
  flight: FlightState,
  { request, miss, waits }: FillOrder<T>,
): Promise<Landing<T> | Grant | "away"> {
  const { key } = request;
  let { seen } = miss;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    if (parts.signal.aborted) return "away";
    const askedStep = flight.step++;
    let reply: BeginReply;
    try {
      reply = await parts.store.begin({ key, leaseMs: parts.loadLeaseMs, seen });
    } catch (error) {
      if (isLiveError(error)) return "away";
      throw error;
    }
    if (reply.state === "granted") {
      // What the loader reads from this node's memory must be as new as the stamp that its value gets.
      parts.view.lease.require(reply.position);
      return reply;
    }
    if (reply.state === "valid") {
      const found = receive(parts, request, reply);
      if ("value" in found) return { type: "value", resolved: joined(found), goodFor: askedStep };
      seen = reply.entry.id;
    } else if (waits) {
      await sleep(parts.clock, Math.min(waitMs, reply.leaseLeftMs), parts.signal);
    } else {
      return { type: "elsewhere" };
    }
  }
}

/** What another node has loaded while this one waited. */
function joined<T>({ value, tags, position, ttlLeftMs, ageMs }: Found<T>): Resolved<T> {
  return { value, source: "far", reason: "joined", position, tags, ttlLeftMs, stored: true, ageMs };
}

async function loadGranted<T>(
  parts: FillParts,
  flight: FlightState,
  order: FillOrder<T> & { readonly grant: Grant },
): Promise<Landing<T>> {
  const { request, miss, grant } = order;
  const startedStep = flight.step++;
  const startedAtMs = parts.clock.now();
  const told = tellerOf(parts, order, startedAtMs);
  const endHolding = holdRight(parts, request.key, grant);
  let loaded: Loaded<T>;
  let stored: StoredValue<T> | undefined;
  try {
    const { key } = request;
    const { previous } = miss;
    const isBackground = order.isBackground;
    loaded = await request.load({ key, signal: parts.signal, previous, isBackground });
    stored = loaded.store ? pack(request, loaded, grant.position) : undefined;
  } catch (error) {
    giveBack(parts, request.key, grant);
    told("failed", undefined);
    throw error;
  } finally {
    endHolding();
  }
  if (!stored || stored.bytes.length > parts.maxEntryBytes) {
    giveBack(parts, request.key, grant);
    told("not-storable", stored);
    if (!loaded.store && loaded.isPrivate && loaded.isLasting) parts.loners.pause(request.key, LONER_MS);
    return unstored(loaded, { stored, grant, startedStep });
  }
  // A reader who comes after the commit was judged could miss a change made since: let nobody join from here on.
  closeFlight(flight);
  const committed = await commit(parts, { key: request.key, grant, startedAtMs }, stored);
  if (committed === "lost") giveBack(parts, request.key, grant);
  told(OUTCOMES[committed], stored);
  const isStored = committed === "valid" || committed === "stale";
  const { value, tags, ttlMs } = stored;
  const { position } = grant;
  const how = { source: "load", reason: miss.reason, stored: isStored, ageMs: 0 } as const;
  const resolved: Resolved<T> = { ...how, value, tags, position, ttlLeftMs: isStored ? ttlMs : 0 };
  return { type: "value", resolved, goodFor: committed === "valid" ? GOOD_FOR_ALL : startedStep };
}

const OUTCOMES = {
  valid: "stored",
  stale: "stored",
  refused: "refused",
  lost: "lost",
} as const satisfies Record<Committed, string>;

/** A value that may not be stored, or is too large to be. */
function unstored<T>(
  loaded: Loaded<T>,
  { stored, grant, startedStep }: { stored: StoredValue<T> | undefined; grant: Grant; startedStep: number },
): Landing<T> {
  const { position } = grant;
  const rest = { position, ttlLeftMs: 0, stored: false, ageMs: 0 } as const;
  const how = { source: "load", reason: "not-storable", ...rest } as const;
  if (stored) {
    const resolved: Resolved<T> = { ...how, value: stored.value, tags: stored.tags };
    return { type: "value", resolved, goodFor: startedStep };
  }
  const resolved: Resolved<T> = { ...how, value: loaded.value, tags: [] };
  const isPrivate = !loaded.store && loaded.isPrivate;
  return isPrivate ? { type: "private", resolved } : { type: "value", resolved, goodFor: startedStep };
}

type Outcome = (CacheEvent & { type: "loaded" })["outcome"];

/** Tells how a load that began at `startedAtMs` has ended. */
function tellerOf<T>(
  { narrator, clock }: FillParts,
  { request, miss, grant }: FillOrder<T> & { readonly grant: Grant },
  startedAtMs: number,
): (outcome: Outcome, stored: StoredValue<T> | undefined) => void {
  const { key } = request;
  const reason: Reason = miss.reason;
  return (outcome, stored) => {
    const ms = clock.now() - startedAtMs;
    const { ttlMs = 0, tags = [], bytes } = stored ?? {};
    const what = { ttlMs, tags, bytes: bytes?.length ?? 0, position: grant.position };
    narrator.tell({ type: "loaded", key, ms, outcome, reason, ...what });
  };
}
