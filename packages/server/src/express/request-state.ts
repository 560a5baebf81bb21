import type { Request } from "express";
import type { LiveDoor } from "../assembly/create-live.ts";
import type { Identity } from "../base/identity.ts";
import type { RequestScope } from "../base/request-scope.ts";
import { scopeOf } from "../http/fence.ts";

/** What one instance of Livecache keeps of a request while it lasts. */
export interface RequestState {
  readonly door: LiveDoor;
  readonly scope: RequestScope;
  /** Who is asking. The application's `identify` is called once per request. */
  identity(): Promise<Identity | undefined>;
  /** Whether a cached route is running its handler for this request. */
  isCaptured: boolean;
  /** What another instance keeps of the same request. */
  readonly other: RequestState | undefined;
}

const STATE = Symbol("livecache.state");

type Marked = Request & { [STATE]?: RequestState };

/** The state of a request, if it was asked for before. */
export function knownState(door: LiveDoor, req: Marked): RequestState | undefined {
  let state = req[STATE];
  while (state && state.door !== door) state = state.other;
  return state;
}

/** The state of a request, made when it is first asked for. */
export function requestState(door: LiveDoor, req: Marked): RequestState {
  const known = knownState(door, req);
  if (known) return known;
  let identity: Promise<Identity | undefined> | undefined;
  const state: RequestState = {
    door,
    scope: scopeOf(req.headers),
    isCaptured: false,
    other: req[STATE],
    identity: () => (identity ??= door.identify({ headers: req.headers, url: req.originalUrl, native: req })),
  };
  req[STATE] = state;
  return state;
}
