import { LiveError } from "@livecache/wire";
import type { Found, Miss } from "./far.ts";
import { fill } from "./fill.ts";
import type { Flight, Landing } from "./flight.ts";
import { answerOf, hitReason, look } from "./look.ts";
import type { Look, ReadParts } from "./look.ts";
import { startRefresh } from "./refresh.ts";
import { PLAIN_FRESHNESS } from "./request.ts";
import type { Resolved, ResolveRequest } from "./request.ts";
import { waitFor } from "./wait.ts";

/** How often a reader looks again because what it waited for was not good for it, before it loads by itself. */
const MAX_ROUNDS = 3;

/** A load that a reader waits for. */
interface Waiting<T> {
  readonly miss: Miss<T>;
  /** The value to fall back on. */
  readonly reserve: Found<T> | undefined;
  readonly flight: Flight<T>;
  /** The step at which the reader joined; absent for the one who leads. */
  readonly joinedStep: number | undefined;
  readonly askedAtMs: number;
}

/** Memory, then the ground, then a load that is under way, then a load of its own. `request.fence` is final here. */
export async function resolve<T>(parts: ReadParts, request: ResolveRequest<T>): Promise<Resolved<T>> {
  const askedAtMs = parts.clock.now();
  for (let round = 0; ; round++) {
    if (parts.signal.aborted) throw closed();
    const seen = await look(parts, request);
    if (seen.type === "answer") {
      if (seen.use !== "current") startRefresh(parts, request, seen.found);
      return answered(parts, request, { ...seen, askedAtMs });
    }
    const resolved =
      seen.type === "away" ? seen.resolved : await joinedOrLed(parts, request, { seen, round, askedAtMs });
    if (resolved) return tellAnswer(parts, request.key, { resolved, askedAtMs });
  }
}

/** Answers what was found. A hit is counted where its entry says, so that nothing is looked up for it. */
function answered<T>(
  parts: ReadParts,
  { key }: ResolveRequest<T>,
  { found, use, askedAtMs }: Look<T> & { readonly type: "answer" } & { readonly askedAtMs: number },
): Resolved<T> {
  const reason = hitReason(found, use);
  const resolved = answerOf(found, reason);
  if (found.counters === undefined || reason === "stale")
    return tellAnswer(parts, key, { resolved, askedAtMs });
  const { narrator, clock } = parts;
  narrator.hit({ key, counters: found.counters, reason, ms: clock.now() - askedAtMs });
  return resolved;
}

function tellAnswer<T>(
  { narrator, clock }: ReadParts,
  key: string,
  { resolved, askedAtMs }: { readonly resolved: Resolved<T>; readonly askedAtMs: number },
): Resolved<T> {
  narrator.tell({ type: "answered", key, reason: resolved.reason, ms: clock.now() - askedAtMs });
  return resolved;
}

/** Joins the load that is under way, or leads one. `undefined`: what it brought is not good for this reader. */
function joinedOrLed<T>(
  parts: ReadParts,
  request: ResolveRequest<T>,
  {
    seen,
    round,
    askedAtMs,
  }: { readonly seen: Look<T> & { readonly type: "load" }; round: number; askedAtMs: number },
): Promise<Resolved<T> | undefined> {
  if (loadsAlone(parts, request, seen.miss)) return loadAlone(parts, request, seen.miss);
  const waiting = joinOrLead(parts, request, { ...seen, mayJoin: round < MAX_ROUNDS });
  return end(parts, request, { ...seen, ...waiting, askedAtMs });
}

function closed(): LiveError {
  return new LiveError("LIVE_CLOSED", "This instance of Livecache is closed.");
}

function joinOrLead<T>(
  parts: ReadParts,
  request: ResolveRequest<T>,
  { miss, reserve, mayJoin }: Pick<Waiting<T>, "miss" | "reserve"> & { readonly mayJoin: boolean },
): Pick<Waiting<T>, "flight" | "joinedStep"> {
  const { flights, clock } = parts;
  const open = mayJoin ? flights.open(request.key, clock.now()) : undefined;
  if (open) return { flight: open as Flight<T>, joinedStep: open.state.step };
  const order = { request, miss, isBackground: reserve !== undefined, waits: true };
  return {
    flight: flights.start<T>(request.key, (state) => fill(parts, state, order)),
    joinedStep: undefined,
  };
}

