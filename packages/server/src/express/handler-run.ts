import type { NextFunction, Request, Response } from "express";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Loaded } from "../cache/request.ts";
import { passedStatus } from "../http/cache-status.ts";
import type { CachedRoute, TagsOf } from "../http/cached-options.ts";
import type { StoreCause } from "../http/causes.ts";
import { completeResponse, storeFault } from "../http/storable.ts";
import type { StoredResponse } from "../http/stored-response.ts";
import { captureResponse } from "./capture.ts";
import type { Capture } from "./capture.ts";
import { presentAsPlainGet } from "./plain-get.ts";
import type { RequestState } from "./request-state.ts";

/** One request on a cached route, and what it goes through. */
export interface Exchange {
  readonly door: LiveDoor;
  readonly state: RequestState;
  readonly route: CachedRoute;
  readonly tagsOf: TagsOf<Request>;
  readonly req: Request;
  readonly res: Response;
  readonly next: NextFunction;
}

/** What running the rest of a route came to. */
export type HandlerRun =
  /** A whole response with status 200, held back by `capture`. */
  | {
      readonly type: "held";
      readonly capture: Capture;
      readonly loaded: Loaded<StoredResponse>;
      readonly tags: readonly string[];
      /** Why it is not to be stored. */
      readonly fault: StoreCause | undefined;
    }
  /** Any other response: it is on its way to the client. */
  | { readonly type: "released" }
  /** A whole response, held back, of which the route's `tags` could not say what it depends on. */
  | { readonly type: "failed"; readonly capture: Capture; readonly error: unknown };

/** Runs the rest of a route as if a plain GET had come in. Never rejects: errors of the handler go to Express, as always. */
export async function runHandler(exchange: Exchange): Promise<HandlerRun> {
  const { door, state, route, tagsOf, req, res, next } = exchange;
  state.isCaptured = true;
  const capture = captureResponse(res, {
    maxBytes: route.maxBytes,
    clock: door.clock,
    onRelease: (cause) => res.append("Cache-Status", passedStatus(route, cause)),
  });
  const restore = presentAsPlainGet(req);
  next();
  const outcome = await capture.outcome;
  restore();
  if (outcome.type === "released") return outcome;
  try {
    const tags = tagsOf(req);
    const value = completeResponse(outcome.head, outcome.body);
    const fault = storeFault(outcome.head, route);
    const loaded = fault
      ? ({ store: false, value } as const)
      : ({ store: true, value, ttlMs: route.ttlMs, tags } as const);
    return { type: "held", capture, loaded, tags, fault };
  } catch (error) {
    return { type: "failed", capture, error };
  }
}
