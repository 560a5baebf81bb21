import { isLiveError } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import { sleep } from "../base/clock.ts";
import { dependenciesOf } from "../base/names.ts";
import type { Tasks } from "../base/tasks.ts";
import type { BeginReply, CommitReply } from "../ports/cache-store.ts";
import type { AwayMemory } from "./away.ts";
import { receive } from "./far.ts";
import type { FarParts, Miss } from "./far.ts";
import { GOOD_FOR_ALL, closeFlight } from "./flight.ts";
import type { FlightState, Flights, Landing } from "./flight.ts";
import type { Loaded, Resolved, ResolveRequest } from "./request.ts";

/** What filling needs from its surroundings. */
export interface FillParts extends FarParts {
  readonly away: AwayMemory;
  readonly flights: Flights;
  readonly tasks: Tasks;
  /** Aborted when the instance closes. */
  readonly signal: AbortSignal;
  readonly loadLeaseMs: number;
  readonly maxEntryBytes: number;
}

/** The right to load, as `begin` granted it. */
interface Grant {
  readonly lease: string;
  readonly position: Position;
}

const FIRST_WAIT_MS = 2;
const LONGEST_WAIT_MS = 16;

/**
 * Leads the load of a key: asks the ground for the right to load, loads, and stores unless a tag moved meanwhile. While
 * another node holds the right, waits for what it stores. The lease is taken and given back here and nowhere else.
 *
 * Rejects only with what the loader or the codec rejects with.
 */
export async function fill<T>(
  parts: FillParts,
  flight: FlightState,
  ask: { readonly request: ResolveRequest<T>; readonly miss: Miss },
): Promise<Landing<T>> {
  const { request, miss } = ask;
  // A ground that has just kept this reader waiting in vain is not asked again.
  if (miss.reason === "ground-away" || !parts.usable()) return loadAway(parts, flight, request);
  const reply = await begin(parts, flight, ask);
  if (reply === "away") return loadAway(parts, flight, request);
  if ("landing" in reply) return reply.landing;

  const startedStep = flight.step++;
  const startedAtMs = parts.clock.now();
  let loaded: Loaded<T>;
  let stored: StoredValue<T> | undefined;
  try {
    loaded = await request.load({ key: request.key, signal: parts.signal });
    stored = loaded.store ? pack(request, loaded) : undefined;
  } catch (error) {
    giveBack(parts, request.key, reply.grant);
    throw error;
  }
  const base = { source: "load", reason: miss.reason, position: reply.grant.position, ageMs: 0 } as const;
  if (!stored || stored.bytes.length > parts.maxEntryBytes) {
    giveBack(parts, request.key, reply.grant);
    const value = stored ? stored.value : loaded.value;
    const tags = loaded.store ? loaded.tags : [];
    const resolved: Resolved<T> = {
      ...base,
      reason: "not-storable",
      value,
      tags,
      ttlLeftMs: 0,
      stored: false,
    };
    return stored ? { type: "value", resolved, goodFor: startedStep } : { type: "private", resolved };
  }
  // A reader who comes after the commit was judged could miss a change made since: let nobody join from here on.
  closeFlight(flight);
  const committed = await commit(parts, { key: request.key, grant: reply.grant, stored, startedAtMs });
  const resolved: Resolved<T> = {
    ...base,
    value: stored.value,
    tags: stored.tags,
    ttlLeftMs: committed ? stored.ttlMs : 0,
    stored: committed,
  };
  return { type: "value", resolved, goodFor: committed ? GOOD_FOR_ALL : startedStep };
}

/** A loaded value in its stored form, and as every reader gets it: decoded from that form. */
interface StoredValue<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
  readonly tags: readonly string[];
  readonly ttlMs: number;
}

function pack<T>({ codec }: ResolveRequest<T>, loaded: Loaded<T> & { store: true }): StoredValue<T> {
  const bytes = codec.encode(loaded.value);
  return { bytes, value: codec.decode(bytes), tags: loaded.tags, ttlMs: loaded.ttlMs };
}

/** Asks until the right is granted, or somebody else has stored a valid entry. */
async function begin<T>(
  parts: FillParts,
  flight: FlightState,
  { request, miss }: { readonly request: ResolveRequest<T>; readonly miss: Miss },
): Promise<{ landing: Landing<T> } | { grant: Grant } | "away"> {
  const { key, codec } = request;
  let seen = miss.seen;
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
    if (reply.state === "granted") return { grant: reply };
    if (reply.state === "valid") {
      const resolved = receive(parts, codec, { ...reply, reason: "joined" });
      if (resolved) return { landing: { type: "value", resolved, goodFor: askedStep } };
      seen = reply.entry.position;
    } else {
      await sleep(parts.clock, Math.min(waitMs, reply.leaseLeftMs), parts.signal);
    }
  }
}

/** Stores the value; `false` when a tag moved meanwhile, or when it is unknown whether it was stored. */
async function commit<T>(
  { store, view }: FillParts,
  {
    key,
    grant,
    stored,
    startedAtMs,
  }: { key: string; grant: Grant; stored: StoredValue<T>; startedAtMs: number },
): Promise<boolean> {
  const { bytes, value, tags, ttlMs } = stored;
  const { lease, position } = grant;
  let reply: CommitReply;
  try {
    reply = await store.commit({
      key,
      lease,
      position,
      tags: dependenciesOf(key, tags),
      value: bytes,
      ttlMs,
    });
  } catch (error) {
    if (isLiveError(error)) return false;
    throw error;
  }
  if (reply.state !== "stored") return false;
  view.keep(key, {
    value,
    tags,
    position,
    validUpTo: position,
    ttlLeftMs: ttlMs,
    loadedAtMs: startedAtMs,
    bytes: bytes.length,
  });
  return true;
}

function giveBack({ store, tasks }: FillParts, key: string, { lease }: Grant): void {
  tasks.track(store.abandon(key, lease));
}

/** Loads while the ground is away: this node alone, for a short time. */
async function loadAway<T>(
  parts: FillParts,
  flight: FlightState,
  request: ResolveRequest<T>,
): Promise<Landing<T>> {
  const { away, clock, view } = parts;
  const startedStep = flight.step++;
  const loadedAtMs = clock.now();
  parts.flights.degrade(flight, loadedAtMs + away.ttlMs);
  // Older than the load, so a watch on this position cannot miss a change.
  const position = view.board.position();
  const loaded = await request.load({ key: request.key, signal: parts.signal });
  const base = {
    source: "load",
    reason: "ground-away",
    position,
    ageMs: 0,
    ttlLeftMs: 0,
    stored: false,
  } as const;
  if (!loaded.store) return { type: "private", resolved: { ...base, value: loaded.value, tags: [] } };
  const { value, tags } = pack(request, loaded);
  // A change made or heard of meanwhile has closed the flight; then the value is not for later readers.
  if (flight.joinableUntilMs > loadedAtMs) {
    const dependencies = dependenciesOf(request.key, tags);
    away.put(request.key, { value, tags, dependencies, loadedAtMs, position });
  }
  return { type: "value", resolved: { ...base, value, tags }, goodFor: startedStep, degraded: true };
}