/** Waits for a load, as long as the reader wants to. `undefined`: what it brought is not good for this reader. */
async function end<T>(
  parts: ReadParts,
  request: ResolveRequest<T>,
  waiting: Waiting<T>,
): Promise<Resolved<T> | undefined> {
  const { flight, reserve } = waiting;
  const limitMs = limitOf(request, waiting);
  const waitedMs = parts.clock.now() - waiting.askedAtMs;
  const ending = await waitFor(parts.clock, flight.landing, limitMs && limitMs - waitedMs);
  if (ending.type === "came") return landed(parts, request, { ...waiting, landing: ending.value });
  if (ending.type === "late") {
    parts.tasks.track(flight.landing.catch(() => undefined));
    if (reserve) return answerOf(reserve, "timeout");
    throw new LiveError(
      "LIVE_LOAD_TIMEOUT",
      `The load of ${request.key} took longer than its hardTimeout of ${limitMs} ms. It goes on, and what it brings is stored.`,
      { details: { key: request.key, limitMs } },
    );
  }
  if (reserve && !parts.signal.aborted) return answerOf(reserve, "grace");
  throw ending.error;
}

/** How long a reader waits for a load at most, counted from its question. */
function limitOf<T>(
  { freshness = PLAIN_FRESHNESS }: ResolveRequest<T>,
  { reserve }: Waiting<T>,
): number | undefined {
  const { softTimeoutMs, hardTimeoutMs } = freshness;
  const soft = reserve ? softTimeoutMs : undefined;
  if (soft === undefined || hardTimeoutMs === undefined) return soft ?? hardTimeoutMs;
  return Math.min(soft, hardTimeoutMs);
}

function landed<T>(
  parts: ReadParts,
  request: ResolveRequest<T>,
  { landing, joinedStep, reserve, miss }: Waiting<T> & { readonly landing: Landing<T> },
): Resolved<T> | Promise<Resolved<T>> | undefined {
  if (landing.type === "elsewhere") return undefined;
  const hasLed = joinedStep === undefined;
  if (landing.type === "private") {
    // A load in the background answered nobody, so its leader has still to be answered by one of its own.
    return hasLed && !reserve ? landing.resolved : loadAlone(parts, request, miss);
  }
  if (hasLed) return landing.resolved;
  if (joinedStep <= landing.goodFor) return { ...landing.resolved, reason: "joined" };
  const mayBeOlder = request.fence === undefined && request.freshness?.consistency !== "fresh";
  return landing.degraded && mayBeOlder ? landing.resolved : undefined;
}

/**
 * Whether a reader shares no load: nobody may use the values of this key, or the ground is away and only what is loaded from
 * now on is certainly fresh.
 */
function loadsAlone<T>({ loners }: ReadParts, request: ResolveRequest<T>, miss: Miss<T>): boolean {
  if (loners.isPaused(request.key)) return true;
  return miss.reason === "ground-away" && request.freshness?.consistency === "fresh";
}

async function loadAlone<T>(
  { view, signal, narrator, clock }: ReadParts,
  { key, load }: ResolveRequest<T>,
  miss: Miss<T>,
): Promise<Resolved<T>> {
  const startedAtMs = clock.now();
  const position = view.board.position();
  const loaded = await load({ key, signal, previous: miss.previous, isBackground: false });
  const tags = loaded.store ? loaded.tags : [];
  const ms = clock.now() - startedAtMs;
  const told = { type: "loaded", outcome: "not-storable", reason: miss.reason, bytes: 0, ttlMs: 0 } as const;
  narrator.tell({ ...told, key, ms, tags, position });
  const reason = miss.reason === "ground-away" ? miss.reason : "not-storable";
  const rest = { source: "load", reason, ttlLeftMs: 0, stored: false, ageMs: 0 } as const;
  return { ...rest, value: loaded.value, position, tags };
}
