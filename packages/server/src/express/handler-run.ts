import type { NextFunction, Request, Response } from "express";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { TagsOf } from "../http/cached-options.ts";
import type { CachedRoute } from "../http/cached-route.ts";
import type { HandlerRun, RunOrder } from "../http/handler-run.ts";
import { captureResponse } from "./capture.ts";
import type { Capture } from "./capture.ts";
import { presentAsPlainGet } from "./plain-get.ts";

/** One request on a cached route, and what it goes through. */
export interface Exchange {
  readonly door: LiveDoor;
  readonly route: CachedRoute;
  readonly tagsOf: TagsOf<Request>;
  readonly req: Request;
  readonly res: Response;
  readonly next: NextFunction;
}

/** The rest of a route under way. */
export interface Running {
  readonly capture: Capture;
  /** Never rejects: errors of the handler go to Express, as always. */
  readonly run: Promise<HandlerRun>;
}

/** Runs the rest of a route as if a plain GET had come in, and holds its response back. */
export function runHandler(exchange: Exchange, order: RunOrder): Running {
  const { door, req, res, next } = exchange;
  const capture = captureResponse(res, {
    maxBytes: order.maxBytes,
    mayHold: order.mayHold,
    clock: door.clock,
    onRelease(cause) {
      for (const [name, value] of order.marksOf(cause)) res.append(name, value);
    },
  });
  const restore = presentAsPlainGet(req);
  next();
  return { capture, run: ended(exchange, capture, restore) };
}

async function ended(
  { tagsOf, req, res }: Exchange,
  capture: Capture,
  restore: () => void,
): Promise<HandlerRun> {
  const outcome = await capture.outcome;
  restore();
  if (outcome.type === "released") return { ...outcome, status: res.statusCode };
  const { head, body } = outcome;
  try {
    return { type: "held", head, body, tags: tagsOf(req) };
  } catch (error) {
    return { type: "failed", error };
  }
}
