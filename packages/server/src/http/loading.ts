import { POSITION_HEADER, formatPosition } from "@livecache/wire";
import type { Position } from "@livecache/wire";
import type { Loaded } from "../cache/request.ts";
import { bypassedStatus, passedStatus } from "./cache-status.ts";
import type { CachedRoute } from "./cached-route.ts";
import type { BypassCause, StoreCause } from "./causes.ts";
import { withCodings } from "./content-coding.ts";
import type { HandlerRun, HeldRun, Marks, RunOrder } from "./handler-run.ts";
import { completeResponse, isLasting, routeTtlMs, storeFault, storedTtlMs } from "./storable.ts";
import type { StoredResponse } from "./stored-response.ts";

/** Stands for a response that nobody but its own client can have. */
export const NOTHING: StoredResponse = { status: 0, headers: new Map(), body: new Uint8Array() };

/** A rerun that came to nothing: the origin failed, which is no reason to forget what is stored. */
export class RerunFailure extends Error {
  override readonly name = "RerunFailure";
}

/** A held response, judged. */
interface Judged {
  readonly value: StoredResponse;
  /** Why it is not stored. */
  readonly fault: StoreCause | undefined;
}

/** What a held response is worth to the cache. */
export function judge(route: CachedRoute, { head, body }: HeldRun): Judged {
  return { value: completeResponse(head, body), fault: storeFault(head, route) };
}

/** What the run of a client's own request means for the cache. */
export async function loadedByRun(route: CachedRoute, run: HandlerRun): Promise<Loaded<StoredResponse>> {
  if (run.type === "held") return loadedByHeld(route, run);
  const lasting = run.type === "released" && isLasting(run.cause);
  return { store: false, isPrivate: true, isLasting: lasting, value: NOTHING };
}

/**
 * What a rerun means for the cache.
 *
 * @throws RerunFailure when it says nothing about what the response is now
 */
export async function loadedByRerun(route: CachedRoute, run: HandlerRun): Promise<Loaded<StoredResponse>> {
  if (run.type === "failed") throw new RerunFailure("the tags of the route failed", { cause: run.error });
  if (run.type === "released" && (run.status >= 500 || run.cause === "slow" || run.cause === "left")) {
    throw new RerunFailure(`the route answered with status ${run.status} (${run.cause})`);
  }
  if (run.type === "released" || storeFault(run.head, route) !== undefined) {
    const cause = run.type === "released" ? run.cause : storeFault(run.head, route)!;
    return { store: false, isPrivate: true, isLasting: isLasting(cause), value: NOTHING };
  }
  return loadedByHeld(route, run);
}

async function loadedByHeld(route: CachedRoute, run: HeldRun): Promise<Loaded<StoredResponse>> {
  const { value, fault } = judge(route, run);
  if (fault) return { store: false, isPrivate: true, isLasting: isLasting(fault), value };
  const ttlMs = storedTtlMs(run.head, route);
  return { store: true, value: await withCodings(value), ttlMs, tags: run.tags };
}

/** What a door is told of a run. `position`: where this node stood before it began, so the response is at least as new. */
export function runOrder(route: CachedRoute, position: Position | undefined): RunOrder {
  return {
    maxBytes: route.maxBytes,
    mayHold: (status) => routeTtlMs(route, status) !== undefined,
    marksOf(cause) {
      const marks: (readonly [string, string])[] = [["Cache-Status", passedStatus(route, cause)]];
      if (position) marks.push([POSITION_HEADER, formatPosition(position)]);
      return [...marks, ...sourceMark(route, "MISS")];
    },
  };
}

/** What a response says that never saw the cache. */
export function bypassMarks(route: CachedRoute, cause: BypassCause): Marks {
  return [["Cache-Status", bypassedStatus(cause)], ...sourceMark(route, "BYPASS")];
}

function sourceMark({ outward: { sourceHeader } }: CachedRoute, word: string): Marks {
  return sourceHeader === undefined ? [] : [[sourceHeader, word]];
}
